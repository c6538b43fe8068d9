#include "jwtdomain/audit/rules/holders.h"

#include <algorithm>

#include "jwtdomain/audit/rules/table.h"
#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit::rules {

Holders holders_of(const Estate& estate) {
    Holders out;
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (std::size_t k = 0; k < estate.keys[d].keys.size(); ++k) {
            for (const std::string& id : estate.keys[d].identities[k].own) out[id].push_back({d, k});
        }
    }
    return out;
}

Users users_of(const Estate& estate) {
    Users out;
    for_each_path(estate, [&](std::size_t service, const accept::Path& path) {
        for (const KeyIdentity& key : estate.path_keys.at(&path).used) {
            for (const std::string& id : key.own) {
                std::vector<std::size_t>& services = out[id];
                if (services.empty() || services.back() != service) services.push_back(service);
            }
        }
    });
    return out;
}

std::vector<std::size_t> services_with(const Users& users, const KeyIdentity& key) {
    std::vector<std::size_t> out;
    for (const std::string& id : key.own) {
        const auto found = users.find(id);
        if (found != users.end()) out.insert(out.end(), found->second.begin(), found->second.end());
    }
    sort_once(out);
    return out;
}

std::string label_of(const VerificationKey& key) {
    const auto* const pub = std::get_if<PublicKey>(&key);
    return pub ? "the key " + pub->thumbprint() : "a secret";
}

std::string thumbprint_or_kid(const Jwk& key) {
    const auto* const pub = std::get_if<PublicKey>(&key.key);
    return pub ? pub->thumbprint() : "kid " + key.metadata.kid.value_or("");
}

std::string kid_text(const std::optional<std::string>& kid) { return kid ? '"' + *kid + '"' : "without kid"; }

std::string names_text(const Estate& estate, const std::vector<std::size_t>& domains) {
    constexpr std::size_t kNamed = 4;
    std::string out;
    for (std::size_t i = 0; i < std::min(kNamed, domains.size()); ++i) {
        const bool last = i + 1 == domains.size();
        out += (i == 0 ? "" : last ? " and " : ", ") + estate.name(domains[i]);
    }
    if (domains.size() > kNamed) out += " and " + std::to_string(domains.size() - kNamed) + " more";
    return out;
}

} // namespace jwtdomain::audit::rules
