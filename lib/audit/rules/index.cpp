#include "jwtdomain/audit/rules/index.h"

#include <algorithm>

#include "jwtdomain/accept/automaton.h"

namespace jwtdomain::audit::rules {

Index::Index(const Estate& estate) : count_(estate.policy->domains.size()) {
    for (std::size_t d = 0; d < count_; ++d) {
        const policy::Domain& domain = estate.domain(d);
        names.emplace(domain.name, d);
        if (!domain.issuer.empty()) insert(issuers[domain.issuer], d);
        for (const std::string& audience : domain.audiences) insert(audiences[audience], d);
    }
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        for (const KeyIdentity& identity : estate.keys[d].identities) {
            for (const std::string& id : identity.own) insert(key_owners[id], d);
        }
    }
    for (const policy::TrustEdge& edge : estate.policy->trust) {
        const auto from = names.find(edge.from), to = names.find(edge.to);
        if (from != names.end() && to != names.end()) trusted_.insert(to->second * count_ + from->second);
    }
}

bool Index::trusts(std::size_t to, std::size_t from) const {
    return !trusted_.empty() && trusted_.count(to * count_ + from) > 0;
}

Domains Index::issuers_in(const accept::Strings& language) {
    Domains out;
    if (language.any) return out;
    const auto add = [&](const Domains& more) {
        if (out.empty()) {
            out = more;
            return;
        }
        for (const std::size_t domain : more) insert(out, domain);
    };
    for (const std::string& issuer : language.exact) {
        if (const auto found = issuers.find(issuer); found != issuers.end()) add(found->second);
    }
    for (const accept::Pattern& pattern : language.patterns) add(issuers_in(pattern));
    return out;
}

const Domains& Index::issuers_in(const accept::Pattern& pattern) {
    const auto [known, fresh] = by_pattern_.try_emplace({pattern.match, pattern.text});
    if (!fresh || budget_ < issuers.size()) return known->second;
    budget_ -= issuers.size();
    accept::Strings one;
    one.patterns.push_back(pattern);
    for (const auto& [issuer, domains] : issuers) {
        if (!one.contains(issuer)) continue;
        for (const std::size_t domain : domains) insert(known->second, domain);
    }
    return known->second;
}

void insert(Domains& domains, std::size_t domain) {
    const auto at = std::lower_bound(domains.begin(), domains.end(), domain);
    if (at == domains.end() || *at != domain) domains.insert(at, domain);
}

std::string listed(const Estate& estate, const Domains& domains) {
    constexpr std::size_t kMost = 4;
    std::string out;
    for (std::size_t i = 0; i < domains.size() && i < kMost; ++i) {
        const bool last = i + 1 == domains.size();
        out += (i == 0 ? "" : last ? " and " : ", ") + estate.name(domains[i]);
    }
    if (domains.size() > kMost) out += " and " + std::to_string(domains.size() - kMost) + " more";
    return out;
}

} // namespace jwtdomain::audit::rules
