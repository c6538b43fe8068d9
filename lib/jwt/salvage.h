// Reading what is left of a broken JSON object: for showing, never for deciding.
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain {

struct Salvaged {
    std::string json;   // an object; empty if nothing was left. Names may be there twice
    bool whole = false; // every member of the text is in it
};

// The members of a JSON object before the place where the text stops being JSON. Octets that are not UTF-8 are
// replaced by U+FFFD. A member whose value is cut off, or is nested deeper than 32 levels, is left out with all that
// follow.
Salvaged salvage_object(std::string_view text);

} // namespace jwtdomain
