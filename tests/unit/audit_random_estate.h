// Small random estates over a small universe of tokens, and a second, plain statement of who can have which token: the
// other half of the differential test of the prover.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "../support/mint.h"
#include "jwtdomain/accept/media_type.h"
#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/audit/prove.h"
#include "jwtdomain/base/base64url.h"

namespace jwtdomain::audit::test {

using Words = std::vector<std::string>;

// One token of the universe: every field as data, signed once.
struct Spec {
    std::size_t key = 0;
    std::string key_file = {}; // of a domain whose key that is; empty: of a token without signature
    std::string type = {}, issuer = {}, domain = {}; // empty: absent
    bool has_aud = true;
    Words aud = {}, scope = {};
    std::string upper_issuer = {}; // "ISS", after all else
    std::string text = {};
};

inline const Words kTypes{"", "at+jwt", "JWT"};
inline const Words kIssuers{"", "https://a.example", "https://b.example", "https://b.example/"};
inline const std::vector<Words> kAudiences{{"x"},      {"y"},      {"x/"},     {"n"},
                                           {"x", "y"}, {"x", "n"}, {"y", "z"}, {"x", "y", "n"}};
inline const Words kDomains{"", "a", "b"};
inline const std::vector<Words> kScopes{{}, {"r"}, {"r", "w"}};
inline constexpr std::size_t kKeys = 3;

inline std::string json_list(const Words& words) {
    if (words.size() == 1) return "\"" + words.front() + "\"";
    std::string out = "[";
    for (const std::string& word : words) out += (out.size() == 1 ? "\"" : ",\"") + word + "\"";
    return out + "]";
}

inline std::vector<HmacKey> made_keys() {
    std::vector<HmacKey> keys;
    for (std::size_t k = 0; k < kKeys; ++k)
        keys.push_back(
            HmacKey::from_secret(SecretBytes(sha256("no text that people made up " + std::to_string(k)))).value());
    return keys;
}

class Universe {
public:
    Universe() : keys(made_keys()) {
        for (std::size_t k = 0; k < kKeys; ++k) {
            Signer signer = Signer::make(keys[k], Algorithm::HS256).value();
            for (const std::string& type : kTypes)
                for (const std::string& issuer : kIssuers)
                    for (const std::string& domain : kDomains)
                        for (const Words& scope : kScopes)
                            for (std::size_t a = 0; a <= kAudiences.size(); ++a)
                                add(&signer, k, type, issuer, domain, scope, a);
            for (const std::string& issuer : kIssuers)
                for (const std::string& domain : kDomains)
                    for (std::size_t a = 0; a <= kAudiences.size(); ++a)
                        add(&signer, k, "at+jwt", issuer, domain, {"r"}, a, "https://b.example");
        }
        for (const std::string& type : kTypes)
            for (const std::string& issuer : kIssuers)
                for (const std::string& domain : kDomains)
                    for (std::size_t a = 0; a <= kAudiences.size(); ++a) add(nullptr, 0, type, issuer, domain, {}, a);
        for (const Spec& token : tokens) {
            parsed.push_back(std::make_unique<UnverifiedToken>());
            parsed.back()->parse(token.text);
        }
    }
    std::vector<HmacKey> keys;
    std::vector<Spec> tokens;
    std::vector<std::unique_ptr<UnverifiedToken>> parsed;

private:
    void add(Signer* signer, std::size_t key, const std::string& type, const std::string& issuer,
             const std::string& domain, const Words& scope, std::size_t audience,
             const std::string& upper_issuer = {}) {
        Spec spec{.key = key, .type = type, .issuer = issuer, .domain = domain, .upper_issuer = upper_issuer};
        if (signer) spec.key_file = "keys-" + std::to_string(key);
        spec.has_aud = audience < kAudiences.size();
        if (spec.has_aud) spec.aud = kAudiences[audience];
        spec.scope = scope;
        std::string claims = R"({"iat":1700000000,"exp":1700000060,"sub":"s")";
        if (!issuer.empty()) claims += R"(,"iss":")" + issuer + "\"";
        if (spec.has_aud) claims += R"(,"aud":)" + json_list(spec.aud);
        if (!domain.empty()) claims += R"(,"domain":")" + domain + "\"";
        if (!scope.empty())
            claims += R"(,"scope":")" + (scope.size() == 1 ? scope[0] : scope[0] + " " + scope[1]) + "\"";
        if (!upper_issuer.empty()) claims += R"(,"ISS":")" + upper_issuer + "\"";
        std::string header = signer ? R"({"alg":"HS256")" : R"({"alg":"none")";
        if (!type.empty()) header += R"(,"typ":")" + type + "\"";
        header += "}";
        claims += "}";
        spec.text = signer ? jwtdomain::test::sign(*signer, header, claims)
                           : base64url_encode(header) + "." + base64url_encode(claims) + ".";
        tokens.push_back(std::move(spec));
    }
};

