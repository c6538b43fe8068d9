// What exporters have in common: looking into the paths of an order, and naming what is lost.
// Internal: not installed.
#pragma once

#include <string>
#include <vector>

#include "jwtdomain/gateway/export.h"

namespace jwtdomain::gateway {

// The domain's own path of an entry.
const accept::Path& own_path(const accept::Entry& entry);

// The issuer, or empty if the policy takes any.
std::string issuer_of(const accept::Path& path);
// The word that stands for it in the policy, or nullptr.
const accept::ClaimRule* domain_rule(const accept::Path& path);
const accept::ClaimRule* scope_rule(const accept::Path& path);
// Those that are neither: of `required` and `match`.
std::vector<const accept::ClaimRule*> further_rules(const accept::Path& path);

// Each algorithm that a token of the domain may have, by its keys.
std::vector<Algorithm> algorithms_of(const Order& order);

// Those of the set that tokens of the domain may be signed with, each with its algorithm if it has one alone.
struct UsedKeys {
    std::vector<PublicJwk> keys;
    bool one_algorithm_each = true;
};
UsedKeys used_keys(const Order& order);

// Does the entry take fewer audiences than the first?
bool narrows_audience(const Order& order, const accept::Entry& entry);

// "https", "api.example.com", "/orders"; the path is empty where there is none. Empty, all, for what is no URL.
struct UrlParts {
    std::string scheme, host, path;
};
UrlParts parts_of(const std::string& url);

// What a gateway does by itself, so that only the rest is lost.
struct Enforced {
    bool exact_audience = true;     // none of its own making is taken for one that is written
    bool resource_audiences = true; // fewer of them, where a resource takes fewer
    bool type = false, further_audiences = false, expiry = false, lifetime = false, not_before = false,
         issued_at = false, key_by_id = false, domain = false, scopes = false, claims = false;
    Seconds leeway = 0;
    bool reads_strictly = false; // duplicate names, base64, crit
    std::string reading = {};    // what the target reads otherwise, besides
};
// Of all entries, each field once.
std::vector<Loss> losses_of(const Order& order, const Enforced& enforced);

// "# not enforced here: FIELD: why", a line each, and what the file is; every line begins with `mark`.
std::string comments(const Order& order, const std::vector<Loss>& losses, std::string_view mark);

// Fails with what the target cannot do for the domain's own tokens.
tl::unexpected<Error> cannot(const Order& order, std::string what, std::string change);

// As a double-quoted scalar of YAML, which is a string of JSON. Whatever is not ASCII is escaped, but for what lies
// beyond U+FFFF: YAML takes some of it for the end of a line, or does not take it.
std::string quoted(std::string_view text);
std::string quoted_list(const std::vector<std::string>& values); // "[..., ...]"

// Fails if tokens of the domain may have an algorithm that the target does not know.
Status check_algorithms(const Order& order, std::string_view name, bool (*knows)(Algorithm));
tl::unexpected<Error> unknown_algorithm(const Order& order, std::string_view name, std::string_view algorithm);

// Fails if the audience may stand elsewhere than in aud, or must not be there.
Status check_audience(const Order& order, std::string_view name);

// Fails if one of the values that would be written is a placeholder to those who deploy or read it ("${X}", "{{ .X }}",
// "$(X)"), however it is quoted.
Status check_placeholders(const Order& order);

} // namespace jwtdomain::gateway
