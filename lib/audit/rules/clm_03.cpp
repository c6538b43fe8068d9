#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/pattern_facts.h"
#include "jwtdomain/audit/rules/tenant_claims.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit::rules {
namespace {

// Claims that a person or an administrator of a tenant can set, and that pass from one person to another.
constexpr std::array<std::string_view, 7> kMutable{"email",    "upn",  "preferred_username", "unique_name",
                                                   "username", "name", "phone_number"};

bool is_mutable(const std::vector<std::string>& path) {
    return path.size() == 1 && std::find(kMutable.begin(), kMutable.end(), path.front()) != kMutable.end();
}

std::string text_of(const std::vector<std::vector<std::string>>& principal) {
    std::string out;
    for (const auto& path : principal) out += (out.empty() ? "" : ", ") + policy::format_claim_path(path);
    return out;
}

} // namespace

// Only where several issuers, or tenants of one, name people: what each of them writes must not be the whole name.
void clm_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Index index(input.estate);
    for_each_faulty_path(
        input, "CLM-03", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            const auto& principal = path.principal;
            if (principal.empty()) return std::nullopt;
            const policy::Domain& domain = input.estate.domain(own);
            const bool issuers = takes_several_issuers(path.issuer, domain.issuer);
            const auto same = index.issuers.find(domain.issuer);
            const bool tenants = same != index.issuers.end() && same->second.size() > 1 && !pins_tenant(path, domain);
            if (!issuers && !tenants) return std::nullopt;
            const bool scoped = std::any_of(principal.begin(), principal.end(), [&](const auto& claim) {
                return claim == std::vector<std::string>{"iss"} || is_tenant_claim(claim, domain);
            });
            const bool changes = std::any_of(principal.begin(), principal.end(), is_mutable);
            const std::string named = "knows people by " + text_of(principal);
            if (scoped && changes)
                return PathFault{.what = named + ", which can be changed and pass to others",
                                 .severity = Severity::medium,
                                 .weighed = false};
            if (scoped || (!changes && !issuers)) return std::nullopt;
            return PathFault{.what = named + ", which each of its " + (issuers ? "issuers" : "tenants") +
                                     " writes as it likes",
                             .severity = Severity::high};
        });
}

} // namespace jwtdomain::audit::rules
