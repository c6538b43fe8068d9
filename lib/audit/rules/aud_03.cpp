#include "jwtdomain/audit/rules/index.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/policy/confusable.h"

namespace jwtdomain::audit::rules {
namespace {

struct Users {
    Domains own, neutral;
    std::string audience; // as one of them writes it
    bool differ = false;  // written in several ways
};

bool issuers_differ(const Estate& estate, const Domains& domains) {
    std::unordered_set<std::string_view> seen;
    for (const std::size_t d : domains) {
        const policy::Domain& domain = estate.domain(d);
        if (domain.issuer.empty() || domain.issuer_optional || !seen.insert(domain.issuer).second) return false;
    }
    return true;
}

} // namespace

void aud_03(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    std::map<std::string, Users> users; // by skeleton
    const auto enter = [&](const std::string& audience, std::size_t domain, Domains Users::*list) {
        Users& entry = users[policy::uri_skeleton(audience)];
        if (entry.audience.empty()) entry.audience = audience;
        entry.differ = entry.differ || entry.audience != audience;
        insert(entry.*list, domain);
    };
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
        for (const std::string& audience : estate.domain(d).audiences) enter(audience, d, &Users::own);
        for (const std::string& audience : estate.domain(d).neutral_audiences) enter(audience, d, &Users::neutral);
    }
    for (const auto& [skeleton, entry] : users) {
        // What is neutral everywhere names no domain.
        if (entry.own.empty()) continue;
        Domains all = entry.own;
        for (const std::size_t domain : entry.neutral) insert(all, domain);
        if (all.size() < 2) continue;
        RuleFinding finding{.rule = "AUD-03", .domains = all};
        finding.subject = entry.audience;
        finding.where = estate.domain(all.back()).where;
        finding.message = "the audience " + entry.audience + " is used by " + listed(estate, all) +
                          (entry.differ ? ", in spellings that look alike" : "");
        // With issuers of their own, those keep the domains apart.
        const Severity latent = issuers_differ(estate, all) ? Severity::medium : Severity::high;
        finding.severity = weigh_between(input, all, latent, finding.attacker);
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
