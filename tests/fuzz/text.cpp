// Times and durations are read back as written; what was escaped is harmless; suggestions do not crash.
#include <algorithm>
#include <string>

#include "check.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/base/time.h"

using namespace jwtdomain;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = view(data, size);
    if (const auto time = parse_time(text)) CHECK(parse_time(format_time(*time)) == *time);
    if (const auto span = parse_duration(text)) CHECK(parse_duration(format_duration(*span)) == *span);

    const std::string escaped = escape_text(text);
    std::string rest = escaped;
    rest.erase(std::remove(rest.begin(), rest.end(), '\\'), rest.end());
    CHECK(is_plain(rest));
    CHECK(is_plain(text) == (escaped == text));
    CHECK(escape_text(text, size * 10) == escaped);
    CHECK(find_invalid_utf8(escape_text(text, size / 2)) == std::string_view::npos);

    const std::string_view names[] = {text.substr(0, size / 2), "prod", text.substr(size / 2)};
    const std::string_view found = nearest(text, names);
    CHECK(found.empty() || std::find(std::begin(names), std::end(names), found) != std::end(names));
    return 0;
}
