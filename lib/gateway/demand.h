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

// Says of each key which algorithm it is for. False: some key may be used with several.
bool name_algorithms(const Order& order, std::vector<PublicJwk>& keys);

// "https", "api.example.com", "/orders"; the path is empty where there is none. Empty, all, for what is no URL.
struct UrlParts {
    std::string scheme, host, path;
};
UrlParts parts_of(const std::string& url);

// What a gateway does by itself, so that only the rest is lost.
struct Enforced {
    bool type = false, further_audiences = false, expiry = false, lifetime = false, not_before = false,
         issued_at = false, domain = false, scopes = false, claims = false;
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

// As a double-quoted scalar of YAML, which is a string of JSON.
std::string quoted(std::string_view text);

} // namespace jwtdomain::gateway
