// Somebody else's program: it sees the installed headers and library only.
#include <jwtdomain/base/base64url.h>
#include <jwtdomain/crypto/key.h>
#include <jwtdomain/policy/model.h>

#include <cstdio>

int main() {
    const auto key = jwtdomain::PrivateKey::generate(jwtdomain::KeyType::p256);
    if (!key) {
        std::fprintf(stderr, "%s\n", jwtdomain::describe(key.error()).c_str());
        return 1;
    }
    std::printf("kid %s\n", key->public_key().thumbprint().c_str());
    return 0;
}
