#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/token_claims.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::audit::rules {
namespace {

// The domains whose tokens a path takes, and of them the longest that a token may live.
Seconds longest_declared(const Estate& estate, Index& index, std::size_t own, const accept::Path& path) {
    Seconds longest = estate.domain(own).lifetime;
    for (const std::size_t domain : index.issuers_in(path.issuer.allowed)) {
        if (index.trusts(own, domain)) longest = std::max(longest, estate.domain(domain).lifetime);
    }
    return longest;
}

void look_at_tokens(const RuleInput& input, const Index& index, std::vector<RuleFinding>& out) {
    for_each_token(input, [&](const SampleToken& sample, const UnverifiedToken& token) {
        const Domains domains = domains_of(index, token);
        const auto expires = token.claims().find("exp"), at = token.claims().find("iat");
        const auto issued = at ? at : token.claims().find("nbf"); // as the form has it
        std::string what;
        if (!expires) {
            what = "has no exp";
        } else if (!expires->number()) {
            what = "has an exp that is not a number";
        } else if (!domains.empty() && issued && issued->number()) {
            Seconds longest = 0;
            for (const std::size_t domain : domains) longest = std::max(longest, input.estate.domain(domain).lifetime);
            if (*expires->number() - *issued->number() > static_cast<double>(longest))
                what = "lives for longer than " + format_duration(longest) + ", the lifetime of " +
                       listed(input.estate, domains);
        }
        if (what.empty()) return;
        RuleFinding finding = token_finding("LIF-01", sample, token, domains, what);
        finding.severity = expires && expires->number() ? Severity::medium : Severity::high;
        out.push_back(std::move(finding));
    });
}

} // namespace

void lif_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    Index index(estate);
    for_each_faulty_path(
        input, "LIF-01", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            const auto fault = [](std::string what, Severity severity) {
                return PathFault{.what = std::move(what), .severity = severity, .weighed = false};
            };
            const accept::TimeRule& time = path.time;
            if (time.expiry == accept::Presence::unchecked) return fault("does not look at exp", Severity::high);
            if (time.expiry == accept::Presence::optional && !time.longest_life)
                return fault("takes tokens without exp", Severity::high);
            if (time.negative_expiry_ok) return fault("takes an exp before 1970, as if it never came", Severity::high);
            const auto allowed = time.longest_life ? time.longest_life : time.longest_remaining;
            const Seconds declared = longest_declared(estate, index, own, path);
            if (allowed && *allowed <= declared) return std::nullopt;
            if (!allowed)
                return fault("takes tokens however long they live, where those of " + estate.name(own) + " live for " +
                                 format_duration(declared),
                             Severity::medium);
            return fault("takes tokens that live for " + format_duration(*allowed) + ", where those of " +
                             estate.name(own) + " live for " + format_duration(declared),
                         Severity::medium);
        });
    if (!input.tokens.empty()) look_at_tokens(input, index, out);
}

} // namespace jwtdomain::audit::rules
