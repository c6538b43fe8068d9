#include "jwtdomain/audit/crossing_classes.h"

#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit::detail {
namespace {

// Of services that a class gets into alike, so many have their witness run; the model says the same of the rest.
constexpr std::size_t kRunOfClass = 16;

bool waits(const Crossing& crossing) { return crossing.status != Crossing::Status::unknown && !crossing.witness; }

} // namespace

CrossingClasses::Entry& CrossingClasses::entry(Crossing found) {
    Key key{found.service, found.path, found.status, found.attacker, found.why};
    const auto [it, fresh] = found_.try_emplace(std::move(key));
    if (fresh) it->second.crossing = std::move(found);
    return it->second;
}

void CrossingClasses::add(Crossing found) {
    const std::size_t source = found.source;
    entry(std::move(found)).each.push_back(source);
}

void CrossingClasses::add(Crossing found, const Domains& sources) { entry(std::move(found)).sets.push_back(&sources); }

CrossingClasses::Class CrossingClasses::class_of(const Entry& entry) {
    const Crossing& crossing = entry.crossing;
    return {crossing.status, crossing.attacker, crossing.why, entry.each, entry.sets, 0};
}

void CrossingClasses::run_witnesses(const Settle& settle) {
    std::map<Class, std::vector<Entry*>> waiting;
    for (auto& [key, entry] : found_) {
        if (waits(entry.crossing)) waiting[class_of(entry)].push_back(&entry);
    }
    for (auto& [expected, entries] : waiting) {
        std::size_t most = std::min(entries.size(), kRunOfClass);
        for (std::size_t i = 0; i < most; ++i) {
            settle(entries[i]->crossing);
            if (class_of(*entries[i]) != expected) most = entries.size();
        }
    }
}

std::vector<Crossing> CrossingClasses::take(const Settle& settle) {
    for (auto& [key, entry] : found_) {
        sort_once(entry.each);
        sort_once(entry.sets);
    }
    run_witnesses(settle);
    std::map<Class, Crossing> classes;
    for (auto& [key, entry] : found_) {
        Class same = class_of(entry);
        const std::size_t service = entry.crossing.service;
        for (auto known = classes.find(same); known != classes.end() && known->second.services.back() == service;
             known = classes.find(same))
            ++std::get<std::size_t>(same);
        const auto [it, fresh] = classes.try_emplace(std::move(same), std::move(entry.crossing));
        it->second.services.push_back(service);
    }
    found_.clear();
    std::vector<Crossing> out;
    for (auto& [same, crossing] : classes) {
        crossing.sources = std::get<Domains>(same);
        for (const Domains* set : std::get<std::vector<const Domains*>>(same))
            crossing.sources.insert(crossing.sources.end(), set->begin(), set->end());
        sort_once(crossing.sources);
        out.push_back(std::move(crossing));
    }
    return out;
}

} // namespace jwtdomain::audit::detail
