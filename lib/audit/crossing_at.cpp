#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/audit/prove.h"

namespace jwtdomain::audit {

std::optional<Crossing> crossing_at(const Estate& estate, const Crossing& crossing, std::size_t source,
                                    std::size_t service) {
    if (crossing.source == source && crossing.service == service) return crossing;
    const std::vector<Mintable> all = everything_of(estate, source, crossing.attacker);
    for (const accept::Path& path : estate.services[service].entry->paths) {
        for (const Mintable& tokens : all) {
            Check found = check(estate, tokens, path, trust_edges(estate, source, service));
            if (!found.overlaps()) continue;
            Crossing out = crossing;
            out.source = source;
            out.service = service;
            out.path = &path;
            out.route = tokens.route;
            out.check = std::move(found);
            out.witness.reset();
            return out;
        }
    }
    return std::nullopt;
}

} // namespace jwtdomain::audit
