#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit::rules {
namespace {

// What the policy asks for at what the service guards: all scopes of each resource and method that asks for some.
std::vector<const std::vector<std::string>*> needed_scopes(const policy::Domain& domain, const accept::Entry& entry) {
    std::vector<const std::vector<std::string>*> out;
    for (const policy::Resource& resource : domain.resources) {
        if (!entry.resource.empty() && entry.resource != resource.uri) continue;
        for (const auto& [method, scopes] : resource.methods) {
            const bool guarded = entry.methods.empty() ||
                                 std::find(entry.methods.begin(), entry.methods.end(), method) != entry.methods.end();
            if (guarded && !scopes.empty()) out.push_back(&scopes);
        }
    }
    return out;
}

// Could the test be for one of these? One for other scopes alone gates something else.
bool asks_for_any(const accept::ClaimRule& rule, const std::vector<std::string>& scopes) {
    if (rule.test == accept::ClaimTest::present) return true; // which value is asked for elsewhere
    return std::any_of(scopes.begin(), scopes.end(),
                       [&](const std::string& scope) { return rule.values.contains(scope); });
}

enum class Looks : std::uint8_t { not_at_all, at_others, at_these };

Looks looks(const accept::Path& path, const std::vector<std::string>& claim,
            const std::vector<const std::vector<std::string>*>& needed) {
    Looks out = Looks::not_at_all;
    for (const accept::ClaimRule& rule : path.claims) {
        if (rule.path != claim || rule.test == accept::ClaimTest::absent) continue;
        if (std::any_of(needed.begin(), needed.end(), [&](const auto* scopes) { return asks_for_any(rule, *scopes); }))
            return Looks::at_these;
        out = Looks::at_others;
    }
    return out;
}

} // namespace

// What stands behind the verifier may ask for the scope: nothing opens by this alone.
void clm_08(const RuleInput& input, std::vector<RuleFinding>& out) {
    if (input.estate.policy_only) return; // then it is the policy that asks
    for (std::size_t s = 0; s < input.estate.services.size(); ++s) {
        const Service& service = input.estate.services[s];
        const policy::Domain& domain = input.estate.domain(service.domain);
        if (service.state != Service::State::guarded) continue;
        const auto needed = needed_scopes(domain, *service.entry);
        if (needed.empty()) continue;
        const auto claim = policy::parse_claim_path(domain.scope_claim).value_or(std::vector{domain.scope_claim});
        for (const accept::Path& path : service.entry->paths) {
            const Looks at = path.anonymous ? Looks::at_these : looks(path, claim, needed);
            if (at == Looks::at_these) continue;
            RuleFinding finding{.rule = "CLM-08", .severity = Severity::medium, .domains = {service.domain}};
            finding.services = {s};
            finding.where = place_of("CLM-08", path);
            finding.subject = path.name;
            finding.message = "the path " + path.name + " of " + service.name +
                              (at == Looks::at_others ? " asks for other values of " : " does not look at ") +
                              domain.scope_claim + ", and the policy asks for scopes there";
            out.push_back(std::move(finding));
            break; // one path says it of the service
        }
    }
}

} // namespace jwtdomain::audit::rules
