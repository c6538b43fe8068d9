#include "cli/app/ledger.h"

namespace jwtdomain::cli {

Result<refresh::Ledger> open_ledger(Session& session) {
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    return refresh::Ledger::open(*state);
}

Result<refresh::Ledger> open_existing_ledger(Session& session) {
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    return refresh::Ledger::open_existing(*state);
}

} // namespace jwtdomain::cli
