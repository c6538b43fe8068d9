#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {
namespace {

// Where AWS publishes the keys that the load balancers of a region sign with, whosever they are: as a URL, or by the
// host alone as the owner of a copy.
bool is_of_load_balancers(std::string_view place) {
    if (const std::size_t scheme = place.find("://"); scheme != place.npos) place.remove_prefix(scheme + 3);
    const std::string_view host = place.substr(0, place.find_first_of(":/?#"));
    if (host.ends_with(".amazonaws.com") || host.ends_with(".amazonaws.com.cn"))
        return host.starts_with("public-keys.auth.elb.") ||
               place.substr(host.size()).starts_with("/aws-elb-public-keys-prod-us-gov-");
    return false;
}

} // namespace

// A balancer says who it is by `signer` in the header, of which the normal form says nothing: a verifier that compares
// it is found here, too.
void alg_12(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "ALG-12", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        const auto& origins = path.signing.origins;
        const auto found = std::find_if(origins.begin(), origins.end(), [](const accept::KeyOrigin& origin) {
            return is_of_load_balancers(origin.location) || is_of_load_balancers(origin.owner);
        });
        if (found == origins.end()) return std::nullopt;
        return PathFault{.what = "takes keys by which the load balancers of all customers of AWS sign, and nothing is "
                                 "known of a comparison of signer: " +
                                 found->location,
                         .severity = Severity::critical,
                         .weighed = false};
    });
}

} // namespace jwtdomain::audit::rules
