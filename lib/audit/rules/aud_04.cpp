#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/token_claims.h"

namespace jwtdomain::audit::rules {

// Audiences that are neutral somewhere name no domain, and are in no index.
void aud_04(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Index index(estate);
    for_each_faulty_path(
        input, "AUD-04", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            if (path.audience.any) return std::nullopt;
            Domains others; // whose audience a token must name to be accepted
            for (const std::string& audience : path.audience.all_of) {
                const auto found = index.audiences.find(audience);
                if (found == index.audiences.end()) continue;
                if (std::binary_search(found->second.begin(), found->second.end(), own)) continue;
                for (const std::size_t domain : found->second) insert(others, domain);
            }
            if (others.empty()) return std::nullopt;
            return PathFault{.what = "takes only tokens that name audiences of " + listed(estate, others) + " too",
                             .severity = Severity::high,
                             .others = others};
        });
    if (input.tokens.empty()) return;
    for_each_token(input, [&](const SampleToken& sample, const UnverifiedToken& token) {
        Domains named;
        std::string which;
        for (const std::string& audience : audiences_of(token)) {
            const auto found = index.audiences.find(audience);
            if (found == index.audiences.end()) continue;
            if (found->second.size() > 1) continue; // AUD-03
            if (named.size() < 4) which += (which.empty() ? "" : ", ") + audience;
            insert(named, found->second.front());
        }
        if (named.size() < 2) return;
        RuleFinding finding = token_finding("AUD-04", sample, token, named,
                                            "names audiences of " + listed(input.estate, named) + ": " + which);
        finding.severity = weigh_between(input, named, Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    });
}

} // namespace jwtdomain::audit::rules
