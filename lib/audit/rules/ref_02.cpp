#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::audit::rules {
namespace {

using Mode = policy::RefreshRules::Mode;

constexpr Seconds kLongestGrace = 60; // a lost answer is asked for again at once, or never

// What is wrong; empty: nothing.
std::string fault_of(const policy::Domain& domain) {
    const policy::RefreshRules& rules = domain.refresh;
    if (rules.mode == Mode::off) return {};
    if (domain.profile == policy::Profile::fapi2 && rules.mode != Mode::bind)
        return "rotates refresh tokens, which FAPI 2.0 forbids: there they are bound to a key of the client";
    const bool rotates = rules.mode == Mode::rotate || rules.mode == Mode::bind_retry;
    if (rotates && rules.grace > kLongestGrace)
        return "lets a used refresh token be sent again for " + format_duration(rules.grace);
    return {};
}

} // namespace

// Every mode but `off` protects public clients; what remains is a mode that the profile forbids, and a wide grace.
void ref_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    for (std::size_t d = 0; d < input.estate.policy->domains.size(); ++d) {
        const policy::Domain& domain = input.estate.domain(d);
        const std::string fault = fault_of(domain);
        if (domain.foreign || fault.empty()) continue;
        RuleFinding finding{.rule = "REF-02", .severity = Severity::medium, .domains = {d}, .where = domain.where};
        finding.message = domain.name + " " + fault;
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
