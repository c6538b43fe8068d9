// HAProxy's own language, taken apart into sections, lines and words. Nothing here knows what a word does.
// Internal: not installed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"

namespace jwtdomain::gateway::haproxy {

struct Word {
    std::string text; // without its quotes and escapes
    document::Mark mark;
    bool elsewhere = false; // a variable of the environment is part of it, so that it is not known
};

using Line = std::vector<Word>; // never empty

struct Section {
    std::string kind; // "frontend"
    std::string name; // may be empty
    std::string from; // the named defaults that it asks for
    document::Mark mark;
    std::vector<Line> lines = {};
};

struct Configuration {
    std::vector<Section> sections;
    bool conditional = false; // lines between .if and .endif: which of them are there is not known
    bool plausible = true;    // nothing stands before the first section, and each begins as it has to
};

// Of all sources in order. Any text has a reading.
Configuration read_text(std::span<const Source> sources);

} // namespace jwtdomain::gateway::haproxy
