// Internal: findings about acceptance paths. A path that guards several services alike gives one finding.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "jwtdomain/audit/rules/index.h"
#include "jwtdomain/audit/rules/place.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

struct PathFault {
    std::string what;         // "takes tokens of every issuer", after the names of the path and the service
    Severity severity;        // as it is, or if nothing has been shown to cross, see `weighed`
    std::string subject = {}; // of several faults of one path
    Domains others = {};      // domains concerned besides the path's: where what crosses comes from; empty: any
    bool weighed = true;      // by what crosses into the services; false: the fault opens nothing by itself
};

// Asks of every path; `look(domain, path)` gives a PathFault or nothing.
template <class Look>
void for_each_faulty_path(const RuleInput& input, std::string_view rule, std::vector<RuleFinding>& out, Look look) {
    std::map<std::tuple<std::size_t, std::string, std::string>, std::pair<RuleFinding, PathFault>> found;
    for_each_path(input.estate, [&](std::size_t service, const accept::Path& path) {
        const Service& target = input.estate.services[service];
        std::optional<PathFault> fault = look(target.domain, path);
        if (!fault) return;
        const std::string subject = path.name + (fault->subject.empty() ? "" : " " + fault->subject);
        auto& [finding, first] = found[{target.domain, subject, fault->what}];
        finding.services.push_back(service);
        if (finding.services.size() > 1) return;
        finding.rule = rule;
        finding.where = place_of(rule, path);
        finding.subject = subject;
        finding.message = "the path " + path.name + " of " + target.name + " " + fault->what;
        finding.domains = fault->others;
        insert(finding.domains, target.domain);
        first = std::move(*fault);
    });
    for (auto& [key, entry] : found) {
        auto& [finding, fault] = entry;
        finding.severity = fault.weighed
                               ? weigh(input, fault.others, finding.services, fault.severity, finding.attacker)
                               : fault.severity;
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
