// Internal: the depth of one path against the tokens of one domain, of which those of pairs and estates are the least.
#pragma once

#include "jwtdomain/audit/depth.h"

namespace jwtdomain::audit::detail {

// Without edits: it is not known, or nothing opens the path again. Tokens of a trust edge do not count: what keeps the
// others out does.
Depth depth_of(const Estate& estate, const Mintable& tokens, std::size_t service, const accept::Path& path);

void keep_nearer(Depth& nearest, Depth other);

// Are its keys found through its issuer, so that both are one fact?
bool found_by_issuer(const accept::Path& path);

// Is it closed, and stays so?
bool has_ended(const accept::Path& path, Time now);

} // namespace jwtdomain::audit::detail
