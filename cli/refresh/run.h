// What `jwtdomain refresh` does.
#pragma once

#include "cli/app/session.h"
#include "cli/refresh/options.h"

namespace jwtdomain::cli {

// The token is on standard input or in a file, and is exchanged.
Exit refresh_token(Session& session, const RefreshOptions& options);

// The same for each line of standard input.
Exit refresh_lines(Session& session, const RefreshOptions& options);

// What is in the store.
Exit list_families(Session& session, const RefreshOptions& options);
Exit show_family(Session& session, const std::string& name);
Exit check_store(Session& session);

} // namespace jwtdomain::cli
