// Adding up what several runs have found, each in a part of the whole.
#pragma once

#include "cli/app/session.h"
#include "cli/scan/options.h"

namespace jwtdomain::cli {

// `scan merge REPORT...`: the paths behind the word are reports, `-` is standard input.
Exit run_scan_merge(Session& session, const ScanWords& words);

} // namespace jwtdomain::cli
