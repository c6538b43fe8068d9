// Many tokens from standard input, a report a line.
#pragma once

#include "cli/app/session.h"
#include "cli/triage/basis.h"

namespace jwtdomain::cli {

// Each line is a token as it was found, or an object that holds one as `token` and perhaps its `id`. Gives the worst of
// what each would have alone.
Exit triage_lines(Session& session, const TriageBasis& basis);

} // namespace jwtdomain::cli
