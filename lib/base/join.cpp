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

} // namespace jwtdomain
