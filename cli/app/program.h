// Running a program for the user: words and no shell, input on its standard input, bounded in time and output.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"

namespace jwtdomain::cli {

// Cuts a command line into words at spaces, as a shell does with quotes and backslashes; nothing else of a shell's
// language is known. Faults: usage (no word, a quote that is not closed).
Result<std::vector<std::string>> split_command(std::string_view text);

// What stands behind "cmd:", by which options name a program; nullopt: something else is named.
std::optional<std::string_view> command_in(std::string_view text);

struct ProgramLimits {
    int milliseconds = 60'000; // a person may have to touch a security key
    std::size_t output = 64u << 10;
};

struct Ended {
    int status = 0; // that it ended with by itself
    std::string output;
};
// As run_program, but whatever status it ends with is an answer.
Result<Ended> run_to_end(const std::vector<std::string>& words, std::string_view input,
                         const ProgramLimits& limits = {});

// What the program writes to standard output. It gets `input` on standard input; its standard error is ours. Beyond a
// limit, and when it is not zero that it ends with, it has failed, and is killed. Faults: not_found, invalid, limit,
// unreadable.
Result<std::string> run_program(const std::vector<std::string>& words, std::string_view input,
                                const ProgramLimits& limits = {});

} // namespace jwtdomain::cli
