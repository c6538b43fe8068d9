// What `jwtdomain revoke` does.
#pragma once

#include "cli/app/session.h"
#include "cli/revoke/options.h"

namespace jwtdomain::cli {

Exit revoke(Session& session, const RevokeOptions& options);
Exit list_revocations(Session& session);
Exit import_revocations(Session& session, const std::string& file);

} // namespace jwtdomain::cli
