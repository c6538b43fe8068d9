// Keys that a hand-written verifier fetches from a place that is made of a claim; no part of the interface.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy::detail {

// The path once for each value that it lets the claim have, with the places that those make; as it is if it names no
// claim, does not list the values, or would become more than kMostPlaces: nobody then knows where its keys are.
constexpr std::size_t kMostPlaces = 1000;
std::vector<DeclaredPath> with_places(const DeclaredPath& path);

// Does whoever writes a token choose the host of a place that with_places() has left as it is?
bool is_chosen_by_token(const DeclaredPath& path, const DeclaredKeys& keys);

} // namespace jwtdomain::policy::detail
