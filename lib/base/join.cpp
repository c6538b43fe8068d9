#include "jwtdomain/base/join.h"

namespace jwtdomain {

std::string join(const std::vector<std::string>& words, std::string_view between) {
    std::string out;
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (i > 0) out += between;
        out += words[i];
    }
    return out;
}

std::vector<std::string> split(std::string_view text, char between) {
    std::vector<std::string> out(1);
    for (const char c : text) {
        if (c == between)
            out.emplace_back();
        else
            out.back() += c;
    }
    return out;
}

} // namespace jwtdomain
