#include "jwtdomain/crypto/gmp.h"

#include <dlfcn.h>

namespace jwtdomain {
namespace {

struct LoadedGmp {
    GmpLibrary functions = {};
    bool whole = false;
};

template <class Function> bool find_in(void* handle, const char* name, Function& to) {
    to = handle ? reinterpret_cast<Function>(dlsym(handle, name)) : nullptr;
    return to != nullptr;
}

LoadedGmp load_gmp() {
    LoadedGmp out;
    GmpLibrary& f = out.functions;
    void* const handle = dlopen("libgmp.so.10", RTLD_NOW | RTLD_LOCAL);
    out.whole = find_in(handle, "__gmpz_init", f.init) && find_in(handle, "__gmpz_clear", f.clear) &&
                find_in(handle, "__gmpz_import", f.import_octets) &&
                find_in(handle, "__gmpz_export", f.export_octets) && find_in(handle, "__gmpz_pow_ui", f.pow_ui) &&
                find_in(handle, "__gmpz_powm_ui", f.powm_ui) && find_in(handle, "__gmpz_sub", f.sub) &&
                find_in(handle, "__gmpz_gcd", f.gcd) && find_in(handle, "__gmpz_cmp", f.cmp) &&
                find_in(handle, "__gmpz_sizeinbase", f.size_in_base) &&
                find_in(handle, "__gmpz_divisible_ui_p", f.divisible_ui) &&
                find_in(handle, "__gmpz_divexact_ui", f.divide_exactly_ui);
    return out;
}

} // namespace

Result<const GmpLibrary*> gmp_library() {
    static const LoadedGmp loaded = load_gmp();
    if (loaded.whole) return &loaded.functions;
    return fail(Fault::unsupported, "libgmp is not installed, or too old", "apt-get install libgmp10");
}

} // namespace jwtdomain
