// The words by which the machine formats of `audit` call things. They never change.
#pragma once

#include <string>
#include <string_view>

#include "cli/audit/report.h"

namespace jwtdomain::cli {

std::string_view code_of(audit::Service::State state);
std::string_view code_of(audit::Crossing::Status status);
std::string_view code_of(audit::Verdict verdict);                  // "not-proven"
std::string code_of(audit::Field field, const std::string& claim); // "iss", "claim:tenant"
std::string code_of(const audit::Remedy& remedy);                  // likewise, or of what is no field: "dialect none"
std::string title_of(const audit::Remedy& remedy);
std::string title_of(audit::Field field, const std::string& claim);     // for people: "iss", "tenant"
std::string stopped_by(const audit::Remedy& remedy);                    // "stops replay, insider", "stops nobody"
std::string service_of(const AuditReport& report, std::size_t service); // "orders of prod"; "prod" where both are one
std::string names_of(const std::vector<std::string>& names, std::size_t most);              // "a, b and 7 more"
std::string sources_of(const AuditReport& report, const std::vector<std::size_t>& domains); // at most four by name
std::string services_of(const AuditReport& report, const std::vector<std::size_t>& services);

} // namespace jwtdomain::cli
