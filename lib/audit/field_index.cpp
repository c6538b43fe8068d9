#include "jwtdomain/audit/field_index.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/accept/claims.h"
#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit::detail {
namespace {

using accept::ClaimRule;

bool only_values(const accept::Strings& strings) {
    return !strings.any && strings.patterns.empty() && !strings.exact.empty();
}

// Does contains() say all that a verifier may accept? An expression that nobody has compiled may accept anything.
bool decidable(const accept::Strings& strings) {
    return std::none_of(strings.patterns.begin(), strings.patterns.end(), [](const accept::Pattern& pattern) {
        return pattern.match == accept::Match::regex && !pattern.automaton;
    });
}

bool has_rules_on(const accept::Path& path, const std::string& claim, const ClaimRule* besides = nullptr) {
    return std::any_of(path.claims.begin(), path.claims.end(), [&](const ClaimRule& rule) {
        return &rule != besides && !rule.path.empty() && rule.path.front() == claim;
    });
}

// Are keys told apart by what they are alone?
bool by_value(const accept::Signing& signing) {
    return signing.source == accept::KeySource::keys &&
           std::none_of(signing.keys.begin(), signing.keys.end(),
                        [](const accept::KeyUse& use) { return use.issuer.has_value(); });
}

bool by_value(const accept::IssuerRule& rule) { return !rule.allowed.any && decidable(rule.allowed); }

// By a list of values of `aud` alone.
bool by_value(const accept::AudienceRule& rule) {
    return !rule.any && !rule.must_be_absent && only_values(rule.any_of) && !rule.absent_ok && !rule.empty_ok &&
           rule.fallback_claims.empty();
}

// One text, and the only rule on the claim and on what is inside it.
bool by_value(const accept::Path& path, const ClaimRule& rule) {
    static constexpr std::array<std::string_view, 5> kOwnChecks{"iss", "aud", "exp", "iat", "nbf"};
    return rule.path.size() == 1 && rule.test == accept::ClaimTest::in && rule.shape == accept::ClaimShape::scalar &&
           only_values(rule.values) && !rule.absent_ok && !has_rules_on(path, rule.path.front(), &rule) &&
           std::find(kOwnChecks.begin(), kOwnChecks.end(), rule.path.front()) == kOwnChecks.end();
}

} // namespace

std::size_t LetThrough::size() const {
    std::size_t sum = 0;
    for (const Numbers* list : lists) sum += list->size();
    return sum;
}

void LetThrough::append_to(Numbers& out) const {
    for (const Numbers* list : lists) out.insert(out.end(), list->begin(), list->end());
}

Numbers LetThrough::numbers() const {
    Numbers out;
    append_to(out);
    sort_once(out);
    return out;
}

void FieldIndex::ByValue::enter(const accept::Strings& values, bool absent_ok, std::size_t number) {
    if (values.any || absent_ok || !values.patterns.empty()) return any.push_back(number);
    for (const std::string& value : values.exact) exact[value].push_back(number);
}

LetThrough FieldIndex::ByValue::having(const std::vector<std::string>& values) const {
    LetThrough out{.lists = {&any}};
    for (const std::string& value : values) {
        if (const auto found = exact.find(value); found != exact.end()) out.lists.push_back(&found->second);
    }
    return out;
}

LetThrough FieldIndex::ByValue::having(const accept::Strings& values) const {
    if (values.patterns.empty()) return having(values.exact);
    LetThrough out{.lists = {&any}};
    for (const auto& [value, numbers] : exact) {
        if (values.contains(value)) out.lists.push_back(&numbers);
    }
    return out;
}

FieldIndex::FieldIndex(const Estate& estate, std::vector<const Mintable*> tokens)
    : estate_(estate), tokens_(std::move(tokens)) {
    std::vector<std::vector<std::string>> ids; // of each domain
    ids.reserve(estate.keys.size());
    for (const DomainKeys& keys : estate.keys) ids.push_back(keys.readings());
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        const Mintable& each = *tokens_[i];
        by_issuer_.enter(each.iss.allowed, each.iss.absent_ok, i);
        by_audience_.enter(each.audiences, each.audience_absent_ok, i);
        if (!estate.keys[each.issuer].known()) by_key_.any.push_back(i);
        for (const std::string& id : ids[each.issuer]) by_key_.exact[id].push_back(i);
    }
}

const FieldIndex::ByValue& FieldIndex::by_claim(const std::string& name) {
    const auto [it, fresh] = by_claim_.try_emplace(name);
    if (!fresh) return it->second;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        const auto& claims = tokens_[i]->claims;
        const bool inside = std::any_of(claims.begin(), claims.end(), [&](const ClaimBound& bound) {
            return bound.path.size() > 1 && bound.path.front() == name;
        });
        const ClaimBound bound = tokens_[i]->bound({name});
        if (inside || bound.words)
            it->second.any.push_back(i);
        else if (bound.minted)
            it->second.enter(bound.values, false, i);
    }
    return it->second;
}

std::vector<LetThrough> FieldIndex::fields_of(const accept::Path& path) {
    std::vector<LetThrough> out;
    if (by_value(path.signing)) {
        out.push_back(by_key_.having(estate_.path_keys.at(&path).readings()));
        out.back().keys_or_issuer = true;
    }
    if (path.signature_only) return out;
    if (by_value(path.issuer) && !path.dialect.reads_in_any_case("iss")) {
        out.push_back(by_issuer_.having(path.issuer.allowed));
        out.back().keys_or_issuer = true;
    }
    if (by_value(path.audience) && !path.dialect.reads_in_any_case("aud") && !has_rules_on(path, "aud")) {
        std::vector<std::string> variants;
        for (const std::string& value : path.audience.any_of.exact) {
            for (std::string& variant : accept::audience_variants(value, path.audience.comparison))
                variants.push_back(std::move(variant));
        }
        out.push_back(by_audience_.having(variants));
    }
    for (const ClaimRule& rule : path.claims) {
        if (by_value(path, rule)) out.push_back(by_claim(rule.path.front()).having(rule.values.exact));
    }
    return out;
}

} // namespace jwtdomain::audit::detail
