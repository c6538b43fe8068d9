#include <algorithm>

#include "jwtdomain/accept/header_keys.h"
#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {

// Where the values of the claim are listed, lowering has made a path of each, with a place that no token chooses.
void alg_05(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "ALG-05", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        const auto& origins = path.signing.origins;
        const auto named = std::find_if(origins.begin(), origins.end(), [](const accept::KeyOrigin& origin) {
            return !origin.named_by.empty() && !accept::is_of_header(origin.named_by); // which is ALG-04
        });
        if (named == origins.end()) return std::nullopt;
        return PathFault{.what = "takes keys from where the claim " + named->named_by +
                                 " of a token says, of which nothing is verified yet: " + named->location,
                         .severity = Severity::high};
    });
}

} // namespace jwtdomain::audit::rules
