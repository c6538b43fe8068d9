// A verifier in the words of the policy's format, read by itself: the normal form as people and importers write it.
#pragma once

#include "jwtdomain/base/document.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

// `node` has the fields of `jwtdomain schema verifier`; `number` is its own among the verifiers of its domain, from 1.
// What it says of domains is not checked. Faults: invalid, with the place in `file`.
Result<DeclaredVerifier> read_verifier(const document::Node& node, const std::string& file, std::size_t number);

} // namespace jwtdomain::policy
