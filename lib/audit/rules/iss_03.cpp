#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {

// The issuer of another domain by value or pattern; where every issuer is taken that is ISS-01, and where two domains
// have the same one, ISS-08.
void iss_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    Index index(estate);
    for_each_faulty_path(
        input, "ISS-03", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            Domains others;
            accept::Strings foreign = path.issuer.allowed;
            std::erase(foreign.exact, estate.domain(own).issuer);
            for (const std::size_t domain : index.issuers_in(foreign)) {
                if (domain == own || index.trusts(own, domain)) continue;
                if (estate.domain(domain).issuer != estate.domain(own).issuer) insert(others, domain);
            }
            if (others.empty()) return std::nullopt;
            return PathFault{.what = "takes the issuer of " + listed(estate, others) + ", which no trust edge declares",
                             .severity = Severity::high,
                             .others = others};
        });
}

} // namespace jwtdomain::audit::rules
