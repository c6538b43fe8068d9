// For Envoy's filter jwt_authn: one provider, which every request needs; paths whose audiences are narrower ask for
// those. What it looks at and what not: see envoy.cpp.
#include <algorithm>

#include "jwtdomain/gateway/demand.h"
#include "jwtdomain/gateway/exporters.h"

namespace jwtdomain::gateway {
namespace {

constexpr Seconds kLeastSkew = 1; // 0 is read as not given, which is a minute

bool knows(Algorithm algorithm) { return algorithm != Algorithm::ES256K && algorithm != Algorithm::Ed448; }

std::string one_line(std::string text) {
    std::erase(text, '\n');
    return text;
}

std::string list_of(const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) out += (out.empty() ? "" : ", ") + quoted(value);
    return "[" + out + "]";
}

std::string provider_of(const Order& order, Seconds skew, const std::vector<PublicJwk>& keys) {
    const accept::Path& path = own_path(order.entries.front());
    std::string out = "providers:\n  " + quoted(order.domain) + ":\n";
    out += "    issuer: " + quoted(issuer_of(path)) + "\n";
    out += "    audiences: " + list_of(path.audience.any_of.exact) + "\n";
    out += "    require_expiration: true\n";
    if (const auto longest = path.time.longest_remaining ? path.time.longest_remaining : path.time.longest_life)
        out += "    max_lifetime: " + std::to_string(*longest) + "s\n";
    out += "    clock_skew_seconds: " + std::to_string(skew) + "\n";
    if (order.keys_url.empty())
        out += "    local_jwks: {inline_string: " + quoted(one_line(write_jwks(keys))) + "}\n";
    else
        out += "    remote_jwks: # name the cluster that leads there\n      http_uri: {uri: " + quoted(order.keys_url) +
               ", cluster: " + quoted(order.domain + "-jwks") + ", timeout: 5s}\n";
    return out;
}

// The longest path first: the first rule that matches holds.
std::string rules_of(const Order& order) {
    std::vector<const accept::Entry*> narrower;
    for (const accept::Entry& entry : order.entries) {
        const bool narrowed =
            own_path(entry).audience.any_of.exact != own_path(order.entries.front()).audience.any_of.exact;
        if (narrowed && !parts_of(entry.resource).path.empty()) narrower.push_back(&entry);
    }
    std::stable_sort(narrower.begin(), narrower.end(), [](const accept::Entry* a, const accept::Entry* b) {
        return parts_of(a->resource).path.size() > parts_of(b->resource).path.size();
    });
    std::string out = "rules:\n";
    std::string last;
    for (const accept::Entry* entry : narrower) {
        const std::string prefix = parts_of(entry->resource).path;
        if (std::exchange(last, prefix) == prefix) continue; // other methods of it
        out += "  - match: {prefix: " + quoted(prefix) +
               "}\n    requires: {provider_and_audiences: {provider_name: " + quoted(order.domain) +
               ", audiences: " + list_of(own_path(*entry).audience.any_of.exact) + "}}\n";
    }
    return out + "  - match: {prefix: /}\n    requires: {provider_name: " + quoted(order.domain) + "}\n";
}

} // namespace

Result<Exported> write_envoy(const Order& order) {
    const accept::Path& path = own_path(order.entries.front());
    for (const Algorithm algorithm : algorithms_of(order)) {
        if (!knows(algorithm))
            return cannot(order, "Envoy knows no " + std::string(info(algorithm).name),
                          "give the domain a key of another type: jwtdomain keygen --domain " + order.domain +
                              " --alg ES256");
    }
    std::vector<PublicJwk> keys = order.keys;
    const bool algorithms = name_algorithms(order, keys) && order.keys_url.empty();
    const Enforced enforced{.expiry = true,
                            .lifetime = !path.time.longest_life,
                            .not_before = true,
                            .leeway = std::max(path.time.leeway, kLeastSkew)};
    Exported out;
    out.losses = losses_of(order, enforced);
    if (!algorithms) out.losses.push_back({"algorithms", "a key that says no algorithm is used with any that fits it"});
    if (issuer_of(path).empty()) out.losses.push_back({"issuer", "the policy takes any"});
    out.text = comments(order, out.losses, "#") + "\"@type\": type.googleapis.com/" +
               "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication\n" +
               provider_of(order, enforced.leeway, keys) + rules_of(order);
    return out;
}

} // namespace jwtdomain::gateway
