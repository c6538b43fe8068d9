// Which key of an audit everybody has (rule KEY-05). We keep the digests of such keys; secrets are what
// jwt/known_keys.h has of them.
#pragma once

#include "jwtdomain/audit/key_identity.h"
#include "jwtdomain/jwt/known_keys.h"

namespace jwtdomain::audit {

// The known key that has an element of `own` or of `others` in common, `own` first; null if there is none. It lives as
// long as the program. A match in `others` alone means that the key is public under one reading of it.
const KnownKey* find_known_key(const KeyIdentity& identity);

} // namespace jwtdomain::audit
