// The whole program but for main: tests run it in a made-up world.
#pragma once

#include <string>
#include <vector>

#include "cli/app/world.h"

namespace jwtdomain::cli {

// `arguments` without the program's name. Gives the exit status.
int run(const std::vector<std::string>& arguments, World& world);

} // namespace jwtdomain::cli
