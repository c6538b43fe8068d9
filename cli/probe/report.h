// What a probe found: a verdict for each target, from what was accepted and from what was refused beside good controls.
#pragma once

#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/probe/run.h"

namespace jwtdomain::cli {

enum class ProbeVerdict { holds, inconclusive, weak, leaks };
std::string_view name_of(ProbeVerdict verdict); // "LEAKS"
std::string_view code_of(ProbeVerdict verdict); // "leaks"

struct ProbeReport {
    struct Row {
        probe::Findings findings;
        ProbeVerdict verdict = ProbeVerdict::inconclusive;
    };
    std::vector<Row> rows;
    ProbeVerdict verdict = ProbeVerdict::holds; // the worst
    Time now = 0;
    std::size_t requests = 0;

    void add(probe::Findings findings);
};

Exit exit_of(const ProbeReport& report);

// Of one target: each check, in the order of the table, with the kinds that say what of it is enforced.
struct ProbedCheck {
    std::string_view name;
    std::vector<const probe::Sent*> refused, taken, unknown; // `taken`: of what must be refused
    bool enforced() const { return taken.empty() && unknown.empty() && !refused.empty(); }
};
std::vector<ProbedCheck> checks_of(const probe::Findings& findings);

std::string to_text(const ProbeReport& report, bool color);
std::string to_json(const ProbeReport& report);
std::string to_junit(const ProbeReport& report);

} // namespace jwtdomain::cli
