#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/pattern_facts.h"

namespace jwtdomain::audit::rules {

// A pattern for one issuer is fine as long as that issuer is all that it matches.
void iss_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    Index index(estate);
    for_each_faulty_path(
        input, "ISS-02", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            const accept::Strings& allowed = path.issuer.allowed;
            if (allowed.any || allowed.patterns.empty()) return std::nullopt;
            std::vector<std::string> meant = allowed.exact;
            meant.push_back(estate.domain(own).issuer);
            Domains others;
            for (const std::size_t domain : index.issuers_in(allowed)) {
                const std::string& issuer = estate.domain(domain).issuer;
                if (issuer == estate.domain(own).issuer) continue;
                const bool listed =
                    std::find(allowed.exact.begin(), allowed.exact.end(), issuer) != allowed.exact.end();
                if (index.trusts(own, domain))
                    meant.push_back(issuer);
                else if (!listed)
                    insert(others, domain);
            }
            const auto extra = word_beyond(allowed, meant);
            if (!extra) return std::nullopt;
            if (!others.empty())
                return PathFault{.what = "takes the issuer of " + listed(estate, others) + " by a pattern",
                                 .severity = Severity::critical,
                                 .others = others};
            if (const auto bought = registrable_word(allowed, estate.domain(own).issuer))
                return PathFault{.what = "takes issuers under names that anybody can register: " + *bought,
                                 .severity = Severity::critical};
            return PathFault{.what = "takes issuers that are not its own: " + *extra, .severity = Severity::high};
        });
}

} // namespace jwtdomain::audit::rules
