#include "jwtdomain/accept/media_type.h"

#include <algorithm>

namespace jwtdomain::accept {
namespace {

std::string_view short_type(std::string_view type) {
    constexpr std::string_view kApplication = "application/";
    const bool prefixed = equal_ignoring_case(type.substr(0, kApplication.size()), kApplication);
    return prefixed && type.find('/', kApplication.size()) == std::string_view::npos ? type.substr(kApplication.size())
                                                                                     : type;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

} // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [&](char x, char y) { return lower(x) == lower(y); });
}

bool same_media_type(std::string_view a, std::string_view b) {
    return equal_ignoring_case(short_type(a), short_type(b));
}

std::string plain_media_type(std::string_view type) {
    std::string out(short_type(type));
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

} // namespace jwtdomain::accept
