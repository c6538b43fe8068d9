#include "jwtdomain/audit/path_depth.h"

#include <algorithm>
#include <utility>

namespace jwtdomain::audit::detail {
namespace {

// Separators that fail together are one fact.
std::vector<Separator> facts_of(const accept::Path& path, const std::vector<Separator>& separators) {
    const bool by_issuer = found_by_issuer(path);
    std::vector<Separator> facts;
    bool keys_or_issuer = false;
    for (const Separator& separator : separators) {
        const bool either = separator.field == Field::signing || separator.field == Field::issuer;
        if (by_issuer && either && std::exchange(keys_or_issuer, true)) continue;
        facts.push_back(separator);
    }
    return facts;
}

} // namespace

bool found_by_issuer(const accept::Path& path) {
    const auto& origins = path.signing.origins;
    return !origins.empty() && std::all_of(origins.begin(), origins.end(),
                                           [](const auto& o) { return o.by_issuer || o.metadata_issuer.has_value(); });
}

bool has_ended(const accept::Path& path, Time now) { return path.time.path_ends && *path.time.path_ends <= now; }

Depth depth_of(const Estate& estate, const Mintable& tokens, std::size_t service, const accept::Path& path) {
    Depth depth;
    if (has_ended(path, estate.now)) return depth;
    const Check answer = check(estate, tokens, path, trust_edges(estate, tokens.holder, service));
    if (!answer.separated() && !answer.doubts.empty()) return depth;
    depth.facts = facts_of(path, answer.separators);
    depth.edits = static_cast<unsigned>(depth.facts.size());
    depth.source = tokens.holder;
    depth.service = service;
    depth.path = &path;
    return depth;
}

void keep_nearer(Depth& nearest, Depth other) {
    if (other.edits && (!nearest.edits || *other.edits < *nearest.edits)) nearest = std::move(other);
}

} // namespace jwtdomain::audit::detail
