// What resources publish of themselves (RFC 9728), held against the policy: a resource that sends its clients to an
// authorization server takes that one's tokens.
#pragma once

#include <vector>

#include "cli/app/session.h"
#include "jwtdomain/audit/rule_check.h"

namespace jwtdomain::cli {

// ISS-03 for each authorization server that is neither the issuer of the resource's domain nor one of a trust edge into
// it. Metadata that cannot be used are warned of; that a resource has none is noted. A host that does not answer is
// asked once.
std::vector<audit::RuleFinding> check_resource_metadata(Session& session, const audit::Estate& estate);

} // namespace jwtdomain::cli
