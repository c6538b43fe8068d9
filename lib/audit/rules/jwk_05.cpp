#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {
namespace {

// Does the path expect that issuer? One that takes all is held against its domain's.
bool expects(const accept::IssuerRule& rule, const policy::Domain& domain, const std::string& issuer) {
    return rule.allowed.any ? domain.issuer == issuer : rule.allowed.contains(issuer);
}

} // namespace

// RFC 8414 section 3.3: metadata whose issuer is not, octet by octet, the one that was asked for must not be used.
void jwk_05(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(
        input, "JWK-05", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            for (const accept::KeyOrigin& origin : path.signing.origins) {
                if (!origin.metadata_issuer || expects(path.issuer, input.estate.domain(own), *origin.metadata_issuer))
                    continue;
                return PathFault{.what = "found its keys, " + origin.location + ", through the metadata of " +
                                         *origin.metadata_issuer + ", which is not the issuer that it takes",
                                 .severity = Severity::high,
                                 .subject = *origin.metadata_issuer,
                                 .weighed = false};
            }
            return std::nullopt;
        });
}

} // namespace jwtdomain::audit::rules
