#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/token_claims.h"

namespace jwtdomain::audit::rules {

void iss_05(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "ISS-05", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        // Where every issuer is taken, that is ISS-01, and no list makes it worse.
        if (!path.dialect.issuer_array_ok || path.issuer.allowed.any) return std::nullopt;
        return PathFault{.what = "takes a list of issuers if one of them is right", .severity = Severity::medium};
    });
    if (input.tokens.empty()) return;
    const Index index(input.estate);
    for_each_token(input, [&](const SampleToken& sample, const UnverifiedToken& token) {
        std::string wrong;
        for (const char* const name : {"iss", "sub", "jti"}) {
            const auto value = token.claims().find(name);
            if (!value || value->is(json::Kind::string)) continue;
            wrong += (wrong.empty() ? "" : ", ") + std::string(name);
        }
        if (wrong.empty()) return;
        RuleFinding finding = token_finding("ISS-05", sample, token, domains_of(index, token),
                                            "has claims that are not strings, as they must be: " + wrong);
        finding.severity = Severity::high;
        out.push_back(std::move(finding));
    });
}

} // namespace jwtdomain::audit::rules
