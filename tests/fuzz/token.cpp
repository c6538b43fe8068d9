// No text but the one that was signed is accepted on a path that checks signatures: no second spelling of it either.
#include "paths.h"

using namespace jwtdomain;
using namespace jwtdomain::accept;

namespace {

constexpr std::string_view kSigned = // RFC 7515 A.1
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Path strict = strict_path(), believing = believing_path();
    static PathEngine strict_engine(strict), believing_engine(believing);
    static UnverifiedToken token, other_token;
    const std::string_view text = view(data, size);
    CHECK(judge(strict, strict_engine, token, text) == (text == kSigned));
    judge(believing, believing_engine, other_token, text);
    const std::string_view trimmed = trim_token(text);
    CHECK(trimmed.size() <= size && trim_token(trimmed).size() <= trimmed.size());
    return 0;
}
