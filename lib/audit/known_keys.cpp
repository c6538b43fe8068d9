#include "jwtdomain/audit/known_keys.h"

#include <string>

#include "jwtdomain/base/secret.h"

namespace jwtdomain::audit {
namespace {

const KnownKey* find(const std::string& element) {
    char hex[64];
    for (std::size_t i = 0; i < sizeof hex; ++i) {
        const auto octet = static_cast<unsigned char>(element[i / 2]);
        hex[i] = "0123456789abcdef"[i % 2 == 0 ? octet >> 4 : octet & 15];
    }
    const KnownKey* const known = find_known_key_by_digest({hex, sizeof hex});
    wipe(hex, sizeof hex); // it may be the digest of a secret
    return known;
}

} // namespace

const KnownKey* find_known_key(const KeyIdentity& identity) {
    for (const std::vector<std::string>* elements : {&identity.own, &identity.others}) {
        for (const std::string& element : *elements) {
            if (const KnownKey* const key = find(element)) return key;
        }
    }
    return nullptr;
}

} // namespace jwtdomain::audit
