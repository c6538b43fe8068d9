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

class Nearest {
public:
    explicit Nearest(const Estate& estate) : estate_(estate) {}

    void pair(std::size_t source, std::size_t service) {
        const Service& target = estate_.services[service];
        if (target.domain == source || target.state != Service::State::guarded) return;
        for (const Mintable& tokens : closure(*estate_.policy, source, Attacker::insider)) {
            for (const accept::Path& path : target.entry->paths) consider(tokens, path, source, service);
        }
    }

    Depth best;

private:
    void consider(const Mintable& tokens, const accept::Path& path, std::size_t source, std::size_t service) {
        Check answer = check(estate_, tokens, path, trust_edges(estate_, source, service));
        if (answer.declared || (!answer.separated() && !answer.doubts.empty())) return;
        const bool ended = std::any_of(answer.separators.begin(), answer.separators.end(),
                                       [](const Separator& s) { return s.field == Field::time; });
        if (ended) return; // nothing opens it again
        std::vector<Separator> facts = facts_of(path, answer.separators);
        const auto count = static_cast<unsigned>(facts.size());
        if (best.edits && *best.edits <= count) return;
        best.edits = count;
        best.source = source;
        best.service = service;
        best.path = &path;
        best.facts = std::move(facts);
    }

    const Estate& estate_;
};

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

Depth depth_between(const Estate& estate, std::size_t source, std::size_t service) {
    Nearest nearest(estate);
    nearest.pair(source, service);
    return std::move(nearest.best);
}

Depth depth_of(const Estate& estate, const Findings& findings) {
    Nearest nearest(estate);
    const std::size_t domains = estate.policy->domains.size();
    if (const Crossing* leak = leak_of(findings)) {
        nearest.best.edits = 0;
        nearest.best.source = leak->source;
        nearest.best.service = leak->service;
        nearest.best.path = leak->path;
        nearest.best.survives_theft = false;
        return std::move(nearest.best);
    }
    if (!countable(estate)) {
        nearest.best.counted = false;
        return std::move(nearest.best);
    }
    for (std::size_t s = 0; s < estate.services.size(); ++s) {
        for (std::size_t d = 0; d < domains; ++d) {
            nearest.pair(d, s);
            if (nearest.best.edits == 0u) break;
        }
    }
    if (nearest.best.edits) nearest.best.survives_theft = survives_theft(findings);
    return std::move(nearest.best);
}

std::string text_of(const Depth& depth) {
    if (!depth.counted) return "not counted: too many pairs";
    if (!depth.edits) return "not proven";
    return *depth.edits >= Depth::kDeep ? std::to_string(Depth::kDeep) + "+" : std::to_string(*depth.edits);
}

} // namespace jwtdomain::audit
