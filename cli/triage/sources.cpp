#include "cli/triage/sources.h"

#include "cli/app/gateways.h"
#include "cli/app/policy.h"

namespace jwtdomain::cli {

void declare_sources(Declaration& d, TriageSources& sources) {
    d.list("--config", "DOMAIN=PATH", sources.configurations,
           "also ask this configuration, which guards the domain: a file or folder", Completes::directory);
    d.choice("--type", "TYPE", gateway::importer_names(), sources.type,
             "whose configurations these are (default: what they look like)");
    declare_network(d, sources.network);
}

Status use_sources(Session& session, const TriageSources& sources, const std::string& command) {
    const Status good = check_configurations(sources.configurations, sources.type, command + " --config");
    return good ? use_network(session, sources.network) : good;
}

Result<policy::Policy> load_policy_with(Session& session, const TriageSources& sources) {
    auto policy = load_guarded_policy(session);
    if (!policy || sources.configurations.empty()) return policy;
    const Status added = add_configurations(session, policy_reader(), sources.configurations, sources.type, *policy);
    if (!added) return tl::unexpected(added.error());
    return policy;
}

} // namespace jwtdomain::cli
