#include <algorithm>

#include "jwtdomain/accept/header_keys.h"
#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {

void alg_04(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "ALG-04", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        const auto& origins = path.signing.origins;
        const auto named = std::find_if(origins.begin(), origins.end(), [&](const accept::KeyOrigin& origin) {
            return accept::supplies_key(path.signing, origin);
        });
        if (named == origins.end()) return std::nullopt;
        const bool held = named->named_by == "jwk" || named->named_by == "x5c";
        return PathFault{.what = (held ? "takes the key that a token brings along in its header, in "
                                       : "takes keys from where the header of a token says, in ") +
                                 named->named_by + ": " + named->location,
                         .severity = Severity::high};
    });
}

} // namespace jwtdomain::audit::rules
