// Do languages of strings have a word in common? Every separation by issuer, audience or claim comes down to this
// question, so an answer of `none` is a proof, and where the search was cut short the answer is `unknown`.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "jwtdomain/accept/normal.h"

namespace jwtdomain::audit {

enum class Overlap : std::uint8_t { none, some, unknown };

struct CommonWord {
    Overlap overlap = Overlap::none;
    std::string word = {}; // of `some`: the shortest, and of those the first in the order of octets that are printable
    std::string why = {};  // of `unknown`: what was too large
};

// A word that is in each of the languages and not among `excluded`. Without languages: any word. The empty word counts
// as a word. Time and memory are bounded whatever the patterns are.
CommonWord common_word(std::span<const accept::Strings* const> languages, std::span<const std::string> excluded = {});

} // namespace jwtdomain::audit
