#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::audit::rules {
namespace {

constexpr Seconds kMost = 300; // "no more than a few minutes"

} // namespace

// That a verifier ignores an nbf which its issuer does not promise to write is no finding: most do.
void lif_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(
        input, "LIF-02", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            if (path.time.leeway > kMost)
                return PathFault{.what = "lets clocks differ by " + format_duration(path.time.leeway),
                                 .severity = Severity::medium,
                                 .weighed = false};
            const std::vector<std::string>& required = input.estate.domain(own).required;
            if (path.time.not_before || std::find(required.begin(), required.end(), "nbf") == required.end())
                return std::nullopt;
            return PathFault{.what = "does not look at nbf, which every token of " + input.estate.name(own) + " has",
                             .severity = Severity::low,
                             .weighed = false};
        });
}

} // namespace jwtdomain::audit::rules
