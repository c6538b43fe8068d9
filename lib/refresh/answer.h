// Internal: what a client is sent.
#pragma once

#include "jwtdomain/refresh/ledger.h"

namespace jwtdomain::refresh {

// RFC 6749 section 5.1. `refresh_token` may be null: the one that was presented stays.
SecretBytes token_response(const Minted& minted, const RefreshToken* refresh_token, bool bound, Time now);

} // namespace jwtdomain::refresh
