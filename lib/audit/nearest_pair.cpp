#include "jwtdomain/audit/nearest_pair.h"

#include <algorithm>
#include <utility>

#include "jwtdomain/accept/claims.h"
#include "jwtdomain/audit/crossing_classes.h"
#include "jwtdomain/audit/path_depth.h"
#include "jwtdomain/audit/source_index.h"

namespace jwtdomain::audit::detail {
namespace {

using accept::ClaimRule;

bool only_values(const accept::Strings& strings) {
    return !strings.any && strings.patterns.empty() && !strings.exact.empty();
}

bool has_rules_on(const accept::Path& path, const std::string& claim, const ClaimRule* besides = nullptr) {
    return std::any_of(path.claims.begin(), path.claims.end(), [&](const ClaimRule& rule) {
        return &rule != besides && !rule.path.empty() && rule.path.front() == claim;
    });
}

// Are keys told apart by what they are alone?
bool keys_by_value(const accept::Signing& signing) {
    return signing.source == accept::KeySource::keys &&
           std::none_of(signing.keys.begin(), signing.keys.end(),
                        [](const accept::KeyUse& use) { return use.issuer.has_value(); });
}

bool issuer_by_value(const accept::IssuerRule& rule) { return only_values(rule.allowed) && !rule.absent_ok; }

// One text, and the only rule on the claim and on what is inside it.
bool claim_by_value(const accept::Path& path, const ClaimRule& rule) {
    static constexpr std::string_view kOwnChecks[] = {"iss", "aud", "exp", "iat", "nbf"};
    return rule.path.size() == 1 && rule.test == accept::ClaimTest::in && rule.shape == accept::ClaimShape::scalar &&
           only_values(rule.values) && !rule.absent_ok && !has_rules_on(path, rule.path.front(), &rule) &&
           std::find(std::begin(kOwnChecks), std::end(kOwnChecks), rule.path.front()) == std::end(kOwnChecks);
}

} // namespace

void NearestPair::ByValue::enter(const accept::Strings& values, bool absent_ok, std::size_t number) {
    if (values.any || absent_ok || !values.patterns.empty()) return any.push_back(number);
    for (const std::string& value : values.exact) exact[value].push_back(number);
}

std::size_t NearestPair::LetThrough::size() const {
    std::size_t sum = 0;
    for (const Numbers* list : lists) sum += list->size();
    return sum;
}

void NearestPair::LetThrough::add(const ByValue& index, const std::string& value) {
    if (const auto found = index.exact.find(value); found != index.exact.end()) lists.push_back(&found->second);
}

NearestPair::NearestPair(const Estate& estate, std::size_t few) : estate_(estate), few_(few) {
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
        for (Mintable& tokens : closure(*estate.policy, d, Attacker::insider)) tokens_.push_back(std::move(tokens));
    }
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        const Mintable& tokens = tokens_[i];
        by_issuer_.enter(tokens.iss.allowed, tokens.iss.absent_ok, i);
        by_audience_.enter(tokens.audiences, tokens.audience_absent_ok, i);
        const DomainKeys& keys = estate.keys[tokens.issuer];
        if (!keys.unresolved.empty()) by_key_.any.push_back(i);
        for (const std::string& id : ids_of(keys.identities)) by_key_.exact[id].push_back(i);
    }
}

const NearestPair::ByValue& NearestPair::by_claim(const std::string& name) {
    const auto [it, fresh] = by_claim_.try_emplace(name);
    if (!fresh) return it->second;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        const ClaimBound bound = tokens_[i].bound({name});
        const bool inside = std::any_of(tokens_[i].claims.begin(), tokens_[i].claims.end(), [&](const ClaimBound& b) {
            return b.path.size() > 1 && b.path.front() == name;
        });
        if (inside)
            it->second.any.push_back(i);
        else if (bound.minted)
            it->second.enter(bound.values, false, i);
    }
    return it->second;
}

std::vector<NearestPair::LetThrough> NearestPair::fields_of(const accept::Path& path) {
    std::vector<LetThrough> out;
    if (keys_by_value(path.signing)) {
        LetThrough keys{.keys_or_issuer = true, .lists = {&by_key_.any}};
        for (const std::string& id : ids_of(estate_.path_keys.at(&path))) keys.add(by_key_, id);
        out.push_back(std::move(keys));
    }
    if (path.signature_only) return out;
    if (issuer_by_value(path.issuer)) {
        LetThrough issuer{.keys_or_issuer = true, .lists = {&by_issuer_.any}};
        for (const std::string& value : path.issuer.allowed.exact) issuer.add(by_issuer_, value);
        out.push_back(std::move(issuer));
    }
    if (by_value(path.audience) && !has_rules_on(path, "aud")) {
        LetThrough audience{.keys_or_issuer = false, .lists = {&by_audience_.any}};
        for (const std::string& value : path.audience.any_of.exact) {
            for (const std::string& variant : accept::audience_variants(value, path.audience.comparison))
                audience.add(by_audience_, variant);
        }
        out.push_back(std::move(audience));
    }
    for (const ClaimRule& rule : path.claims) {
        if (!claim_by_value(path, rule)) continue;
        const ByValue& index = by_claim(rule.path.front());
        LetThrough claim{.keys_or_issuer = false, .lists = {&index.any}};
        for (const std::string& value : rule.values.exact) claim.add(index, value);
        out.push_back(std::move(claim));
    }
    return out;
}

void NearestPair::consider(std::size_t number, std::size_t service, const accept::Path& path) {
    if (tokens_[number].holder == estate_.services[service].domain) return;
    if (left_ == 0) {
        exhausted_ = true;
        return;
    }
    --left_;
    keep_nearer(best_, depth_of(estate_, tokens_[number], service, path));
}

void NearestPair::look_at(std::size_t service, const accept::Path& path) {
    Numbers each; // what at least one of the fields with few lets through
    unsigned bound = 0;
    bool joint = false;
    for (const LetThrough& field : fields_of(path)) {
        if (field.size() > few_) continue;
        for (const Numbers* list : field.lists) each.insert(each.end(), list->begin(), list->end());
        if (field.keys_or_issuer && found_by_issuer(path) && std::exchange(joint, true)) continue;
        ++bound;
    }
    sort_once(each);
    for (const std::size_t number : each) consider(number, service, path);
    for (std::size_t number = 0; number < tokens_.size(); ++number) {
        if (exhausted_ || (best_.edits && std::min(*best_.edits, Depth::kDeep) <= bound)) return;
        if (!std::binary_search(each.begin(), each.end(), number)) consider(number, service, path);
    }
}

Depth NearestPair::find(std::size_t most) {
    left_ = most;
    for (std::size_t s = 0; s < estate_.services.size(); ++s) {
        const Service& service = estate_.services[s];
        if (service.state != Service::State::guarded) continue;
        for (const accept::Path& path : service.entry->paths) {
            if (!has_ended(path, estate_.now)) look_at(s, path);
        }
    }
    if (exhausted_) {
        best_ = {};
        best_.counted = false;
    }
    return std::move(best_);
}

} // namespace jwtdomain::audit::detail
