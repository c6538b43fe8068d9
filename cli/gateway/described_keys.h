// The keys that a configuration leads to: which could be read, and which not, and why.
#pragma once

#include <string>
#include <vector>

#include "cli/app/session.h"
#include "cli/gateway/describe.h"

namespace jwtdomain::cli {

// Reads the files beside the configuration, and what is at URLs as fetch_keys does, each place once.
void read_keys(Session& session, DescribeReport& report);

// Is there a URL among them that could not be read?
bool lacks_fetched(const DescribeReport& report);

} // namespace jwtdomain::cli
