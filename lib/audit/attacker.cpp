#include "jwtdomain/audit/attacker.h"

namespace jwtdomain::audit {

std::string_view name_of(Attacker attacker) {
    switch (attacker) {
    case Attacker::outsider: return "outsider";
    case Attacker::replay: return "replay";
    case Attacker::insider: return "insider";
    case Attacker::stolen_key: return "stolen-key";
    case Attacker::hostile_issuer: return "hostile-issuer";
    }
    return {};
}

std::string_view describe(Attacker attacker) {
    switch (attacker) {
    case Attacker::outsider: return "anybody, with public information only";
    case Attacker::replay: return "whoever has a token as its issuer mints them by default";
    case Attacker::insider: return "whoever can get any token that its issuance profile permits";
    case Attacker::stolen_key: return "whoever holds one of its private keys";
    case Attacker::hostile_issuer: return "whoever controls its key sources";
    }
    return {};
}

std::optional<Attacker> find_attacker(std::string_view name) {
    for (const Attacker attacker : kAttackers) {
        if (name_of(attacker) == name) return attacker;
    }
    return std::nullopt;
}

} // namespace jwtdomain::audit
