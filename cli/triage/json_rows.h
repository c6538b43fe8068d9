// The part of triage's JSON that other reports of tokens have, too.
#pragma once

#include "cli/app/json_text.h"
#include "cli/triage/report.h"

namespace jwtdomain::cli {

nlohmann::ordered_json accepted_json(const TriageReport& report); // who accepts it: a list

} // namespace jwtdomain::cli
