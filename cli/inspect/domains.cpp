#include "cli/inspect/domains.h"

#include <algorithm>

#include "jwtdomain/base/json.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMostMatches = 20;

bool has(const std::vector<std::string>& list, std::string_view value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

std::string_view string_of(json::Value claims, std::string_view name) {
    const auto value = claims.find(name);
    return value && value->is(json::Kind::string) ? value->text() : std::string_view{};
}

std::vector<std::string_view> audiences_of(json::Value claims, const policy::Domain& domain) {
    auto aud = claims.find("aud");
    for (std::size_t i = 0; !aud && i < domain.audience_fallback.size(); ++i)
        aud = claims.find(domain.audience_fallback[i]);
    std::vector<std::string_view> values;
    if (!aud) return values;
    if (aud->is(json::Kind::string)) values.push_back(aud->text());
    if (aud->is(json::Kind::array)) {
        for (const json::Member& element : *aud) values.push_back(element.value.text());
    }
    return values;
}

int weight(const DomainMatch& match) {
    return (match.issuer ? 4 : 0) + (match.claim ? 2 : 0) + (match.audience ? 1 : 0);
}

} // namespace

DomainGuess guess_domain(const policy::Policy& policy, const std::string& text) {
    DomainGuess guess;
    json::Document document;
    const json::Limits limits{.depth = 32, .values = 100000, .duplicates = json::Duplicates::last};
    if (text.empty() || document.parse(text, limits)) return guess;
    const json::Value claims = document.root();
    const std::string_view issuer = string_of(claims, "iss");
    std::vector<std::string> by_audience;
    std::string first_shared;
    bool spans = false; // an audience that several domains share is the policy's business, not the token's
    for (const policy::Domain& domain : policy.domains) {
        DomainMatch match{.name = domain.name};
        match.issuer = !issuer.empty() && issuer == domain.issuer;
        match.claim = !domain.domain_claim.empty() && !domain.domain_value.empty() &&
                      string_of(claims, domain.domain_claim) == domain.domain_value;
        std::string shared; // audiences of the token that are the domain's
        for (const std::string_view audience : audiences_of(claims, domain)) {
            if (has(domain.audiences, audience)) shared += std::string(audience) + "\n";
        }
        match.audience = !shared.empty();
        if (match.issuer) guess.lifetime = std::max(guess.lifetime.value_or(0), domain.lifetime);
        if (match.audience) {
            by_audience.push_back(domain.name);
            if (by_audience.size() == 1) first_shared = shared;
            spans = spans || shared != first_shared;
        }
        if (weight(match) > 0) guess.matches.push_back(std::move(match));
    }
    std::stable_sort(guess.matches.begin(), guess.matches.end(),
                     [](const DomainMatch& a, const DomainMatch& b) { return weight(a) > weight(b); });
    if (guess.matches.size() > kMostMatches) guess.matches.resize(kMostMatches);
    if (spans) {
        for (std::size_t i = 0; i < by_audience.size() && i < kMostMatches; ++i) {
            guess.audience_domains += (i == 0 ? "of " : ", ") + by_audience[i];
        }
    }
    return guess;
}

void look_for_key(const policy::Policy& policy, const policy::KeyReader& keys, const std::string& kid,
                  std::vector<DomainMatch>& matches) {
    if (kid.empty()) return;
    for (DomainMatch& match : matches) {
        const policy::Domain* const domain = policy.find(match.name);
        if (!domain || domain->keys.kind != policy::KeyLocation::Kind::file) continue;
        const auto set = keys(domain->keys);
        if (!set) continue;
        match.has_kid =
            std::any_of(set->keys.begin(), set->keys.end(), [&](const Jwk& key) { return key.metadata.kid == kid; });
    }
}

} // namespace jwtdomain::cli
