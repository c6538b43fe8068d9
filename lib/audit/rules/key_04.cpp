#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

// Everybody can compute the private keys: whatever takes them is open to the outsider, so nothing is left to weigh.
void key_04(const RuleInput& input, std::vector<RuleFinding>& out) {
    for (const FactoredKey& factored : input.estate.factored) {
        if (factored.name.empty()) continue; // told of the key that it shares a prime with
        RuleFinding finding{.rule = "KEY-04", .domains = factored.domains};
        finding.severity = Severity::critical;
        finding.where = input.estate.domain(finding.domains.back()).where;
        finding.subject = factored.name;
        const std::string other =
            factored.other.empty() ? "another key, which is not used" : "the key " + factored.other;
        finding.message = "the RSA key " + finding.subject + " can be factored: " +
                          (factored.shares_prime ? "it shares a prime with " + other
                           : factored.at_once    ? "its modulus is a prime, or has a small factor"
                                                 : "its primes are too close to each other");
        out.push_back(std::move(finding));
    }
}

} // namespace jwtdomain::audit::rules
