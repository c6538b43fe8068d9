#include "jwtdomain/audit/rules/index.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

// Each asks for an audience, and no two for the same one.
bool audiences_keep_apart(const Estate& estate, const Domains& domains) {
    std::unordered_set<std::string_view> seen;
    for (const std::size_t d : domains) {
        const policy::Domain& domain = estate.domain(d);
        if (domain.audience_optional || domain.audiences.empty()) return false;
        for (const std::string& audience : domain.audiences) {
            if (!seen.insert(audience).second) return false;
        }
    }
    return true;
}

} // namespace

void iss_08(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Index index(estate);
    for (const auto& [issuer, domains] : index.issuers) {
        if (domains.size() < 2) continue;
        const bool apart = audiences_keep_apart(estate, domains);
        RuleFinding finding{.rule = "ISS-08", .domains = domains};
        finding.subject = issuer;
        finding.where = estate.domain(domains.back()).where;
        finding.message = "the issuer " + std::string(issuer) + " is that of " + listed(estate, domains) +
                          (apart ? ", which only audiences keep apart" : ", whose audiences do not keep them apart");
        finding.severity = weigh_between(input, domains, apart ? Severity::medium : Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
