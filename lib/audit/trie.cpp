#include "jwtdomain/audit/trie.h"

#include <algorithm>

namespace jwtdomain::audit {

Trie::Trie(std::span<const std::string> words) : nodes_(1), words_(words.size()) {
    for (const std::string& word : words) {
        std::uint32_t at = 0;
        for (const char c : word) {
            const auto octet = static_cast<unsigned char>(c);
            auto& children = nodes_[at].children;
            const auto place = std::lower_bound(children.begin(), children.end(), std::pair(octet, std::uint32_t{0}));
            if (place != children.end() && place->first == octet) {
                at = place->second;
                continue;
            }
            const auto added = static_cast<std::uint32_t>(nodes_.size());
            children.insert(place, {octet, added});
            nodes_.emplace_back();
            at = added;
        }
        nodes_[at].is_word = true;
    }
}

} // namespace jwtdomain::audit
