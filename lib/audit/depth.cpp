#include "jwtdomain/audit/depth.h"

#include <algorithm>
#include <utility>

namespace jwtdomain::audit {
namespace {

// Every pair is looked at: beyond so many it would take too long.
constexpr std::size_t kMostPairs = 100'000;

// Separators that fail together are one fact.
std::vector<Separator> facts_of(const accept::Path& path, const std::vector<Separator>& separators) {
    const auto& origins = path.signing.origins;
    const bool by_issuer =
        !origins.empty() && std::all_of(origins.begin(), origins.end(), [](const auto& o) { return o.by_issuer; });
    std::vector<Separator> facts;
    bool keys_or_issuer = false;
    for (const Separator& separator : separators) {
        const bool either = separator.field == Field::signing || separator.field == Field::issuer;
        if (by_issuer && either && std::exchange(keys_or_issuer, true)) continue;
        facts.push_back(separator);
    }
    return facts;
}

void keep_nearer(Depth& nearest, Depth other) {
    if (other.edits && (!nearest.edits || *other.edits < *nearest.edits)) nearest = std::move(other);
}

// What crosses for an insider as it is: nothing need fail. Not all of it is a token that an insider is given, for which
// the pairs are looked at.
const Crossing* leak_of(const Findings& findings) {
    const auto found = std::find_if(findings.crossings.begin(), findings.crossings.end(), [](const Crossing& crossing) {
        return crossing.status == Crossing::Status::confirmed && crossing.attacker <= Attacker::insider;
    });
    return found == findings.crossings.end() ? nullptr : &*found;
}

bool survives_theft(const Findings& findings) {
    return std::none_of(findings.crossings.begin(), findings.crossings.end(),
                        [](const Crossing& crossing) { return crossing.attacker <= Attacker::stolen_key; });
}

} // namespace

bool countable(const Estate& estate) { return estate.policy->domains.size() * estate.services.size() <= kMostPairs; }

PairDepths::PairDepths(const Estate& estate) : estate_(estate), tokens_(estate.policy->domains.size()) {}

const std::vector<Mintable>& PairDepths::tokens_of(std::size_t source) {
    std::vector<Mintable>& tokens = tokens_[source]; // never empty once they are known
    if (tokens.empty()) tokens = closure(*estate_.policy, source, Attacker::insider);
    return tokens;
}

Depth PairDepths::between(std::size_t source, std::size_t service) {
    Depth nearest;
    const Service& target = estate_.services[service];
    if (target.domain == source || target.state != Service::State::guarded) return nearest;
    for (const Mintable& tokens : tokens_of(source)) {
        for (const accept::Path& path : target.entry->paths) {
            const Check answer = check(estate_, tokens, path, trust_edges(estate_, source, service));
            if (answer.declared || (!answer.separated() && !answer.doubts.empty())) continue;
            const bool ended = std::any_of(answer.separators.begin(), answer.separators.end(),
                                           [](const Separator& s) { return s.field == Field::time; });
            if (ended) continue; // nothing opens it again
            Depth depth;
            depth.facts = facts_of(path, answer.separators);
            depth.edits = static_cast<unsigned>(depth.facts.size());
            depth.source = source;
            depth.service = service;
            depth.path = &path;
            keep_nearer(nearest, std::move(depth));
        }
    }
    return nearest;
}

Depths depths_of(const Estate& estate, const Findings& findings) {
    Depths out;
    const std::size_t domains = estate.policy->domains.size(), pairs = domains * estate.services.size();
    const bool listed = pairs <= Depths::kMostListed;
    const Crossing* const leak = leak_of(findings);
    PairDepths pairs_of(estate);
    for (std::size_t s = 0; s < estate.services.size() && (listed || (!leak && countable(estate))); ++s) {
        for (std::size_t d = 0; d < domains; ++d) {
            Depth one = pairs_of.between(d, s);
            if (listed) out.of_pairs.push_back(one.edits);
            keep_nearer(out.nearest, std::move(one));
        }
    }
    if (leak) {
        out.nearest = {};
        out.nearest.edits = 0;
        out.nearest.source = leak->source;
        out.nearest.service = leak->service;
        out.nearest.path = leak->path;
    }
    out.nearest.counted = leak || countable(estate);
    if (out.nearest.edits) out.nearest.survives_theft = !leak && survives_theft(findings);
    return out;
}

std::string text_of(const Depth& depth) {
    if (!depth.counted) return "not counted: too many pairs";
    if (!depth.edits) return "not proven";
    return *depth.edits >= Depth::kDeep ? std::to_string(Depth::kDeep) + "+" : std::to_string(*depth.edits);
}

} // namespace jwtdomain::audit
