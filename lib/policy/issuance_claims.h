// The claims of an issued token beside the registered ones: which may be given, and how they are laid out. Internal to
// issuance.cpp.
// Internal: not installed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/mint.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy::issuance {

// A value at a claim path.
struct Placed {
    std::vector<std::string> path;
    std::string json;
};

std::vector<std::string> claim_path(const std::string& text);

// Members of one object: values whose paths begin with the same name come together in an object of that name.
std::vector<RawMember> nest(std::vector<Placed> placed);

// Claims that the caller gives: none of those that the policy fixes, none twice, all within the profile. Faults: usage.
Status check_claims(const Domain& domain, const std::vector<RawMember>& claims);

// Where the domain demands one certain value of a claim and the caller says nothing of it, that value is taken.
void add_fixed_matches(const Domain& domain, const std::vector<RawMember>& given, std::vector<Placed>& placed);

// What the domain requires beyond the registered claims. Faults: usage, with the option that gives it.
Status check_required(const Domain& domain, json::Value claims);

std::string quoted(std::string_view text);
std::string listed(const std::vector<std::string>& values); // the first few
std::vector<std::string> split_words(std::string_view text);
std::string join_words(const std::vector<std::string>& words);
std::string one_or_list(const std::vector<std::string>& values); // as JSON: RFC 7519 section 4.1.3

} // namespace jwtdomain::policy::issuance
