#include <unordered_set>

#include "jwtdomain/audit/known_keys.h"
#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

void key_05(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Users users = users_of(estate);
    std::unordered_set<std::string> told; // domain and name of the known key
    const auto look = [&](std::size_t domain, const KeyIdentity& identity) {
        const KnownKey* const known = find_known_key(identity);
        if (!known || !told.insert(std::to_string(domain) + " " + std::string(known->name)).second) return;
        RuleFinding finding{.rule = "KEY-05", .domains = {domain}, .services = services_with(users, identity)};
        finding.where = estate.domain(domain).where;
        finding.subject = known->name;
        finding.message = "a key of " + estate.name(domain) + " is public: it is " + finding.subject + " (" +
                          std::string(known->source) + ")";
        finding.severity = Severity::high; // nothing takes it yet
        if (!finding.services.empty())
            finding.severity = weigh(input, {}, finding.services, Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    };
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (const KeyIdentity& identity : estate.keys[d].identities) look(d, identity);
    }
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        for (const KeyIdentity& identity : estate.path_keys.at(&path).used)
            look(estate.services[service].domain, identity);
    });
}

} // namespace jwtdomain::audit::rules
