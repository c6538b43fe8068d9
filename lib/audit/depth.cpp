#include "jwtdomain/audit/depth.h"

#include <algorithm>

#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/audit/nearest_pair.h"
#include "jwtdomain/audit/path_depth.h"

namespace jwtdomain::audit {
namespace {

// So many pairs are looked at; beyond it would take too long.
constexpr std::size_t kMostPairs = 100'000;

// What crosses for an insider as it is: nothing need fail. Not all of it is a token that an insider is given, for which
// the pairs are looked at.
const Crossing* leak_of(const Findings& findings) {
    const auto found = std::find_if(findings.crossings.begin(), findings.crossings.end(), [](const Crossing& crossing) {
        return crossing.status == Crossing::Status::confirmed && crossing.attacker <= Attacker::insider;
    });
    return found == findings.crossings.end() ? nullptr : &*found;
}

std::optional<bool> survives_theft(const Estate& estate, const Findings& findings) {
    switch (verdict_of(estate, findings, Attacker::stolen_key)) {
    case Verdict::leaks: return false;
    case Verdict::not_proven: return std::nullopt;
    case Verdict::isolated:
    case Verdict::consistent: break;
    }
    return true;
}

} // namespace

bool countable(const Estate& estate) { return estate.policy->domains.size() * estate.services.size() <= kMostPairs; }

PairDepths::PairDepths(const Estate& estate) : estate_(estate), tokens_(estate.policy->domains.size()) {}

const std::vector<Mintable>& PairDepths::tokens_of(std::size_t source) {
    std::vector<Mintable>& tokens = tokens_[source]; // never empty once they are known
    if (tokens.empty()) tokens = everything_of(estate_, source, Attacker::insider);
    return tokens;
}

Depth PairDepths::between(std::size_t source, std::size_t service) {
    Depth nearest;
    const Service& target = estate_.services[service];
    if (target.domain == source || target.state != Service::State::guarded) return nearest;
    for (const Mintable& tokens : tokens_of(source)) {
        for (const accept::Path& path : target.entry->paths)
            detail::keep_nearer(nearest, detail::depth_of(estate_, tokens, service, path));
    }
    return nearest;
}

Depths depths_of(const Estate& estate, const Findings& findings) {
    Depths out;
    const std::size_t domains = estate.policy->domains.size();
    const Crossing* const leak = leak_of(findings);
    if (domains * estate.services.size() <= Depths::kMostListed) {
        PairDepths pairs(estate);
        for (std::size_t s = 0; s < estate.services.size(); ++s) {
            for (std::size_t d = 0; d < domains; ++d) {
                Depth one = pairs.between(d, s);
                out.of_pairs.push_back(one.edits);
                detail::keep_nearer(out.nearest, std::move(one));
            }
        }
    } else if (!leak) {
        out.nearest = detail::NearestPair(estate).find(kMostPairs);
    }
    if (leak) {
        out.nearest = {};
        out.nearest.edits = 0;
        out.nearest.source = leak->source;
        out.nearest.service = leak->service;
        out.nearest.path = leak->path;
    }
    if (out.nearest.edits) out.nearest.survives_theft = survives_theft(estate, findings);
    out.nearest.undecided = verdict_of(estate, findings, Attacker::insider) == Verdict::not_proven;
    return out;
}

std::string text_of(const Depth& depth) {
    if (!depth.counted) return "not counted: too many pairs";
    if (!depth.edits) return "not proven";
    return *depth.edits >= Depth::kDeep ? std::to_string(Depth::kDeep) + "+" : std::to_string(*depth.edits);
}

} // namespace jwtdomain::audit
