// evidence.json: what one run is evidence of, in one document.
#pragma once

#include <string>
#include <vector>

#include "cli/audit/report.h"
#include "jwtdomain/audit/certificate.h"

namespace jwtdomain::cli {

std::string manifest_of(const audit::Estate& estate, const AuditReport& report, const std::vector<audit::Input>& inputs,
                        bool certified);

std::string matrix_csv(const AuditReport& report);   // every pair of a source and a service
std::string findings_csv(const AuditReport& report); // every issue, with who accepted it

} // namespace jwtdomain::cli