class Dice {
public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
    bool one_in(std::size_t n) { return below(n) == 0; }
    template <class T> const T& pick(const std::vector<T>& from) { return from[below(from.size())]; }
    Words some(const Words& from) {
        Words out;
        for (const std::string& word : from) {
            if (one_in(2)) out.push_back(word);
        }
        return out;
    }

private:
    std::mt19937_64 random_;
};

inline accept::Strings only(Words words) {
    accept::Strings out;
    out.exact = std::move(words);
    return out;
}

inline policy::Domain random_domain(Dice& dice, std::string name) {
    policy::Domain d;
    d.name = std::move(name);
    d.issuer = dice.one_in(12) ? "" : dice.pick(Words{"https://a.example", "https://b.example", "https://b.example/"});
    d.issuer_optional = d.issuer.empty() || dice.one_in(6);
    d.audiences = dice.some({"x", "y", "z", "x/"});
    if (d.audiences.empty()) d.audiences = {"x"};
    if (dice.one_in(4)) d.neutral_audiences = {"n"};
    d.audience_optional = dice.one_in(6);
    d.types = dice.pick(std::vector<Words>{{"at+jwt"}, {"JWT"}, {"JWT", "absent"}, {"any"}, {"application/at+jwt"}});
    d.algorithms = {Algorithm::HS256};
    if (dice.one_in(2)) d.domain_claim = "domain";
    d.domain_value = dice.pick(Words{"a", "b"});
    d.scope_claim = dice.one_in(8) ? "" : "scope";
    d.required = {"iss", "aud", "exp", "iat"};
    d.keys = {policy::KeyLocation::Kind::file, "keys-" + std::to_string(dice.below(kKeys))};
    d.issue.declared = !dice.one_in(8);
    d.foreign = !d.issue.declared;
    using Kind = policy::Allowed::Kind;
    d.issue.audiences.kind = dice.pick(std::vector<Kind>{Kind::own, Kind::own, Kind::any, Kind::list});
    if (d.issue.audiences.kind == Kind::list) d.issue.audiences.values = dice.some({"x", "y", "n"});
    if (dice.one_in(2)) d.issue.scopes = {Kind::list, dice.some({"r", "w"})};
    d.issue.other_claims = dice.one_in(2);
    return d;
}

