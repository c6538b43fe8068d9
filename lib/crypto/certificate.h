// What a certificate says about time. Nothing here trusts one: no chain, no signature is looked at.
#pragma once

#include <optional>
#include <string_view>

#include "jwtdomain/base/time.h"

namespace jwtdomain {

// notAfter of an X.509 certificate in DER (RFC 5280 section 4.1.2.5); nullopt if it cannot be read.
std::optional<Time> certificate_expiry(std::string_view der);

} // namespace jwtdomain
