#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/audit/rules/path_fault.h"

namespace jwtdomain::audit::rules {
namespace {

// Claims by which products tell their kinds of tokens apart.
constexpr std::array<std::string_view, 4> kKindClaims{"typ", "token_use", "token_type", "kind"};

bool asks_for_kind(const accept::ClaimRule& rule) {
    return rule.path.size() == 1 && !rule.absent_ok && !rule.values.any && !rule.values.empty() &&
           std::find(kKindClaims.begin(), kKindClaims.end(), rule.path.front()) != kKindClaims.end();
}

} // namespace

// A path that asks for "JWT" is let be: some issuers write nothing else, and where kinds overlap TYP-02 says so.
void typ_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(input, "TYP-01", out, [&](std::size_t, const accept::Path& path) -> std::optional<PathFault> {
        if (!path.type.any) return std::nullopt;
        if (std::any_of(path.claims.begin(), path.claims.end(), asks_for_kind)) return std::nullopt;
        return PathFault{.what = "does not look at typ, so that it takes every kind of token",
                         .severity = Severity::medium,
                         .weighed = false};
    });
}

} // namespace jwtdomain::audit::rules
