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
    // Of `some`: well-formed UTF-8. An exact word of one of the languages if one is common, otherwise the shortest, and
    // of those the first when letters come before digits before other printable octets before the rest.
    std::string word = {};
    std::string why = {}; // of `unknown`: what was too large, or could not be analysed
};

// A word that is in each of the languages and not among `excluded`. Without languages, or where all take any word: "x",
// or "x1" and so on. The empty word counts as a word. A pattern that does not compile may have any words: then there
// is no `none`. Nor is there where all common words are not UTF-8: no JSON string is one of them, but a verifier may be
// lax. Time and memory are bounded whatever the patterns are, by counts of what is looked at.
CommonWord common_word(std::span<const accept::Strings* const> languages, std::span<const std::string> excluded = {});

} // namespace jwtdomain::audit
