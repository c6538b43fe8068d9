// Internal: a set of words, walked octet by octet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace jwtdomain::audit {

class Trie {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX; // no word begins so
    struct Node {
        std::vector<std::pair<unsigned char, std::uint32_t>> children; // ordered by octet
        bool is_word = false;
    };

    explicit Trie(std::span<const std::string> words);

    std::uint32_t root() const { return words_ == 0 ? kNone : 0; }
    const Node& node(std::uint32_t index) const { return nodes_[index]; }
    bool is_word(std::uint32_t index) const { return index != kNone && nodes_[index].is_word; }

private:
    std::vector<Node> nodes_;
    std::size_t words_ = 0;
};

} // namespace jwtdomain::audit
