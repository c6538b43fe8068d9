#include <algorithm>

#include "jwtdomain/audit/rules/path_fault.h"
#include "jwtdomain/audit/rules/token_claims.h"
#include "jwtdomain/policy/confusable.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::audit::rules {
namespace {

using Alike = std::map<std::string, Domains>;

void report_alike(const RuleInput& input, const Alike& alike, const std::string& what, std::vector<RuleFinding>& out) {
    for (const auto& [skeleton, domains] : alike) {
        if (domains.size() < 2) continue;
        RuleFinding finding{.rule = "CLM-01", .domains = domains};
        finding.subject = skeleton;
        finding.where = input.estate.domain(domains.back()).where;
        finding.message = what + " of " + listed(input.estate, domains) + " look alike";
        finding.severity = weigh_between(input, domains, Severity::medium, finding.attacker);
        out.push_back(std::move(finding));
    }
}

// Domains that the claim's value could be of, for people or for a verifier that folds.
void look_at_values(const RuleInput& input, std::vector<RuleFinding>& out) {
    Alike names, values;
    for (std::size_t d = 0; d < input.estate.policy->domains.size(); ++d) {
        const policy::Domain& domain = input.estate.domain(d);
        insert(names[policy::name_skeleton(domain.name)], d);
        // Where the value is the name, that says it already.
        if (!domain.domain_claim.empty() && domain.domain_value != domain.name)
            insert(values[domain.domain_claim + " " + policy::name_skeleton(domain.domain_value)], d);
    }
    report_alike(input, names, "the names", out);
    report_alike(input, values, "the values of the domain claim", out);
}

bool checks(const accept::Path& path, const policy::Domain& domain) {
    const auto wanted = policy::parse_claim_path(domain.domain_claim);
    return std::any_of(path.claims.begin(), path.claims.end(), [&](const accept::ClaimRule& rule) {
        const bool same = rule.role == accept::ClaimRule::Role::domain || (wanted && rule.path == *wanted);
        return same && !rule.absent_ok && !rule.values.any && !rule.values.empty();
    });
}

// Others that have the domain's issuer, or a key of the path together with it.
Domains sharers(const Estate& estate, const Index& index, std::size_t own, const accept::Path& path) {
    Domains out;
    const auto add = [&](const Domains& domains) {
        if (!std::binary_search(domains.begin(), domains.end(), own)) return;
        for (const std::size_t domain : domains) {
            if (domain != own) insert(out, domain);
        }
    };
    if (const auto same = index.issuers.find(estate.domain(own).issuer); same != index.issuers.end()) add(same->second);
    const auto identities = estate.path_keys.find(&path);
    if (identities == estate.path_keys.end()) return out;
    for (const KeyIdentity& identity : identities->second.used) {
        for (const std::string& id : identity.own) {
            if (const auto found = index.key_owners.find(id); found != index.key_owners.end()) add(found->second);
        }
    }
    return out;
}

void look_at_tokens(const RuleInput& input, const Index& index, std::vector<RuleFinding>& out) {
    std::map<std::pair<std::string, std::string>, Domains> by_value; // claim and value
    for (std::size_t d = 0; d < input.estate.policy->domains.size(); ++d) {
        const policy::Domain& domain = input.estate.domain(d);
        if (!domain.domain_claim.empty()) insert(by_value[{domain.domain_claim, domain.domain_value}], d);
    }
    for_each_token(input, [&](const SampleToken& sample, const UnverifiedToken& token) {
        Domains domains = domains_of(index, token);
        for (const std::size_t d : domains) {
            const std::string& claim = input.estate.domain(d).domain_claim;
            const auto value = claim.empty() ? std::nullopt : text_claim(token, claim);
            if (!value) continue;
            const auto found = by_value.find({claim, *value});
            if (found == by_value.end()) continue;
            const Domains& named = found->second;
            const bool ours = std::any_of(domains.begin(), domains.end(), [&](std::size_t domain) {
                return std::binary_search(named.begin(), named.end(), domain);
            });
            if (ours) return;
            const std::string what = "has the issuer of " + listed(input.estate, domains) + " and says that it is of " +
                                     listed(input.estate, named);
            for (const std::size_t domain : named) insert(domains, domain);
            RuleFinding finding = token_finding("CLM-01", sample, token, domains, what);
            finding.severity = weigh_between(input, domains, Severity::high, finding.attacker);
            out.push_back(std::move(finding));
            return;
        }
    });
}

} // namespace

void clm_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    const Index index(estate);
    look_at_values(input, out);
    for_each_faulty_path(
        input, "CLM-01", out, [&](std::size_t own, const accept::Path& path) -> std::optional<PathFault> {
            const policy::Domain& domain = estate.domain(own);
            if (domain.domain_claim.empty() || checks(path, domain)) return std::nullopt;
            const Domains others = sharers(estate, index, own, path);
            if (others.empty()) return std::nullopt;
            return PathFault{.what = "does not look at the claim " + domain.domain_claim +
                                     ", though its issuer or key is also that of " + listed(estate, others),
                             .severity = Severity::high,
                             .others = others};
        });
    if (!input.tokens.empty()) look_at_tokens(input, index, out);
}

} // namespace jwtdomain::audit::rules
