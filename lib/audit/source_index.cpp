#include "jwtdomain/audit/source_index.h"

#include <algorithm>

#include "jwtdomain/accept/claims.h"

namespace jwtdomain::audit::detail {
namespace {

// Does contains() say all that a verifier may accept? An expression that nobody has compiled may accept anything.
bool decidable(const accept::Strings& strings) {
    return std::none_of(strings.patterns.begin(), strings.patterns.end(), [](const accept::Pattern& pattern) {
        return pattern.match == accept::Match::regex && !pattern.automaton;
    });
}

} // namespace

bool by_value(const accept::AudienceRule& rule) {
    return !rule.any && !rule.must_be_absent && !rule.any_of.any && rule.any_of.patterns.empty() &&
           !rule.any_of.exact.empty() && !rule.absent_ok && !rule.empty_ok && rule.fallback_claims.empty();
}

std::set<std::string> ids_of(const std::vector<KeyIdentity>& keys) {
    std::set<std::string> out;
    for (const KeyIdentity& key : keys) {
        out.insert(key.own.begin(), key.own.end());
        out.insert(key.others.begin(), key.others.end());
    }
    return out;
}

SourceIndex::SourceIndex(const Estate& estate, const std::vector<Tokens>& all) : estate_(estate), all_(all) {
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        if (!estate.keys[d].unresolved.empty()) unresolved_.push_back(d);
        for (const std::string& id : ids_of(estate.keys[d].identities)) holders_[id].push_back(d);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
        const DomainKeys& keys = estate.keys[all[i].insider.issuer];
        enter(everything_, i);
        if (!keys.unresolved.empty()) enter(without_keys_, i);
        for (const std::string& id : ids_of(keys.identities)) {
            enter(by_key_[id], i);
        }
    }
}

void SourceIndex::enter(Bucket& bucket, std::size_t number) {
    const Mintable& tokens = all_[number].insider;
    if (tokens.iss.allowed.any || tokens.iss.absent_ok || !tokens.iss.allowed.patterns.empty())
        return enter(bucket.any, tokens, number);
    for (const std::string& issuer : tokens.iss.allowed.exact) enter(bucket.by_issuer[issuer], tokens, number);
}

void SourceIndex::enter(ByAudience& index, const Mintable& tokens, std::size_t number) {
    if (tokens.audiences.any || tokens.audience_absent_ok || !tokens.audiences.patterns.empty()) {
        index.any.push_back(number);
        return;
    }
    for (const std::string& audience : tokens.audiences.exact) index.exact[audience].push_back(number);
}

void SourceIndex::collect(const ByAudience& index, const accept::Path& path, Numbers& out) {
    out.insert(out.end(), index.any.begin(), index.any.end());
    const accept::AudienceRule& rule = path.audience;
    if (!by_value(rule)) {
        for (const auto& [audience, numbers] : index.exact) out.insert(out.end(), numbers.begin(), numbers.end());
        return;
    }
    for (const std::string& value : rule.any_of.exact) {
        for (const std::string& variant : accept::audience_variants(value, rule.comparison)) {
            const auto found = index.exact.find(variant);
            if (found != index.exact.end()) out.insert(out.end(), found->second.begin(), found->second.end());
        }
    }
}

void SourceIndex::collect(const Bucket& bucket, const accept::Path& path, Numbers& out) const {
    collect(bucket.any, path, out);
    const accept::Strings& issuers = path.issuer.allowed;
    if (!issuers.any && issuers.patterns.empty()) {
        for (const std::string& issuer : issuers.exact) {
            const auto found = bucket.by_issuer.find(issuer);
            if (found != bucket.by_issuer.end()) collect(found->second, path, out);
        }
        return;
    }
    for (const auto& [issuer, index] : bucket.by_issuer) {
        if (!decidable(issuers) || issuers.contains(issuer)) collect(index, path, out);
    }
}

std::vector<std::size_t> SourceIndex::candidates(const accept::Path& path) const {
    Numbers out;
    if (path.signing.source == accept::KeySource::keys) {
        for (const std::string& id : ids_of(estate_.path_keys.at(&path))) {
            if (const auto found = by_key_.find(id); found != by_key_.end()) collect(found->second, path, out);
        }
        collect(without_keys_, path, out);
    } else {
        collect(everything_, path, out);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

const std::vector<std::size_t>* SourceIndex::holders(const std::string& key_id) const {
    const auto found = holders_.find(key_id);
    return found == holders_.end() ? nullptr : &found->second;
}

} // namespace jwtdomain::audit::detail
