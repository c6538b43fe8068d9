// The language of nginx's configuration: directives and blocks, as a tree.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/nodes.h"

namespace jwtdomain::gateway::nginx {

struct Directive {
    std::vector<Node> words; // texts, the name first
    bool has_block = false;
    std::vector<Directive> block = {};

    const std::string& name() const { return words.front().text; }
    Mark mark() const { return words.front().mark; }
    std::string word(std::size_t index) const { return index < words.size() ? words[index].text : std::string(); }
};

struct Configuration {
    std::vector<Directive> directives;
    std::string fault; // why it cannot be read; empty if it can
    Mark fault_at = {};
};

// One text. Nothing is included and no variable replaced.
Configuration parse(std::string_view text, std::uint32_t source);

} // namespace jwtdomain::gateway::nginx
