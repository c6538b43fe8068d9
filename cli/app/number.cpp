#include "cli/app/number.h"

#include <charconv>

namespace jwtdomain::cli {

Result<std::size_t> parse_number(const std::string& text, const char* option, std::size_t most) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size() && number >= 1 && number <= most) return number;
    return fail(Fault::usage, std::string(option) + " takes a number from 1 to " + std::to_string(most));
}

} // namespace jwtdomain::cli
