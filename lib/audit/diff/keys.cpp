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

bool is_told(const KeyIdentity& identity, const ToldKeys& told) {
    return std::any_of(identity.own.begin(), identity.own.end(),
                       [&](const std::string& id) { return told.count(id) != 0; });
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
    const auto tell = [&](const KeyIdentity& identity) { told.insert(identity.own.begin(), identity.own.end()); };
    for (const std::size_t a : pairing.come) {
        const Jwk& key = after.keys.keys[a];
        to.came("key", label(key.key, key.metadata.kid), Direction::weaker);
        tell(after.keys.identities[a]);
    }
    for (const std::size_t b : pairing.gone) {
        const Jwk& key = before.keys.keys[b];
        to.went("key", label(key.key, key.metadata.kid), Direction::stronger);
        tell(before.keys.identities[b]);
    }
    for (const auto& [b, a] : pairing.both) diff_key(to, before.keys.keys[b], after.keys.keys[a]);
}

void diff_key_uses(const Recorder& to, const accept::Signing& before, const Identities& before_identities,
                   const accept::Signing& after, const Identities& after_identities, const ToldKeys& told) {
    const Pairing pairing = match_keys(before_identities, after_identities);
    for (const std::size_t a : pairing.come) {
        if (!is_told(after_identities[a], told))
            to.came("key", label(after.keys[a].key, after.keys[a].kid), Direction::weaker);
    }
    for (const std::size_t b : pairing.gone) {
        if (!is_told(before_identities[b], told))
            to.went("key", label(before.keys[b].key, before.keys[b].kid), Direction::stronger);
    }
    for (const auto& [b, a] : pairing.both) {
        const accept::KeyUse &old_use = before.keys[b], &new_use = after.keys[a];
        const Direction direction = !old_use.issuer   ? Direction::stronger
                                    : !new_use.issuer ? Direction::weaker
                                                      : Direction::different;
        to.text("issuer asked for with the key " + label(new_use.key, new_use.kid), old_use.issuer.value_or(""),
                new_use.issuer.value_or(""), direction);
    }
    if (before.algorithms != after.algorithms) return; // which has been said
    for (const auto& [b, a] : pairing.both) {
        const accept::KeyUse &old_use = before.keys[b], &new_use = after.keys[a];
        to.set("algorithms of the key " + label(new_use.key, new_use.kid), names_of(old_use.algorithms),
               names_of(new_use.algorithms));
    }
}

} // namespace jwtdomain::audit::detail
