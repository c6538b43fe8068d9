// Two paths for the targets that judge tokens: ours at its strictest, and one that believes nearly everything.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "check.h"
#include "jwtdomain/accept/engine.h"
#include "jwtdomain/base/base64url.h"

namespace jwtdomain::accept {

constexpr Time kNow = 1300819000; // the token of RFC 7515 A.1 lives until 1300819380

inline Path strict_path() {
    std::string secret; // of RFC 7515 A.1
    base64url_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow", secret);
    Path path{.name = "strict"};
    path.signing.keys.push_back(
        {.key = HmacKey::from_secret(SecretBytes(secret)).value(), .algorithms = {Algorithm::HS256}});
    path.type.allowed = {"JWT"};
    path.issuer.allowed.exact = {"joe"};
    path.audience = {.any_of = {.exact = {"https://api.example.com"}}, .absent_ok = true};
    path.time = {.longest_life = 3600, .leeway = 30};
    path.time.longest_life.reset(); // that token has no iat
    path.claims.push_back({.path = {"http://example.com/is_root"}, .values = {.any = true}});
    return path;
}

inline Path believing_path() {
    Path path{.name = "believing"};
    path.signing.source = KeySource::none;
    path.type.any = true;
    path.issuer = {.allowed = {.any = true}, .absent_ok = true};
    path.audience = {.any_of = {.patterns = {{Match::glob, "h*p?://*"}}},
                     .subset_of = std::vector<std::string>{"https://a", "http://b"},
                     .absent_ok = true,
                     .comparison = AudienceComparison::without_scheme_and_slash,
                     .fallback_claims = {"client_id"}};
    path.time = {.expiry = Presence::optional,
                 .negative_expiry_ok = true,
                 .zero_expiry_absent = true,
                 .longest_remaining = 1 << 20,
                 .leeway = 5};
    path.claims.push_back({.path = {"scope"},
                           .shape = ClaimShape::words,
                           .test = ClaimTest::all_in,
                           .values = {.exact = {"read", "write"}},
                           .absent_ok = true});
    path.claims.push_back({.path = {"a", "b"},
                           .shape = ClaimShape::list,
                           .test = ClaimTest::has_any,
                           .values = {.patterns = {{Match::contains, "x"}}},
                           .absent_ok = true});
    path.dialect = {.duplicates = json::Duplicates::last,
                    .lenient_base64 = true,
                    .issuer_array_ok = true,
                    .ignores_crit = true,
                    .accepts_none = true};
    return path;
}

inline std::vector<Reason> reasons(const Outcome& outcome) {
    std::vector<Reason> list;
    for (const Finding& finding : outcome.findings) list.push_back(finding.reason);
    return list;
}

// Judges `text` on `path` with an engine and a token that have seen other inputs, and with new ones: they must agree.
// Answers whether it was accepted.
inline bool judge(const Path& path, PathEngine& used_engine, UnverifiedToken& used_token, std::string_view text) {
    const Context context{.now = kNow};
    PathEngine engine(path);
    UnverifiedToken token;
    const bool usable = token.parse(text, engine.reading());
    CHECK(used_token.parse(text, used_engine.reading()) == usable);
    CHECK(used_token.defects().size() == token.defects().size());
    const Outcome outcome = engine.evaluate(token, context);
    const Outcome again = used_engine.evaluate(used_token, context);
    CHECK(reasons(outcome) == reasons(again));
    CHECK(outcome.verified.has_value() == outcome.findings.empty());
    CHECK(outcome.verified.has_value() == again.verified.has_value());
    return outcome.verified.has_value();
}

} // namespace jwtdomain::accept
