#include "jwtdomain/audit/public_tokens.h"

#include <utility>

namespace jwtdomain::audit {

std::vector<PublicTokens> public_tokens(const Estate& estate) {
    std::vector<PublicTokens> out;
    if (estate.policy->exchange.empty()) return out;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        const SameKey known = is_public(estate, estate.keys[d]);
        if (known == SameKey::no) continue;
        for (Mintable& tokens : closure(*estate.policy, d, Attacker::insider)) {
            if (tokens.route.empty()) continue;
            tokens.attacker = Attacker::outsider;
            out.push_back({std::move(tokens), known == SameKey::yes});
        }
    }
    return out;
}

} // namespace jwtdomain::audit
