#include "jwtdomain/audit/key_holders.h"

#include <algorithm>

#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit::detail {

KeyHolders::KeyHolders(const Estate& estate) {
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        const DomainKeys& keys = estate.keys[d];
        if (!keys.known()) unresolved_.push_back(d);
        const auto enter = [&](const KeyIdentity& identity, bool certain) {
            const std::size_t number = number_of(identity, certain);
            for (const std::string& id : readings_of({identity})) by_reading_[id].push_back({d, number});
        };
        for (const KeyIdentity& identity : keys.identities) enter(identity, true);
        for (const DomainKeys::Further& further : keys.further) enter(further.identity, false);
    }
}

std::size_t KeyHolders::number_of(const KeyIdentity& identity, bool certain) {
    return keys_.try_emplace({identity.own, identity.others, certain}, keys_.size()).first->second;
}

const KeyHolders::Classes& KeyHolders::classes(const std::vector<std::string>& readings) {
    const auto [known, fresh] = classes_.try_emplace(readings);
    if (!fresh) return known->second;
    std::map<std::size_t, std::vector<std::size_t>> keys_of; // of each domain, those that matter
    for (const std::string& id : readings) {
        const auto found = by_reading_.find(id);
        if (found == by_reading_.end()) continue;
        for (const Held& held : found->second) keys_of[held.domain].push_back(held.key);
    }
    std::map<std::vector<std::size_t>, Domains> alike;
    for (auto& [domain, keys] : keys_of) {
        sort_once(keys);
        if (std::binary_search(unresolved_.begin(), unresolved_.end(), domain)) keys.push_back(keys_.size());
        alike[keys].push_back(domain);
        known->second.all.push_back(domain);
    }
    for (auto& [keys, domains] : alike) known->second.alike.push_back(std::move(domains));
    return known->second;
}

} // namespace jwtdomain::audit::detail
