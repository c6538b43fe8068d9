#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {

void alg_09(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "ALG-09", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        if (!path.dialect.accepts_encrypted) return std::nullopt;
        return PathFault{.what = "takes a token that is encrypted to its public key for one that its issuer has signed",
                         .severity = Severity::high};
    });
}

} // namespace jwtdomain::audit::rules
