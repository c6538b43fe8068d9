// What was read as a key is written and read again as the same key; what is published holds no private member.
#include "jwtdomain/jwt/jwk.h"
#include "check.h"
#include "jwtdomain/base/json.h"

using namespace jwtdomain;

namespace {

void check_public(const Jwk& jwk) {
    const auto* key = std::get_if<PublicKey>(&jwk.key);
    if (key == nullptr) return;
    const std::string text = write_jwk(*key, jwk.metadata);
    const auto again = parse_jwk(text);
    CHECK(again && !again->had_private_members && identity_of(again->key) == key->identity());
    CHECK(again->metadata.kid == jwk.metadata.kid && again->metadata.algorithm == jwk.metadata.algorithm);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = view(data, size);
    if (const auto jwk = parse_jwk(text)) check_public(*jwk);
    if (const auto set = parse_jwks(text)) {
        for (const Jwk& jwk : set->keys) check_public(jwk);
    }
    if (const auto jwk = parse_private_jwk(text)) {
        const auto written = write_private_jwk(jwk->key, jwk->metadata);
        CHECK(written);
        const auto again = parse_private_jwk(written->expose());
        CHECK(again && thumbprint_of(again->key) == thumbprint_of(jwk->key));
    }
    return 0;
}
