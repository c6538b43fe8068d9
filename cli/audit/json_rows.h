// The parts of `audit`'s JSON, each an object: what `json` puts into one document stands in `jsonl` on a line each.
#pragma once

#include <nlohmann/json.hpp>

#include "cli/audit/report.h"

namespace jwtdomain::cli {

class AuditJson {
public:
    using Json = nlohmann::ordered_json;
    explicit AuditJson(const AuditReport& report) : report_(report) {}

    void put_summary(Json& out) const;     // what was decided, of whom
    void put_assumptions(Json& out) const; // where something is called isolated
    Json depth() const;
    Json service(const AuditReport::ServiceRow& row) const;
    Json crossing(const AuditReport::CrossingRow& row) const;
    Json trust(const AuditReport::TrustRow& row) const;
    Json finding(const AuditReport::FindingRow& row) const;
    Json ignore(const AuditReport::IgnoreRow& row) const;

private:
    void put_accepted(Json& out, const Acceptance& accepted) const;
    const std::string& domain(std::size_t index) const { return report_.domains[index]; }
    const AuditReport& report_;
};

} // namespace jwtdomain::cli
