// Random patterns and texts over the alphabet {a,b,/,.}, small enough that they often meet.
#pragma once

#include <random>
#include <string>

#include "jwtdomain/accept/normal.h"

class RandomPatterns {
public:
    explicit RandomPatterns(unsigned seed) : engine_(seed) {}

    unsigned below(unsigned count) { return static_cast<unsigned>(engine_() % count); }

    std::string text(unsigned longest) {
        std::string out;
        for (unsigned left = below(longest + 1); left > 0; --left) out += "ab/."[below(4)];
        return out;
    }

    // Any pattern but a regular expression.
    jwtdomain::accept::Pattern plain() {
        using jwtdomain::accept::Match;
        constexpr Match kinds[] = {Match::equal, Match::prefix, Match::suffix, Match::contains, Match::glob};
        const Match match = kinds[below(5)];
        std::string words = text(3);
        if (match == Match::glob) {
            for (unsigned stars = below(4); stars > 0; --stars)
                words.insert(below(static_cast<unsigned>(words.size()) + 1), 1, "**?"[below(3)]);
        }
        return {match, words};
    }

    // A regular expression that ECMAScript reads as we do.
    std::string regex() {
        std::string out;
        do {
            out += out.empty() ? "" : "|";
            if (below(3) == 0) out += "^";
            out += sequence(2);
            if (below(3) == 0) out += "$";
        } while (below(4) == 0);
        return out;
    }

private:
    std::string sequence(unsigned depth) {
        std::string out;
        for (unsigned left = below(4); left > 0; --left) {
            out += atom(depth);
            if (below(3) == 0) out += quantifier();
        }
        return out;
    }
    std::string atom(unsigned depth) {
        static const char* const atoms[] = {"a", "b", "\\/", "\\.", ".", "[ab]", "[^a]", "\\w", "\\W", "[.-/]"};
        if (depth == 0 || below(4) > 0) return atoms[below(10)];
        std::string inner = sequence(depth - 1);
        if (below(2) == 0) inner += "|" + sequence(depth - 1);
        return (below(2) == 0 ? "(" : "(?:") + inner + ")";
    }
    std::string quantifier() {
        static const char* const quantifiers[] = {"*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}", "*?", "+?", "{0}"};
        return quantifiers[below(10)];
    }

    std::mt19937 engine_;
};
