#include "jwtdomain/policy/token_places.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>

#include "jwtdomain/accept/header_keys.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::policy::detail {

namespace {

using accept::ClaimRule;

std::vector<std::string> claim_path(const DeclaredKeys& keys) {
    return parse_claim_path(keys.named_by).value_or(std::vector<std::string>{keys.named_by});
}

bool is_issuer(const DeclaredKeys& keys) { return keys.named_by == "iss"; }

bool lists_values(const ClaimRule& rule) {
    return rule.test == accept::ClaimTest::in && !rule.absent_ok && !rule.values.any && rule.values.patterns.empty();
}

template <class Rules> auto find_rule(Rules& rules, const std::vector<std::string>& path) {
    return std::find_if(rules.begin(), rules.end(), [&](const ClaimRule& rule) { return rule.path == path; });
}

// The values that the claim can have; nullopt: not listed. Of a list of issuers one is right and another may be read.
std::optional<std::vector<std::string>> values_of(const DeclaredPath& path, const DeclaredKeys& keys) {
    if (accept::is_of_header(keys.named_by)) return std::nullopt; // a claim of that name is another thing
    if (is_issuer(keys)) {
        const accept::IssuerRule& rule = path.issuer;
        const bool listed = !rule.allowed.any && rule.allowed.patterns.empty() && !rule.absent_ok;
        return listed && !path.dialect.issuer_array_ok ? std::optional(rule.allowed.exact) : std::nullopt;
    }
    const auto rule = find_rule(path.claims, claim_path(keys));
    return rule != path.claims.end() && lists_values(*rule) ? std::optional(rule->values.exact) : std::nullopt;
}

void put(DeclaredPath& path, DeclaredKeys& keys, const std::string& value) {
    const std::string placeholder = "{" + keys.named_by + "}";
    std::string& place = keys.location.value;
    for (std::size_t at = place.find(placeholder); at != std::string::npos;
         at = place.find(placeholder, at + value.size()))
        place.replace(at, placeholder.size(), value);
    if (keys.location.kind == KeyLocation::Kind::file) place = std::filesystem::path(place).lexically_normal();
    if (is_issuer(keys))
        path.issuer.allowed.exact = {value};
    else
        find_rule(path.claims, claim_path(keys))->values.exact = {value};
    keys.named_by.clear();
}

// At most kMostPlaces + 1.
std::size_t count_places(const DeclaredPath& path) {
    std::size_t count = 1;
    std::set<std::string> counted; // a claim has one value, however many places it stands in
    for (const DeclaredKeys& keys : path.keys) {
        if (keys.named_by.empty() || !counted.insert(keys.named_by).second) continue;
        if (const auto values = values_of(path, keys)) count *= std::max<std::size_t>(values->size(), 1);
        if (count > kMostPlaces) return kMostPlaces + 1;
    }
    return count;
}

std::vector<DeclaredPath> each_place(const DeclaredPath& path) {
    std::vector<DeclaredPath> out;
    for (std::size_t k = 0; k < path.keys.size(); ++k) {
        if (path.keys[k].named_by.empty()) continue;
        const auto values = values_of(path, path.keys[k]);
        if (!values) continue;
        for (const std::string& value : *values) {
            DeclaredPath one = path;
            put(one, one.keys[k], value);
            if (values->size() > 1) one.name += " " + value;
            for (DeclaredPath& each : each_place(one)) out.push_back(std::move(each)); // of further places
        }
        return out;
    }
    return {path};
}

} // namespace

std::vector<DeclaredPath> with_places(const DeclaredPath& path) {
    return count_places(path) <= kMostPlaces ? each_place(path) : std::vector<DeclaredPath>{path};
}

bool is_chosen_by_token(const DeclaredPath& path, const DeclaredKeys& keys) {
    if (keys.location.kind != KeyLocation::Kind::url) return false;
    const std::string& place = keys.location.value;
    const std::size_t scheme = place.find("://"), brace = place.find('{');
    const bool in_host = scheme == std::string::npos || brace < place.find('/', scheme + 3);
    if (accept::is_of_header(keys.named_by)) return in_host;
    const bool free = is_issuer(keys) ? path.issuer.allowed.any || path.dialect.issuer_array_ok
                                      : find_rule(path.claims, claim_path(keys)) == path.claims.end();
    return in_host && free;
}

} // namespace jwtdomain::policy::detail
