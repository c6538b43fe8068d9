// Attackers, each able to do all that the one before can.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace jwtdomain::audit {

enum class Attacker : std::uint8_t {
    outsider,       // has public information only: keys and documents as they are published
    replay,         // has tokens as the domain's issuer mints them by default
    insider,        // has any token that the domain's issuance profile permits
    stolen_key,     // signs any header and claims with the domain's keys
    hostile_issuer, // also puts any keys into every key source that the domain controls
};

inline constexpr std::array kAttackers{Attacker::outsider, Attacker::replay, Attacker::insider, Attacker::stolen_key,
                                       Attacker::hostile_issuer};

std::string_view name_of(Attacker attacker);  // "stolen-key"
std::string_view describe(Attacker attacker); // "whoever holds a private key of it", after "staging: "
std::optional<Attacker> find_attacker(std::string_view name);

} // namespace jwtdomain::audit
