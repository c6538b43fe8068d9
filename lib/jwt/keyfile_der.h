// DER of a key, by what it is. Internal to the key files.
#pragma once

#include <string_view>

#include "jwtdomain/jwt/keyfile.h"

namespace jwtdomain::keyfile {

enum class DerKind { pkcs8, encrypted_pkcs8, pkcs1_private, sec1, spki, pkcs1_public, certificate, unknown };

// By its outermost structure alone.
DerKind kind_of(std::string_view der);

// The key in `der`. `format` is what the file is written in.
Result<LoadedKey> load(DerKind kind, std::string_view der, KeyFormat format, const Passphrase& passphrase);

} // namespace jwtdomain::keyfile
