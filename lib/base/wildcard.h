// Wildcards: the one matcher of strings, and the rules for paths on top of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"

namespace jwtdomain::wildcard {

enum class Unit : std::uint8_t { octet, character }; // what '?' stands for; a character is one code point of UTF-8

// '*' is any run of octets, none too, '?' one unit; nothing else is special. Takes |pattern| * |text| steps at most.
bool matches(std::string_view pattern, std::string_view text, Unit unit);

// For the name of one file: '?' is a character, and a leading '.' is only matched by a '.'.
bool name_matches(std::string_view pattern, std::string_view name);

// A pattern of paths as its names, "**" being any number of directories. Empty names and "." are dropped; the last name
// is never "**". Faults: invalid (it is empty, absolute, leaves its directory, ends in '/', holds a NUL).
Result<std::vector<std::string>> split_path(std::string_view pattern);

// Whether a walk through the directories would find `path` (relative, without "." and "..") by this pattern: "**/" does
// not pass directories that begin with '.'. A pattern that cannot be split matches nothing.
bool path_matches(std::string_view pattern, std::string_view path);

} // namespace jwtdomain::wildcard
