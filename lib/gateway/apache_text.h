// The language of Apache httpd's configuration: directives and sections, as a tree.
// Internal: not installed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"

namespace jwtdomain::gateway::apache {

struct Directive {
    std::string name; // in lower case; of a section with its '<'
    std::string args; // as they are written, with variables of Define in place; of a section without its '>'
    document::Mark mark;
    std::vector<Directive> inner = {}; // of a section
};

struct Configuration {
    std::vector<Directive> directives;
    std::string fault; // why it cannot be read; empty if it can
    document::Mark fault_at;
};

// One text. Nothing is included and no variable replaced.
Configuration parse(std::string_view text, std::uint32_t source);

// All of them, as one server has them: a file that another one includes by its name stands where it is included; what
// is included and is not among the sources stays an `include`.
Configuration parse_together(std::span<const Source> sources);

// The words of arguments, without their quotes.
std::vector<std::string> words(std::string_view args);

// Takes the first word off.
std::string take_word(std::string_view& args);

// Does it hold a variable that is not known here?
bool has_variable(std::string_view text);

} // namespace jwtdomain::gateway::apache
