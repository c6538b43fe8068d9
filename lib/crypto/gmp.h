// Internal: GMP, loaded when numbers of millions of bits are first met: its greatest common divisor is subquadratic,
// and OpenSSL's is not. Its header gives types alone; nothing of it is linked.
#pragma once

#include <gmp.h>

#include "jwtdomain/base/result.h"

namespace jwtdomain {

struct GmpLibrary {
    decltype(&::mpz_init) init;
    decltype(&::mpz_clear) clear;
    decltype(&::mpz_import) import_octets;
    decltype(&::mpz_export) export_octets;
    decltype(&::mpz_pow_ui) pow_ui;
    decltype(&::mpz_powm_ui) powm_ui;
    decltype(&::mpz_sub) sub;
    decltype(&::mpz_gcd) gcd;
    decltype(&::mpz_cmp) cmp;
    decltype(&::mpz_sizeinbase) size_in_base;
    decltype(&::mpz_divisible_ui_p) divisible_ui;
    decltype(&::mpz_divexact_ui) divide_exactly_ui;
};

// The same one for the whole run; may be called by several threads. Faults: unsupported (it is not there, or too old).
Result<const GmpLibrary*> gmp_library();

} // namespace jwtdomain
