#include "jwtdomain/base/uri.h"

#include <algorithm>
#include <utility>

namespace jwtdomain {

std::string normal_uri(std::string_view uri) {
    const std::size_t scheme = uri.find("://");
    if (scheme == std::string_view::npos) return std::string(uri);
    const std::size_t end = std::min(uri.find_first_of("/?#", scheme + 3), uri.size());
    std::string out(uri.substr(0, end));
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    for (const auto& [own, port] : {std::pair{"https://", ":443"}, std::pair{"http://", ":80"}}) {
        const std::size_t length = std::string_view(port).size();
        if (out.rfind(own, 0) == 0 && out.size() > length && out.compare(out.size() - length, length, port) == 0)
            out.resize(out.size() - length);
    }
    out += uri.substr(end);
    while (!out.empty() && out.back() == '/') out.pop_back();
    return out;
}

} // namespace jwtdomain
