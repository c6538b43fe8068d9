#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/accept/engine.h"
#include "jwtdomain/accept/media_type.h"
#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/token_claims.h"
#include "jwtdomain/jwt/inspect.h"

namespace jwtdomain::audit::rules {
namespace {

// How inspect calls what no API should take as an access token.
constexpr std::array<std::string_view, 9> kOtherKinds{
    "ID token",    "refresh token",         "logout token", "security event",       "DPoP proof",
    "key binding", "client authentication", "answer of",    "authorization request"};

constexpr std::array<std::string_view, 10> kOtherTypes{"logout+jwt",
                                                       "secevent+jwt",
                                                       "dpop+jwt",
                                                       "kb+jwt",
                                                       "oauth-authz-req+jwt",
                                                       "client-authentication+jwt",
                                                       "token-introspection+jwt",
                                                       "rt+jwt",
                                                       "vp+jwt",
                                                       "vc+jwt"};

bool is_other_kind(const std::string& kind) {
    return std::any_of(kOtherKinds.begin(), kOtherKinds.end(),
                       [&](std::string_view other) { return kind.rfind(other, 0) == 0; });
}

// As it was when it was fresh: a sample is often older than its life.
bool accepted(const accept::Path& path, const SampleToken& sample, Time now) {
    accept::PathEngine engine(path);
    UnverifiedToken token;
    token.parse(sample.text, engine.reading());
    return token.usable() && engine.evaluate(token, {.now = now}).verified.has_value();
}

// What an issuer mints besides access tokens is not in a policy, so this needs a token of that kind: the engine says
// whether a path takes it.
void look_at_tokens(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_token(input, [&](const SampleToken& sample, const UnverifiedToken& token) {
        const inspect::Token seen = inspect::inspect_compact(sample.text, {.now = input.estate.now});
        const auto issuer = text_claim(token, "iss");
        if (!issuer || !is_other_kind(seen.kind)) return;
        Domains domains;
        std::vector<std::size_t> services;
        for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
            if (!path.issuer.allowed.contains(*issuer)) return;
            if (!accepted(path, sample, seen.issued.value_or(input.estate.now))) return;
            insert(domains, input.estate.services[service].domain);
            if (services.empty() || services.back() != service) services.push_back(service);
        });
        if (services.empty()) return;
        const std::string kind = seen.kind.substr(0, seen.kind.find(" ("));
        RuleFinding finding = token_finding("TYP-02", sample, token, domains,
                                            "is a " + kind + ", and " + input.estate.services[services.front()].name +
                                                " takes it as an access token");
        finding.services = std::move(services);
        finding.severity = Severity::high;
        out.push_back(std::move(finding));
    });
}

} // namespace

void typ_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "TYP-02", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        if (path.type.any) return std::nullopt; // TYP-01
        for (const std::string& type : path.type.allowed) {
            const auto same = [&](std::string_view other) { return accept::same_media_type(type, other); };
            if (std::none_of(kOtherTypes.begin(), kOtherTypes.end(), same)) continue;
            return PathFault{.what = "takes tokens of the type " + type + ", which is meant for something else",
                             .severity = Severity::high,
                             .weighed = false};
        }
        return std::nullopt;
    });
    if (!input.tokens.empty()) look_at_tokens(input, out);
}

} // namespace jwtdomain::audit::rules
