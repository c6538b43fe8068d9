#include "jwtdomain/jwt/ephemeral_keys.h"

namespace jwtdomain {
namespace {

constexpr std::size_t kSecretOctets = 64;

} // namespace

Result<SigningKey> EphemeralKeys::of(KeyType type) {
    if (const auto found = keys_.find(type); found != keys_.end()) return found->second;
    Result<SigningKey> made = fail(Fault::internal, "no key could be made");
    if (type == KeyType::hmac) {
        auto key = HmacKey::generate(kSecretOctets);
        if (key) made = SigningKey(std::move(*key));
    } else {
        auto key = PrivateKey::generate(type);
        if (key) made = SigningKey(std::move(*key));
    }
    if (made) keys_.emplace(type, *made);
    return made;
}

} // namespace jwtdomain
