#include <algorithm>

#include "jwtdomain/audit/prove.h"

namespace jwtdomain::audit {
namespace {

// Another domain's sources only: an outsider needs none, and a single domain has no neighbour to be isolated from.
bool counts(const Crossing& crossing, Attacker against) { return crossing.attacker <= against; }

template <class Crossings>
Verdict weigh(const Estate& estate, const Crossings& mine, bool undecided, Attacker against) {
    bool leaks = false;
    for (const Crossing* crossing : mine) {
        if (!counts(*crossing, against)) continue;
        if (crossing->status == Crossing::Status::confirmed)
            leaks = true;
        else
            undecided = true;
    }
    if (leaks) return Verdict::leaks;
    if (undecided) return Verdict::not_proven;
    return estate.policy_only ? Verdict::consistent : Verdict::isolated;
}

} // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::leaks: return "LEAKS";
    case Verdict::not_proven: return "NOT PROVEN";
    case Verdict::isolated: return "ISOLATED";
    case Verdict::consistent: return "CONSISTENT";
    }
    return {};
}

Verdict verdict_of(const Estate& estate, const Findings& findings, Attacker against) {
    std::vector<const Crossing*> all;
    for (const Crossing& crossing : findings.crossings) all.push_back(&crossing);
    const bool undecided = std::any_of(estate.services.begin(), estate.services.end(),
                                       [](const Service& service) { return !is_decidable(service); });
    return weigh(estate, all, undecided || !findings.broken.empty(), against);
}

Verdict verdict_of_service(const Estate& estate, const Findings& findings, std::size_t service, Attacker against) {
    std::vector<const Crossing*> mine;
    for (const Crossing& crossing : findings.crossings) {
        if (std::binary_search(crossing.services.begin(), crossing.services.end(), service)) mine.push_back(&crossing);
    }
    const bool broken = std::binary_search(findings.broken.begin(), findings.broken.end(), service);
    return weigh(estate, mine, broken || !is_decidable(estate.services[service]), against);
}

} // namespace jwtdomain::audit
