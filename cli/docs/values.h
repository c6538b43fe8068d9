// What shells are told about a value.
#pragma once

#include <string>
#include <vector>

#include "cli/docs/document.h"

namespace jwtdomain::cli {

struct Values {
    enum class Kind { none, words, file, directory, domain, token } kind = Kind::none;
    std::vector<std::string> words; // all candidates; of Kind::words only
};

Values values_of(const Command& command, const OptionSpec& option);
Values values_of(const ArgumentSpec& argument); // of type token: a file after "@"

// The help text in a line: no backquotes, no quotes of the shells.
std::string plain_help(std::string_view help);

} // namespace jwtdomain::cli
