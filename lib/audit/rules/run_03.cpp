#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {

// What asks for nothing reads nothing, either, and is ALG-01 alone.
void run_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "RUN-03", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        const bool asks = !path.claims.empty() || !path.issuer.allowed.any || !path.audience.any;
        if (path.signing.source != accept::KeySource::none || !asks) return std::nullopt;
        return PathFault{.what = "decides by claims of tokens whose signature it does not look at",
                         .severity = Severity::high};
    });
}

} // namespace jwtdomain::audit::rules
