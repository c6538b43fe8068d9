#include "jwtdomain/crypto/gmp.h"

#include "jwtdomain/base/shared_library.h"

namespace jwtdomain {
namespace {

LoadedLibrary<GmpLibrary> load_gmp() {
    LoadedLibrary<GmpLibrary> out;
    SharedLibrary file({"libgmp.so.10"});
    GmpLibrary& f = out.functions;
    file.find("__gmpz_init", f.init);
    file.find("__gmpz_clear", f.clear);
    file.find("__gmpz_import", f.import_octets);
    file.find("__gmpz_export", f.export_octets);
    file.find("__gmpz_pow_ui", f.pow_ui);
    file.find("__gmpz_powm_ui", f.powm_ui);
    file.find("__gmpz_sub", f.sub);
    file.find("__gmpz_gcd", f.gcd);
    file.find("__gmpz_cmp", f.cmp);
    file.find("__gmpz_sizeinbase", f.size_in_base);
    file.find("__gmpz_divisible_ui_p", f.divisible_ui);
    file.find("__gmpz_divexact_ui", f.divide_exactly_ui);
    out.usable = file.whole();
    return out;
}

} // namespace

Result<const GmpLibrary*> gmp_library() {
    static const LoadedLibrary<GmpLibrary> loaded = load_gmp();
    return loaded.get("libgmp", "libgmp10");
}

} // namespace jwtdomain
