#include <map>

#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

struct Holder {
    std::size_t domain, key;
};

std::string label(const Jwk& key) {
    if (const auto* pub = std::get_if<PublicKey>(&key.key)) return pub->thumbprint();
    return "a secret";
}

} // namespace

// One key in the published sets of several domains, whatever it is called there. No trust edge excuses it.
void key_01(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    std::map<std::string, std::vector<Holder>> holders; // identity -> who has it
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (std::size_t k = 0; k < estate.keys[d].keys.size(); ++k) {
            if (type_of(estate.keys[d].keys[k].key) == KeyType::hmac) continue; // KEY-02
            for (const std::string& id : estate.keys[d].identities[k].own) holders[id].push_back({d, k});
        }
    }
    for (const auto& [id, list] : holders) {
        RuleFinding finding{.rule = "KEY-01", .domains = {}};
        std::string kids;
        for (const Holder& holder : list) {
            if (!finding.domains.empty() && finding.domains.back() == holder.domain) continue;
            finding.domains.push_back(holder.domain);
            if (finding.domains.size() > 4) continue;
            const Jwk& key = estate.keys[holder.domain].keys[holder.key];
            kids += (kids.empty() ? "" : ", ") + estate.name(holder.domain) + " as \"" + key.metadata.kid.value_or("") +
                    "\"";
        }
        if (finding.domains.size() < 2) continue;
        if (finding.domains.size() > 4) kids += " and " + std::to_string(finding.domains.size() - 4) + " more";
        finding.subject = label(estate.keys[list.front().domain].keys[list.front().key]);
        finding.where = estate.domain(finding.domains.back()).where;
        finding.message = "the key " + finding.subject + " is published by " + kids;
        finding.severity = weigh_between(input, finding.domains, Severity::high, finding.attacker);
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
