// The steps of `jwtdomain rotate`.
#pragma once

#include "cli/rotate/options.h"
#include "cli/rotate/report.h"
#include "cli/rotate/state.h"

namespace jwtdomain::cli {

// Does what is due now, or what --emergency or --now ask for. Whatever is interrupted at any instant is taken up by the
// next run. Faults: those of open_rotation; retry (another process is at it); usage and not_found (the private keys are
// elsewhere, and --public is not given).
Result<RotateReport> rotate(Session& session, const RotateOptions& options);

// Nothing is written by these.
Result<RotateReport> plan_rotation(Session& session, const RotateOptions& options);
Result<SimulationReport> simulate_rotation(Session& session, const RotateOptions& options);

} // namespace jwtdomain::cli
