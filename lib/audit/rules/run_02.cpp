#include <map>
#include <set>

#include "jwtdomain/audit/rules/index.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

// A verifier finds what another one has verified: the token is the key, and what was asked of it is not.
void run_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    struct Sharers {
        std::set<std::size_t> domains, services;
        Location where;
    };
    std::map<std::string, Sharers> caches;
    for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
        if (path.dialect.cache.empty()) return;
        Sharers& sharers = caches[path.dialect.cache];
        if (sharers.services.empty()) sharers.where = path.where;
        sharers.domains.insert(input.estate.services[service].domain);
        sharers.services.insert(service);
    });
    for (const auto& [cache, sharers] : caches) {
        if (sharers.domains.size() < 2) continue;
        RuleFinding finding{.rule = "RUN-02", .domains = {sharers.domains.begin(), sharers.domains.end()}};
        finding.services = {sharers.services.begin(), sharers.services.end()};
        finding.where = sharers.where;
        finding.subject = cache;
        finding.message = "what one of the domains " + listed(input.estate, finding.domains) +
                          " has verified the others take from the cache " + cache;
        finding.severity = weigh_between(input, finding.domains, Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
