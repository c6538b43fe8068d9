#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::audit::rules {
namespace {

constexpr Seconds kDay = 86400;
constexpr Seconds kLongest = 90 * kDay; // a longer life is a second password

std::string fault_of(const policy::RefreshRules& rules) {
    if (rules.absolute > kLongest) return "gives refresh tokens for " + format_duration(rules.absolute);
    // Within a day, one limit is as good as two.
    if (rules.idle >= rules.absolute && rules.absolute > kDay) return "lets refresh tokens lie unused until they end";
    return {};
}

} // namespace

void ref_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    for (std::size_t d = 0; d < input.estate.policy->domains.size(); ++d) {
        const policy::Domain& domain = input.estate.domain(d);
        if (domain.foreign || domain.refresh.mode == policy::RefreshRules::Mode::off) continue;
        const std::string fault = fault_of(domain.refresh);
        if (fault.empty()) continue;
        RuleFinding finding{.rule = "REF-03", .severity = Severity::medium, .domains = {d}, .where = domain.where};
        finding.message = domain.name + " " + fault;
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
