// The part of triage's JSON that other reports of tokens have, too.
#pragma once

#include "cli/app/json_text.h"
#include "cli/triage/report.h"

namespace jwtdomain::cli {

nlohmann::ordered_json accepted_json(const TriageReport& report); // who accepts it: a list
// Whose issuer it is of, if somebody else's, and whether the policy's list revokes it, if there is one.
void put_standing(nlohmann::ordered_json& out, const TriageReport& report);

} // namespace jwtdomain::cli
