#include <set>

#include "jwtdomain/audit/rules/holders.h"
#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/audit/weak_keys.h"

namespace jwtdomain::audit::rules {
namespace {

// Moduli of all domains and of all paths, each once.
struct Moduli {
    std::vector<std::string> numbers;
    std::vector<const PublicKey*> keys;
    std::vector<std::set<std::size_t>> domains; // that publish or take it

    void add(const VerificationKey& key, std::size_t domain) {
        const auto* const pub = std::get_if<PublicKey>(&key);
        if (!pub || pub->type() != KeyType::rsa) return;
        const auto [at, fresh] = index_.emplace(pub->numbers().n, numbers.size());
        if (fresh) {
            numbers.push_back(pub->numbers().n);
            keys.push_back(pub);
            domains.emplace_back();
        }
        domains[at->second].insert(domain);
    }

private:
    std::unordered_map<std::string, std::size_t> index_;
};

Moduli moduli_of(const Estate& estate) {
    Moduli moduli;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (const Jwk& key : estate.keys[d].keys) moduli.add(key.key, d);
    }
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        for (const accept::KeyUse& use : path.signing.keys) moduli.add(use.key, estate.services[service].domain);
    });
    return moduli;
}

} // namespace

// Everybody can compute the private keys: whatever takes them is open to the outsider, so nothing is left to weigh.
void key_04(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Moduli moduli = moduli_of(input.estate);
    const auto report = [&](std::size_t number, const std::set<std::size_t>& domains, const std::string& why) {
        RuleFinding finding{.rule = "KEY-04", .domains = {domains.begin(), domains.end()}};
        finding.severity = Severity::critical;
        finding.where = input.estate.domain(finding.domains.back()).where;
        finding.subject = moduli.keys[number]->thumbprint();
        finding.message = "the RSA key " + finding.subject + " can be factored: " + why;
        out.push_back(std::move(finding));
    };
    for (const SharedFactor& shared : shared_factors(moduli.numbers)) {
        std::set<std::size_t> domains = moduli.domains[shared.modulus];
        domains.insert(moduli.domains[shared.other].begin(), moduli.domains[shared.other].end());
        report(shared.modulus, domains, "it shares a prime with the key " + moduli.keys[shared.other]->thumbprint());
    }
    for (std::size_t i = 0; i < moduli.numbers.size(); ++i) {
        if (fermat_close(moduli.numbers[i])) report(i, moduli.domains[i], "its primes are too close to each other");
    }
}

} // namespace jwtdomain::audit::rules
