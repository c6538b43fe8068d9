// Keys that have come and gone. Names do not tell keys apart, and what identifies a secret is never written down.
#include <algorithm>
#include <unordered_map>

#include "jwtdomain/accept/keys.h"
#include "jwtdomain/audit/diff/parts.h"

namespace jwtdomain::audit::detail {
namespace {

using Identities = std::vector<KeyIdentity>;

Pairing match_keys(const Identities& before, const Identities& after) {
    std::unordered_multimap<std::string, std::size_t> places;
    for (std::size_t a = 0; a < after.size(); ++a) {
        for (const std::string& id : after[a].own) places.emplace(id, a);
    }
    Pairing out;
    std::vector<bool> left(after.size(), true);
    for (std::size_t b = 0; b < before.size(); ++b) {
        std::optional<std::size_t> same;
        for (const std::string& id : before[b].own) {
            const auto [first, last] = places.equal_range(id);
            for (auto at = first; at != last; ++at) {
                if (left[at->second] && (!same || at->second < *same)) same = at->second;
            }
        }
        if (same) {
            left[*same] = false;
            out.both.emplace_back(b, *same);
        } else {
            out.gone.push_back(b);
        }
    }
    for (std::size_t a = 0; a < after.size(); ++a) {
        if (left[a]) out.come.push_back(a);
    }
    return out;
}

std::string label(const VerificationKey& key, const std::optional<std::string>& kid) {
    std::string text(name_of(type_of(key)));
    if (const auto* open = std::get_if<PublicKey>(&key)) text += ", " + open->thumbprint();
    return kid ? *kid + " (" + text + ")" : text;
}

bool is_told(const KeyIdentity& identity, const std::vector<accept::KeyOrigin>& origins,
             const std::set<std::pair<std::string, std::string>>& told) {
    return std::any_of(origins.begin(), origins.end(), [&](const accept::KeyOrigin& origin) {
        return std::any_of(identity.own.begin(), identity.own.end(), [&](const std::string& id) {
            return told.count({origin.location, id}) != 0;
        });
    });
}

// Whose word is taken for the keys: a file is what it holds, other places may hold something else tomorrow.
std::vector<std::string> masters_of(const std::vector<accept::KeyOrigin>& origins) {
    std::set<std::string> out;
    for (const accept::KeyOrigin& origin : origins) {
        if (!origin.owner.empty()) out.insert("domain " + origin.owner);
        if (origin.by_issuer || !origin.named_by.empty() || origin.location.find("://") != std::string::npos)
            out.insert((origin.by_issuer ? "discovery at " : "") + origin.location);
    }
    return {out.begin(), out.end()};
}

std::string place_of(const policy::KeyLocation& location) {
    switch (location.kind) {
    case policy::KeyLocation::Kind::none: break;
    case policy::KeyLocation::Kind::text: return "in the configuration itself";
    case policy::KeyLocation::Kind::file:
    case policy::KeyLocation::Kind::url: return location.value;
    case policy::KeyLocation::Kind::discovery: return "discovery at " + location.value;
    }
    return {};
}

// What else a key may be is a digest, and as secret as it is if that is a secret.
void diff_readings(const Recorder& to, const KeyIdentity& before, const KeyIdentity& after) {
    if (before.own != after.own || before.others != after.others)
        to.add("other keys that it may be taken for (x5c, or another reading)", "some", "others", Direction::different);
}

void diff_key(const Recorder& to, const Jwk& before, const Jwk& after) {
    const Recorder one = to.of(Change::Kind::keys, "key " + label(after.key, after.metadata.kid));
    one.text("kid", before.metadata.kid.value_or(""), after.metadata.kid.value_or(""));
    one.set("algorithms", names_of(accept::usable_algorithms(before, std::nullopt)),
            names_of(accept::usable_algorithms(after, std::nullopt)));
    one.text("issuer", before.metadata.issuer.value_or(""), after.metadata.issuer.value_or(""));
    one.flag("its private half is published", before.had_private_members, after.had_private_members, Direction::weaker);
}

} // namespace

void diff_keys(const Recorder& to, const KeysOf& before, const KeysOf& after, ToldKeys& told) {
    const bool read_before = before.keys.unresolved.empty(), read_after = after.keys.unresolved.empty();
    if (!read_before || !read_after) {
        to.flag("keys could be read", read_before, read_after, Direction::different);
        if (!read_before && !read_after) to.text("keys", place_of(before.location), place_of(after.location));
        return;
    }
    if (before.location.kind != after.location.kind)
        to.text("place of the keys", place_of(before.location), place_of(after.location));
    const Pairing pairing = match_keys(before.keys.identities, after.keys.identities);
    const auto tell = [](auto& set, const policy::KeyLocation& place, const KeyIdentity& identity) {
        for (const std::string& id : identity.own) set.emplace(place.value, id);
    };
    for (const std::size_t a : pairing.come) {
        const Jwk& key = after.keys.keys[a];
        to.came("key", label(key.key, key.metadata.kid), Direction::weaker);
        tell(told.come, after.location, after.keys.identities[a]);
    }
    for (const std::size_t b : pairing.gone) {
        const Jwk& key = before.keys.keys[b];
        to.went("key", label(key.key, key.metadata.kid), Direction::stronger);
        tell(told.gone, before.location, before.keys.identities[b]);
    }
    for (const auto& [b, a] : pairing.both) {
        const Jwk& key = after.keys.keys[a];
        tell(told.changed, after.location, after.keys.identities[a]);
        diff_key(to, before.keys.keys[b], key);
        diff_readings(to.of(Change::Kind::keys, "key " + label(key.key, key.metadata.kid)), before.keys.identities[b],
                      after.keys.identities[a]);
    }
}

void diff_key_uses(const Recorder& to, const accept::Signing& before, const Identities& before_identities,
                   const accept::Signing& after, const Identities& after_identities, const ToldKeys& told) {
    const Pairing pairing = match_keys(before_identities, after_identities);
    for (const std::size_t a : pairing.come) {
        if (!is_told(after_identities[a], after.origins, told.come))
            to.came("key", label(after.keys[a].key, after.keys[a].kid), Direction::weaker);
    }
    for (const std::size_t b : pairing.gone) {
        if (!is_told(before_identities[b], before.origins, told.gone))
            to.went("key", label(before.keys[b].key, before.keys[b].kid), Direction::stronger);
    }
    for (const auto& [b, a] : pairing.both) {
        const accept::KeyUse &old_use = before.keys[b], &new_use = after.keys[a];
        const Direction direction = !old_use.issuer   ? Direction::stronger
                                    : !new_use.issuer ? Direction::weaker
                                                      : Direction::different;
        if (!is_told(after_identities[a], after.origins, told.changed)) {
            to.text("kid of the key " + label(new_use.key, {}), old_use.kid.value_or(""), new_use.kid.value_or(""));
            diff_readings(to, before_identities[b], after_identities[a]);
        }
        to.text("issuer asked for with the key " + label(new_use.key, new_use.kid), old_use.issuer.value_or(""),
                new_use.issuer.value_or(""), direction);
    }
    to.set("who says which keys", masters_of(before.origins), masters_of(after.origins));
    if (before.algorithms != after.algorithms) return; // which has been said
    for (const auto& [b, a] : pairing.both) {
        const accept::KeyUse &old_use = before.keys[b], &new_use = after.keys[a];
        to.set("algorithms of the key " + label(new_use.key, new_use.kid), names_of(old_use.algorithms),
               names_of(new_use.algorithms));
    }
}

} // namespace jwtdomain::audit::detail
