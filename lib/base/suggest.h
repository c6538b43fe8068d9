// Suggestions for misspelt names.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain {

// The name that `word` was most likely meant to be, or empty if none is near. Near is: equal but for case, a few typing
// errors (letters missing, added, changed or swapped; more in longer words), or the beginning of exactly one name.
// Of equally near names the first. The answer refers to `names`.
std::string_view nearest(std::string_view word, std::span<const std::string_view> names);
std::string_view nearest(std::string_view word, const std::vector<std::string>& names);

// "did you mean NAME? ", for the beginning of a hint; empty if none is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& names);

} // namespace jwtdomain