inline policy::DeclaredPath random_path(Dice& dice) {
    policy::DeclaredPath p;
    p.name = "path";
    for (std::size_t i = 0; i <= dice.below(2); ++i)
        p.keys.push_back({.location = {policy::KeyLocation::Kind::file, "keys-" + std::to_string(dice.below(kKeys))},
                          .algorithms = {},
                          .kid = {},
                          .owner = {}});
    p.kid = accept::KidRule::ignored;
    p.type.any = dice.one_in(2);
    if (!p.type.any) {
        p.type.allowed = {dice.pick(Words{"at+jwt", "jwt", "application/at+jwt"})};
        p.type.absent_ok = dice.one_in(3);
    }
    switch (dice.below(5)) {
    case 0: p.issuer.allowed.any = true; break;
    case 1:
        p.issuer.allowed.patterns = {{accept::Match::prefix, dice.pick(Words{"https://a", "https://b.example"})}};
        break;
    case 2: p.issuer.allowed = only({"https://a.example", "https://b.example"}); break;
    default: p.issuer.allowed = only({dice.pick(Words{"https://a.example", "https://b.example"})});
    }
    p.issuer.absent_ok = dice.one_in(4);
    if (dice.one_in(6)) p.issuer.except = {dice.pick(kIssuers)};
    p.key_issuer_checked = dice.one_in(3);
    if (dice.one_in(40)) {
        p.keys.front().location = {policy::KeyLocation::Kind::url, "{iss}/keys-" + std::to_string(dice.below(kKeys))};
        p.keys.front().named_by = "iss";
    }
    (dice.one_in(2) ? p.dialect.accepts_none : p.dialect.accepts_encrypted) = dice.one_in(20);
    p.dialect.accepts_json = dice.one_in(8);
    p.dialect.duplicates =
        dice.pick(std::vector{json::Duplicates::reject, json::Duplicates::first, json::Duplicates::last});
    p.dialect.lenient_base64 = dice.one_in(4);
    p.dialect.issuer_array_ok = dice.one_in(4);
    p.dialect.ignores_crit = dice.one_in(4);
    p.dialect.ignores_alg = dice.one_in(8);
    if (dice.one_in(10)) p.dialect.cache = "shared";
    if (dice.one_in(8)) p.dialect.any_case = dice.some({"iss", "aud"});
    accept::AudienceRule& aud = p.audience;
    aud.any = dice.one_in(5);
    if (!aud.any && dice.one_in(10)) aud.must_be_absent = aud.absent_ok = true;
    aud.any_of = only(dice.some({"x", "y", "z"}));
    if (aud.any_of.empty()) aud.any_of.any = true;
    if (dice.one_in(8)) aud.any_of.patterns = {{accept::Match::glob, "?"}};
    if (dice.one_in(6)) aud.all_of = {dice.pick(Words{"x", "y"})};
    if (dice.one_in(4)) aud.subset_of = dice.some({"x", "y", "n", "z"});
    aud.absent_ok = aud.absent_ok || dice.one_in(5);
    aud.string_only = dice.one_in(6);
    if (dice.one_in(5)) aud.comparison = accept::AudienceComparison::without_slash;
    if (dice.one_in(8)) aud.fallback_claims = {"domain"};
    using accept::ClaimShape;
    using accept::ClaimTest;
    if (dice.one_in(2)) {
        accept::ClaimRule rule{.path = {"domain"},
                               .shape = ClaimShape::scalar,
                               .test = ClaimTest::in,
                               .values = only({dice.pick(Words{"a", "b"})})};
        rule.absent_ok = dice.one_in(4);
        rule.role = dice.one_in(2) ? accept::ClaimRule::Role::domain : accept::ClaimRule::Role::plain;
        p.claims.push_back(rule);
    }
    if (dice.one_in(2)) {
        accept::ClaimRule rule{.path = {"scope"}, .shape = ClaimShape::words, .test = ClaimTest::present, .values = {}};
        rule.test = dice.pick(std::vector<ClaimTest>{ClaimTest::has_all, ClaimTest::has_any, ClaimTest::all_in,
                                                     ClaimTest::present, ClaimTest::absent});
        rule.values = only({dice.pick(Words{"r", "w"})});
        rule.absent_ok = dice.one_in(4);
        rule.role = accept::ClaimRule::Role::scope;
        p.claims.push_back(rule);
    }
    p.time = {.expiry = dice.pick(std::vector{accept::Presence::required, accept::Presence::optional}),
              .longest_life = dice.one_in(3) ? std::optional<Seconds>(600) : std::nullopt,
              .longest_remaining = {},
              .leeway = 0,
              .path_ends = {}};
    if (dice.one_in(30)) p.time.path_ends = jwtdomain::test::kNow - 1;
    return p;
}

