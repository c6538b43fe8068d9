// Whose token it is, by what it says itself: nobody has verified that.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "jwtdomain/audit/estate.h"

namespace jwtdomain::cli {

// Domains with the issuer of these claims (JSON): of several, those whose domain claim it carries, and of these those
// that it names in `aud`. More than one: nothing in it tells them apart.
std::vector<std::size_t> claimed_domains(const audit::Estate& estate, const std::string& claims);

// Of an object at the top; empty if it is not there, or no text.
std::string claim_text(const std::string& claims, const std::string& name);

} // namespace jwtdomain::cli
