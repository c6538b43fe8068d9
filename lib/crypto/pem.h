// PEM (RFC 7468): blocks of base64 between lines of dashes. Internal to the library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"

namespace jwtdomain::pem {

struct Block {
    std::string label;      // "PRIVATE KEY"
    bool legacy_encryption; // has the Proc-Type header of RFC 1421: the octets are encrypted
    SecretBytes der;
};

// All blocks of a text; what stands between them is explanatory text. Faults: invalid, limit (more than 64).
Result<std::vector<Block>> read(std::string_view text);

SecretBytes write(std::string_view label, std::string_view der);

} // namespace jwtdomain::pem
