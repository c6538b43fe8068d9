#include "jwtdomain/audit/factored.h"

#include <set>
#include <unordered_map>

#include "jwtdomain/audit/estate.h"
#include "jwtdomain/audit/weak_keys.h"

namespace jwtdomain::audit {
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
    for (const Service& service : estate.services) {
        if (!service.entry) continue;
        for (const accept::Path& path : service.entry->paths) {
            for (const accept::KeyUse& use : path.signing.keys) moduli.add(use.key, service.domain);
        }
    }
    return moduli;
}

} // namespace

std::vector<FactoredKey> factored_keys(const Estate& estate) {
    const Moduli moduli = moduli_of(estate);
    std::vector<FactoredKey> out;
    for (const SharedFactor& shared : shared_factors(moduli.numbers)) {
        std::set<std::size_t> domains = moduli.domains[shared.modulus];
        domains.insert(moduli.domains[shared.other].begin(), moduli.domains[shared.other].end());
        out.push_back({.key = *moduli.keys[shared.modulus],
                       .other = *moduli.keys[shared.other],
                       .domains = {domains.begin(), domains.end()}});
    }
    for (std::size_t i = 0; i < moduli.numbers.size(); ++i) {
        if (!fermat_close(moduli.numbers[i])) continue;
        out.push_back({.key = *moduli.keys[i],
                       .other = std::nullopt,
                       .domains = {moduli.domains[i].begin(), moduli.domains[i].end()}});
    }
    return out;
}

} // namespace jwtdomain::audit
