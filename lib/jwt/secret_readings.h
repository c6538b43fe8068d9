// What a configured secret may stand for: programs read the same text as octets, as hexadecimal or as base64, with or
// without the newline that an editor put at its end.
// Internal: not installed.
#pragma once

#include <string_view>
#include <vector>

#include "jwtdomain/base/secret.h"

namespace jwtdomain {

// What the text gives when it is decoded once: as hexadecimal (with or without "0x"), as base64 or base64url (with or
// without padding, across lines). Nothing for what is neither. The text is trimmed first.
std::vector<SecretBytes> decoded(std::string_view text);

// Every other reading of a secret: its line ends taken away or added, what it decodes to (twice: base64 of hexadecimal
// is common), and how it is written as hexadecimal, base64 and base64url. May hold the secret itself and repeat one.
std::vector<SecretBytes> secret_readings(std::string_view secret);

} // namespace jwtdomain
