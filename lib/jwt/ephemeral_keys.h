// Keys that are in nobody's hands: examples of what crosses are signed with such, and what must be refused.
#pragma once

#include <map>

#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain {

// One of each type, made when it is first needed. Faults: internal.
class EphemeralKeys {
public:
    Result<SigningKey> of(KeyType type);

private:
    std::map<KeyType, SigningKey> keys_;
};

} // namespace jwtdomain
