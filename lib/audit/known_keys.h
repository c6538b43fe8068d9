// Keys that everybody has (rule KEY-05): the examples of the RFCs, the keys that jwt.io fills in, the secrets in
// samples and defaults of frameworks. We keep their digests, not the keys.
#pragma once

#include <string_view>

#include "jwtdomain/audit/key_identity.h"

namespace jwtdomain::audit {

struct KnownKey {
    std::string_view name;   // "the RSA key of RFC 7515 appendix A.2": for sentences
    std::string_view source; // where anybody can read it: a document, a repository with its commit
};

// The known key that has an element of `own` or of `others` in common, `own` first; null if there is none. It lives as
// long as the program. A match in `others` alone means that the key is public under one reading of it.
const KnownKey* find_known_key(const KeyIdentity& identity);

} // namespace jwtdomain::audit
