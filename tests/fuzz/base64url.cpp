// One spelling for each octet string; the lenient reader takes all that the strict one does.
#include <string>

#include "check.h"
#include "jwtdomain/base/base64url.h"

using namespace jwtdomain;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static std::string octets, lenient;
    const std::string_view text = view(data, size);
    std::size_t at = 0;
    const bool good = base64url_decode(text, octets, &at) == Base64Defect::none;
    CHECK(good || at < size);
    if (good) CHECK(base64url_encode(octets) == text && base64_decode_lenient(text, lenient) && lenient == octets);
    CHECK(base64url_decode(base64url_encode(text), octets) == Base64Defect::none && octets == text);
    CHECK(base64_decode_lenient(base64_encode(text), lenient) && lenient == text);
    return 0;
}
