#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {

void typ_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "TYP-03", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        if (!path.dialect.accepts_json) return std::nullopt;
        return PathFault{.what =
                             "takes the JSON serialization too, which others that see the token read as something else",
                         .severity = Severity::high,
                         .weighed = false};
    });
}

} // namespace jwtdomain::audit::rules
