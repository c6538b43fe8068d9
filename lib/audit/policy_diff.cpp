#include "jwtdomain/audit/policy_diff.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "jwtdomain/audit/diff/parts.h"

namespace jwtdomain::audit {
namespace {

using Kind = Change::Kind;

void diff_domains(detail::Changes& out, const Estate& before, const Estate& after, detail::ToldKeys& told) {
    std::map<std::string_view, std::size_t> places;
    for (std::size_t d = 0; d < before.policy->domains.size(); ++d) places.emplace(before.name(d), d);
    for (std::size_t a = 0; a < after.policy->domains.size(); ++a) {
        const detail::Recorder to(out, Kind::domain, after.name(a));
        const auto found = places.find(after.name(a));
        // Whom it lets in, and where its tokens get in, is told of pairs.
        if (found == places.end()) {
            to.came("domain", after.name(a), Direction::neutral);
            continue;
        }
        const std::size_t b = found->second;
        places.erase(found);
        const policy::Domain &old_one = before.domain(b), &new_one = after.domain(a);
        detail::diff_domain(to, old_one, new_one);
        detail::diff_keys(to.of(Kind::keys, ""), {before.keys[b], old_one.keys}, {after.keys[a], new_one.keys}, told);
        detail::diff_issuer(to, old_one, new_one);
    }
    for (const auto& [name, b] : places)
        detail::Recorder(out, Kind::domain, before.name(b)).went("domain", before.name(b), Direction::neutral);
}

// Domains of one template change alike.
detail::Changes gathered(detail::Changes changes) {
    using Key = std::tuple<Kind, Direction, std::string, std::string, std::string>;
    const auto key_of = [](const Change& c) { return Key(c.kind, c.direction, c.what, c.before, c.after); };
    std::map<Key, std::size_t> counts;
    for (const Change& change : changes) ++counts[key_of(change)];
    detail::Changes out;
    for (Change& change : changes) {
        std::size_t& count = counts[key_of(change)];
        if (count == 0) continue; // the first one speaks for it
        if (count > detail::kListedAlike) change.count = std::exchange(count, 0);
        out.push_back(std::move(change));
    }
    return out;
}

auto order_of(const Change& change) {
    const auto attacker = change.attacker ? static_cast<std::size_t>(*change.attacker) : kAttackers.size();
    return std::tuple(change.direction, !change.proved(), attacker, change.kind);
}

} // namespace

std::string_view name_of(Direction direction) {
    switch (direction) {
    case Direction::weaker: return "weaker";
    case Direction::different: return "different";
    case Direction::stronger: return "stronger";
    case Direction::neutral: return "neutral";
    }
    return {};
}

std::string_view name_of(Kind kind) {
    switch (kind) {
    case Kind::isolation: return "isolation";
    case Kind::depth: return "depth";
    case Kind::policy: return "policy";
    case Kind::domain: return "domain";
    case Kind::keys: return "keys";
    case Kind::resource: return "resource";
    case Kind::issuance: return "issuance";
    case Kind::client: return "client";
    case Kind::refresh: return "refresh";
    case Kind::rotation: return "rotation";
    case Kind::trust: return "trust";
    case Kind::exchange: return "exchange";
    case Kind::verifier: return "verifier";
    case Kind::revocation: return "revocation";
    case Kind::ignore: return "ignore";
    }
    return {};
}

std::size_t PolicyDiff::count(Direction direction) const {
    return static_cast<std::size_t>(std::count_if(changes.begin(), changes.end(),
                                                  [&](const Change& change) { return change.direction == direction; }));
}

std::optional<Direction> PolicyDiff::verdict() const {
    if (changes.empty()) return std::nullopt;
    return changes.front().direction; // they are in that order
}

PolicyDiff diff_policies(const Proved& before, const Proved& after) {
    PolicyDiff out;
    detail::ToldKeys told;
    detail::SameEntries same;
    diff_domains(out.changes, before.estate, after.estate, told);
    detail::diff_edges(out.changes, *before.estate.policy, *after.estate.policy);
    detail::diff_ignores(out.changes, before.ignores, after.ignores);
    detail::diff_revocations(out.changes, before.revocations, after.revocations);
    detail::diff_verifiers(out.changes, before.estate, after.estate, told, same);
    out.changes = gathered(std::move(out.changes));
    detail::diff_isolation(out, before, after, same);
    std::stable_sort(out.changes.begin(), out.changes.end(),
                     [](const Change& a, const Change& b) { return order_of(a) < order_of(b); });
    return out;
}

} // namespace jwtdomain::audit
