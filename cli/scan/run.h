// Runs a scan: reads what was named, gathers what is found, and writes the report.
#pragma once

#include "cli/app/session.h"
#include "cli/scan/options.h"

namespace jwtdomain::cli {

Exit run_scan(Session& session, const ScanWords& words);

} // namespace jwtdomain::cli
