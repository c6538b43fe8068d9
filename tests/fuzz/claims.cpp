// The header and the claims without their base64url, which a fuzzer does not see through: HEADER, a NUL, CLAIMS.
#include "paths.h"

using namespace jwtdomain;
using namespace jwtdomain::accept;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Path strict = strict_path(), believing = believing_path();
    static PathEngine strict_engine(strict), believing_engine(believing);
    static UnverifiedToken token, other_token;
    const std::string_view text = view(data, size);
    const std::size_t middle = text.find('\0');
    if (middle == std::string_view::npos) return 0;
    const std::string made =
        base64url_encode(text.substr(0, middle)) + "." + base64url_encode(text.substr(middle + 1)) + ".";
    CHECK(!judge(strict, strict_engine, token, made)); // nobody signed it
    judge(believing, believing_engine, other_token, made);
    return 0;
}
