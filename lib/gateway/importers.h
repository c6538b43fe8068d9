// Each importer's two functions; gateway.cpp has the table. No part of the interface.
// Internal: not installed.
#pragma once

#include <span>
#include <vector>

#include "jwtdomain/base/document.h"

namespace jwtdomain::gateway {

using Documents = std::span<const document::Node>;
using Verifiers = std::vector<document::Node>;

bool recognises_normal_form(Documents documents);
Verifiers read_normal_form(Documents documents);

bool recognises_envoy(Documents documents);
Verifiers read_envoy(Documents documents);

} // namespace jwtdomain::gateway
