// Many tokens from standard input, a report a line.
#pragma once

#include "cli/app/session.h"
#include "jwtdomain/accept/engine.h"
#include "jwtdomain/audit/estate.h"

namespace jwtdomain::cli {

// Each line is a token as it was found, or an object that holds one as `token` and perhaps its `id`. `estate` may be
// null: there is no policy. Gives the worst of what each would have alone.
Exit triage_lines(Session& session, const audit::Estate* estate, const accept::Context& context);

} // namespace jwtdomain::cli