inline std::uint64_t seed_of_run() {
    const char* const given = std::getenv("JWTDOMAIN_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

inline policy::Policy random_policy(Dice& dice) {
    policy::Policy policy;
    for (const char* name : {"a", "b", "c"}) policy.domains.push_back(random_domain(dice, name));
    const auto name = [&] { return policy.domains[dice.below(3)].name; };
    if (dice.one_in(3)) {
        for (std::size_t i = 0; i <= dice.below(2); ++i) {
            policy.trust.push_back({.from = name(),
                                    .to = name(),
                                    .audience = dice.pick(Words{"x", "y"}),
                                    .scopes = dice.some({"r", "w"}),
                                    .reason = "r",
                                    .owner = "o",
                                    .expires = jwtdomain::test::kNow + (dice.one_in(4) ? -10 : 1000),
                                    .where = {}});
        }
    }
    if (dice.one_in(3)) {
        for (std::size_t i = 0; i <= dice.below(2); ++i) {
            policy.exchange.push_back({.from = name(),
                                       .to = name(),
                                       .audience = dice.one_in(2) ? "" : dice.pick(Words{"x", "y"}),
                                       .scopes = dice.one_in(2) ? Words{} : Words{"r"},
                                       .kind = "rfc8693",
                                       .reason = "r",
                                       .owner = "o",
                                       .where = {}});
        }
    }
    if (dice.one_in(4)) return policy; // held against itself
    for (std::size_t i = 0; i <= dice.below(2); ++i) {
        policy::DeclaredVerifier verifier;
        verifier.domain = name();
        verifier.name = "v" + std::to_string(i);
        for (std::size_t k = 0; k <= dice.below(2); ++k) verifier.accepts.push_back(random_path(dice));
        verifier.anonymous = dice.one_in(12);
        policy.verifiers.push_back(std::move(verifier));
    }
    return policy;
}

// The key of each file. Some say whose they are, which a path may ask for.
inline std::vector<Jwk> random_keys(Dice& dice, const std::vector<HmacKey>& keys) {
    std::vector<Jwk> out;
    for (const HmacKey& key : keys) {
        Jwk jwk{.key = key};
        if (dice.one_in(3)) jwk.metadata.issuer = dice.pick(Words{"https://a.example", "https://{tenantid}"});
        out.push_back(std::move(jwk));
    }
    return out;
}

// Of "keys-N" the key of that number.
inline policy::KeyReader reader_of(const std::vector<Jwk>& keys) {
    return [&keys](const policy::KeyLocation& location) -> Result<JwkSet> {
        JwkSet set;
        set.keys.push_back(keys[static_cast<std::size_t>(location.value.back() - '0')]);
        return set;
    };
}

// The keys are secrets for speed, which whoever reads a set has: here nobody does.
inline void unpublish(Estate& estate) {
    estate.published_readings.clear();
    estate.published_secrets.clear();
    estate.entered = std::make_shared<const EnteredExchanges>(entered_exchanges(estate));
}

// --- Who can have which token, said again and plainly
// -----------------------------------------------------------------

inline bool holds(const Words& list, const std::string& word) {
    return std::find(list.begin(), list.end(), word) != list.end();
}

// May the issuer of the domain mint this token for an insider (or give it by default, for a replay)?
inline bool can_mint(const policy::Domain& d, const Spec& t, bool insider, const Words* only_aud,
                     const Words* only_scope) {
    if (d.keys.value != t.key_file) return false;
    if (t.issuer != d.issuer && !d.issuer.empty() && !(t.issuer.empty() && d.issuer_optional)) return false;
    if (d.issue.declared) {
        const bool type = std::any_of(d.types.begin(), d.types.end(), [&](const std::string& w) {
            return w == "any" || (w == "absent" ? t.type.empty() : accept::same_media_type(w, t.type));
        });
        if (!type) return false;
    }
    if (!d.domain_claim.empty() && t.domain != d.domain_value) return false;
    if (d.domain_claim.empty() && !t.domain.empty() && !d.issue.other_claims) return false;
    if (!t.upper_issuer.empty() && !d.issue.other_claims) return false;
    if (d.scope_claim.empty() && !t.scope.empty() && !d.issue.other_claims) return false;
    const bool known_scopes = !d.scope_claim.empty() && d.issue.scopes.kind == policy::Allowed::Kind::list;
    for (const std::string& word : t.scope) {
        if (known_scopes && !only_scope && !holds(d.issue.scopes.values, word)) return false;
        if (!d.scope_claim.empty() && only_scope && !holds(*only_scope, word)) return false;
    }
    const bool undescribed = !d.issue.declared && insider;
    if (only_aud) {
        if (!t.has_aud) return false;
        return std::all_of(t.aud.begin(), t.aud.end(), [&](const std::string& w) { return holds(*only_aud, w); });
    }
    if (!t.has_aud) return d.audience_optional || undescribed;
    return std::all_of(t.aud.begin(), t.aud.end(), [&](const std::string& word) {
        using Kind = policy::Allowed::Kind;
        if (undescribed || holds(d.neutral_audiences, word)) return true;
        if (d.issue.audiences.kind == Kind::list && !holds(d.issue.audiences.values, word)) return false;
        return (insider && d.issue.audiences.kind != Kind::own) || holds(d.audiences, word);
    });
}

// Of the domain itself.
inline bool has_directly(const policy::Policy& policy, std::size_t holder, const Spec& token, Attacker attacker) {
    if (token.key_file.empty()) return true; // anybody writes such a token
    const bool stolen = attacker >= Attacker::stolen_key && policy.domains[holder].keys.value == token.key_file;
    return stolen || can_mint(policy.domains[holder], token, attacker >= Attacker::insider, nullptr, nullptr);
}

using Edges = std::vector<const policy::ExchangeEdge*>;

// Every edge that leads on from these domains, directly or through others, which are added to them.
inline Edges edges_from(const policy::Policy& policy, std::set<std::string>& reached) {
    Edges out;
    for (bool more = true; more;) {
        more = false;
        for (const policy::ExchangeEdge& edge : policy.exchange)
            more = reached.count(edge.from) != 0 && reached.insert(edge.to).second ? true : more;
    }
    for (const policy::ExchangeEdge& edge : policy.exchange) {
        if (reached.count(edge.from) != 0) out.push_back(&edge);
    }
    return out;
}

// By exchange: what the domains that edges lead to can mint, as far as the edges let one ask for it.
inline bool has_by_exchange(const policy::Policy& policy, const Edges& edges, const Spec& token, Attacker attacker) {
    return std::any_of(edges.begin(), edges.end(), [&](const policy::ExchangeEdge* edge) {
        const Words audience{edge->audience};
        return can_mint(*policy.find(edge->to), token, attacker >= Attacker::insider,
                        edge->audience.empty() ? nullptr : &audience, edge->scopes.empty() ? nullptr : &edge->scopes);
    });
}

// A token that the edge declares.
inline bool covered(const policy::Policy& policy, const policy::TrustEdge& edge, const Spec& t) {
    const policy::Domain& from = *policy.find(edge.from);
    if (edge.expires <= jwtdomain::test::kNow) return false;
    if (from.issuer.empty() ? false : t.issuer != from.issuer) return false;
    if (!t.has_aud || t.aud != Words{edge.audience}) return false;
    return from.scope_claim.empty() ||
           std::all_of(t.scope.begin(), t.scope.end(), [&](const std::string& w) { return holds(edge.scopes, w); });
}

// For the message of a failure.
inline std::string text_of(const Words& words) {
    std::string out;
    for (const std::string& word : words) out += (out.empty() ? "[" : " ") + (word.empty() ? "''" : word);
    return out.empty() ? "[]" : out + "]";
}
inline std::string text_of(const policy::Policy& policy) {
    std::string out;
    for (const policy::Domain& d : policy.domains) {
        out += "\n  " + d.name + ": " + d.keys.value + " iss=" + d.issuer + (d.issuer_optional ? "?" : "") +
               " aud=" + text_of(d.audiences) + (d.audience_optional ? "?" : "") +
               " neutral=" + text_of(d.neutral_audiences) + " typ=" + text_of(d.types) +
               " domain=" + (d.domain_claim.empty() ? "-" : d.domain_value) +
               " declared=" + std::to_string(d.issue.declared) + " issues aud" +
               std::to_string(static_cast<int>(d.issue.audiences.kind)) + text_of(d.issue.audiences.values) + " scope" +
               std::to_string(static_cast<int>(d.issue.scopes.kind)) + text_of(d.issue.scopes.values) +
               " other=" + std::to_string(d.issue.other_claims) + " scope claim=" + d.scope_claim;
    }
    for (const policy::TrustEdge& e : policy.trust)
        out += "\n  trust " + e.from + "->" + e.to + " aud=" + e.audience + " scopes=" + text_of(e.scopes);
    for (const policy::ExchangeEdge& e : policy.exchange)
        out += "\n  exchange " + e.from + "->" + e.to + " aud=" + e.audience + " scopes=" + text_of(e.scopes);
    return out;
}

} // namespace jwtdomain::audit::test
