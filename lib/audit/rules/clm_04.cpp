#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/pattern_facts.h"

namespace jwtdomain::audit::rules {
namespace {

bool names_trust_domain(const std::string& subject) { return subject.rfind("spiffe://", 0) == 0; }

// A subject that means somebody only together with its issuer.
bool is_bare(const accept::ClaimRule& rule) {
    if (rule.path.size() != 1 || rule.path.front() != "sub" || rule.values.any || rule.values.empty()) return false;
    const auto& patterns = rule.values.patterns;
    return !std::all_of(rule.values.exact.begin(), rule.values.exact.end(), names_trust_domain) ||
           !std::all_of(patterns.begin(), patterns.end(), [](const accept::Pattern& pattern) {
               return pattern.match != accept::Match::suffix && pattern.match != accept::Match::contains &&
                      names_trust_domain(pattern.text.substr(pattern.text.rfind('^', 0) == 0 ? 1 : 0));
           });
}

} // namespace

void clm_04(const RuleInput& input, std::vector<RuleFinding>& out) {
    for_each_faulty_path(
        input, "CLM-04", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            if (std::none_of(path.claims.begin(), path.claims.end(), is_bare)) return std::nullopt;
            if (!takes_several_issuers(path.issuer, input.estate.domain(own).issuer)) return std::nullopt;
            return PathFault{.what = "goes by sub, and takes tokens of several issuers, each with subjects of its own",
                             .severity = Severity::medium};
        });
}

} // namespace jwtdomain::audit::rules
