// The texts of --help, in 80 columns, from the declarations.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/app/command.h"

namespace jwtdomain::cli {

std::vector<std::string> option_names(const OptionSpec& option); // {"--domain", "-d"}
std::string synopsis(const Command& command, const Declaration& declaration);
std::string command_help(const Command& command, const Declaration& declaration);
std::string program_help();

} // namespace jwtdomain::cli
