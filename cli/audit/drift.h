// The report of `audit drift`: what the deployment accepts and the policy does not, and the reverse.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/session.h"
#include "jwtdomain/audit/drift.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

struct DriftReport {
    struct Row {
        std::string domain, service;
        audit::Evidence evidence;
        Location where;
        audit::Drift drift;
    };
    std::vector<Row> rows;
    std::size_t domains = 0; // of the policy
    Time now = 0;

    std::size_t count(audit::Drift::Verdict verdict) const;
};

// `policy` has the verifiers of the deployment. Faults: no_input if it has none.
Result<DriftReport> drift_of(Session& session, const policy::Policy& policy, const policy::KeyReader& reader);

Exit exit_of(const DriftReport& report);
std::string to_text(const DriftReport& report, bool color);
std::string to_json(const DriftReport& report);

} // namespace jwtdomain::cli
