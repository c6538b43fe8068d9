// The parts of the JSON reports of `scan`.
#pragma once

#include "cli/app/json_text.h"
#include "cli/scan/report.h"

namespace jwtdomain::cli {

nlohmann::ordered_json token_json(const FoundToken& token);
nlohmann::ordered_json occurrence_json(const Occurrence& occurrence);
// The same without the braces around it, appended; of the token in ASCII, as reports are written.
void append_occurrence(std::string& out, const Occurrence& occurrence);
nlohmann::ordered_json across_json(const AcrossReport& report);
nlohmann::ordered_json coverage_json(const Coverage& coverage);
nlohmann::ordered_json plan_json(const std::vector<PlanStep>& plan);

} // namespace jwtdomain::cli
