// Every exit status, in one place. The tables in the man page and in `explain` are made from this one.
#pragma once

#include <span>
#include <string_view>

#include "jwtdomain/base/result.h"

namespace jwtdomain::cli {

enum class Exit : int {
    yes = 0,
    no = 1,
    usage = 2,
    undecided = 3,
    no_input = 4,
    retry = 5,
    internal = 70,
};

struct ExitInfo {
    Exit status;
    std::string_view name;
    std::string_view meaning;
};

std::span<const ExitInfo> exit_statuses();

// The status of a failure.
Exit exit_of(Fault fault);

// Where several hold, the one to exit with: 70, 2, 1, 3, 4, 5, 0.
Exit worse(Exit a, Exit b);

} // namespace jwtdomain::cli
