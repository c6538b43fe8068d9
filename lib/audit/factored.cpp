#include "jwtdomain/audit/factored.h"

#include <set>
#include <unordered_map>

#include "jwtdomain/audit/estate.h"
#include "jwtdomain/audit/weak_keys.h"

namespace jwtdomain::audit {
namespace {

// Moduli of all sets and of all paths, each once.
struct Moduli {
    std::vector<std::string> numbers, identities, names;
    std::vector<std::set<std::size_t>> domains; // that publish or take it

    std::set<std::size_t>& add(const std::string& identity) {
        const auto [at, fresh] = index_.emplace(identity, numbers.size());
        if (fresh) {
            numbers.push_back(identity.substr(identity.find(':') + 1));
            identities.push_back(identity);
            names.emplace_back();
            domains.emplace_back();
        }
        return domains[at->second];
    }
    void add(const VerificationKey& key, std::size_t domain) {
        const auto* const pub = std::get_if<PublicKey>(&key);
        if (!pub || pub->type() != KeyType::rsa) return;
        add(pub->identity()).insert(domain);
        names[index_.at(pub->identity())] = pub->thumbprint();
    }

private:
    std::unordered_map<std::string, std::size_t> index_;
};

Moduli moduli_of(const Estate& estate) {
    Moduli moduli;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (const Jwk& key : estate.keys[d].keys) moduli.add(key.key, d);
    }
    for (const Service& service : estate.services) {
        if (!service.entry) continue;
        for (const accept::Path& path : service.entry->paths) {
            for (const accept::KeyUse& use : path.signing.keys) moduli.add(use.key, service.domain);
        }
    }
    for (const std::string& identity : estate.moduli) moduli.add(identity);
    return moduli;
}

} // namespace

std::vector<FactoredKey> factored_keys(const Estate& estate) {
    const Moduli moduli = moduli_of(estate);
    std::vector<FactoredKey> out;
    for (const SharedFactor& shared : shared_factors(moduli.numbers)) {
        std::set<std::size_t> domains = moduli.domains[shared.modulus];
        domains.insert(moduli.domains[shared.other].begin(), moduli.domains[shared.other].end());
        out.push_back({.identity = moduli.identities[shared.modulus],
                       .name = moduli.names[shared.modulus],
                       .shares_prime = true,
                       .other = moduli.names[shared.other],
                       .domains = {domains.begin(), domains.end()}});
    }
    for (std::size_t i = 0; i < moduli.numbers.size(); ++i) {
        const bool at_once = easily_factored(moduli.numbers[i]);
        if (!at_once && !fermat_close(moduli.numbers[i])) continue;
        out.push_back({.identity = moduli.identities[i],
                       .name = moduli.names[i],
                       .at_once = at_once,
                       .other = {},
                       .domains = {moduli.domains[i].begin(), moduli.domains[i].end()}});
    }
    return out;
}

} // namespace jwtdomain::audit
