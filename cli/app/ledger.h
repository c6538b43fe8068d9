// The store of refresh tokens, and of the audit log, of this machine.
#pragma once

#include "cli/app/session.h"
#include "jwtdomain/refresh/ledger.h"

namespace jwtdomain::cli {

// Faults: those of Ledger::open.
Result<refresh::Ledger> open_ledger(Session& session);

// not_found if there is none yet.
Result<refresh::Ledger> open_existing_ledger(Session& session);

} // namespace jwtdomain::cli
