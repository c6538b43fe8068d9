#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit::rules {
namespace {

// Does the policy ask for a scope at what the service guards?
bool needs_scope(const policy::Domain& domain, const accept::Entry& entry) {
    return std::any_of(domain.resources.begin(), domain.resources.end(), [&](const policy::Resource& resource) {
        if (!entry.resource.empty() && entry.resource != resource.uri) return false;
        return std::any_of(resource.methods.begin(), resource.methods.end(), [&](const auto& method) {
            const bool guarded = entry.methods.empty() || std::find(entry.methods.begin(), entry.methods.end(),
                                                                    method.first) != entry.methods.end();
            return guarded && !method.second.empty();
        });
    });
}

bool looks_at(const accept::Path& path, const std::vector<std::string>& claim) {
    return std::any_of(path.claims.begin(), path.claims.end(), [&](const accept::ClaimRule& rule) {
        return rule.path == claim && rule.test != accept::ClaimTest::absent;
    });
}

} // namespace

// What stands behind the verifier may ask for the scope: nothing opens by this alone.
void clm_08(const RuleInput& input, std::vector<RuleFinding>& out) {
    if (input.estate.policy_only) return; // then it is the policy that asks
    for (std::size_t s = 0; s < input.estate.services.size(); ++s) {
        const Service& service = input.estate.services[s];
        const policy::Domain& domain = input.estate.domain(service.domain);
        if (service.state != Service::State::guarded || !needs_scope(domain, *service.entry)) continue;
        const auto claim = policy::parse_claim_path(domain.scope_claim).value_or(std::vector{domain.scope_claim});
        for (const accept::Path& path : service.entry->paths) {
            if (path.anonymous || looks_at(path, claim)) continue;
            RuleFinding finding{.rule = "CLM-08", .severity = Severity::medium, .domains = {service.domain}};
            finding.services = {s};
            finding.where = place_of("CLM-08", path);
            finding.subject = path.name;
            finding.message = "the path " + path.name + " of " + service.name + " does not look at " +
                              domain.scope_claim + ", and the policy asks for scopes there";
            out.push_back(std::move(finding));
            break; // one path says it of the service
        }
    }
}

} // namespace jwtdomain::audit::rules
