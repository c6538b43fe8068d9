// For Envoy's filter jwt_authn: one provider, which every request needs; resources whose audiences are narrower ask for
// those. What it looks at and what not: see envoy.cpp.
#include <algorithm>

#include "jwtdomain/gateway/demand.h"
#include "jwtdomain/gateway/envoy_keys.h"
#include "jwtdomain/gateway/exporters.h"

namespace jwtdomain::gateway {
namespace {

constexpr Seconds kLeastSkew = 1; // 0 is read as not given, which is a minute

std::string provider_of(const Order& order, Seconds skew, const UsedKeys& keys) {
    const accept::Path& path = own_path(order.entries.front());
    std::string out = "providers:\n  " + quoted(order.domain) + ":\n";
    out += "    issuer: " + quoted(issuer_of(path)) + "\n";
    out += "    audiences: " + quoted_list(path.audience.any_of.exact) + "\n";
    out += "    require_expiration: true\n";
    if (const auto longest = path.time.longest_remaining ? path.time.longest_remaining : path.time.longest_life)
        out += "    max_lifetime: " + std::to_string(*longest) + "s\n";
    out += "    clock_skew_seconds: " + std::to_string(skew) + "\n";
    if (order.keys_url.empty())
        out += "    local_jwks: {inline_string: " + quoted(jwks_in_one_line(keys.keys)) + "}\n";
    else
        out += "    remote_jwks: # name the cluster that leads there\n      http_uri: {uri: " + quoted(order.keys_url) +
               ", cluster: " + quoted(order.domain + "-jwks") + ", timeout: 5s}\n";
    return out;
}

// A regular expression that is this text.
std::string literal(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool plain =
            (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c & 0x80) != 0;
        if (!plain) out += '\\';
        out += c;
    }
    return out;
}

// Of requests to a resource; `hosts`: several are asked for.
std::string match_of(const UrlParts& parts, bool hosts) {
    std::string path = parts.path;
    while (path.ends_with('/')) path.pop_back();
    std::string out = path.empty() ? "prefix: /" : "path_separated_prefix: " + quoted(path);
    if (hosts)
        out += ", headers: [{name: \":authority\", string_match: {safe_regex: {regex: " +
               quoted("(?i)" + literal(parts.host) + "(:[0-9]+)?") + "}}}]";
    return "{" + out + "}";
}

// The longest path first: the first rule that matches holds.
std::string rules_of(const Order& order) {
    std::vector<std::pair<UrlParts, const accept::Entry*>> resources;
    bool narrowed = false, hosts = false;
    for (const accept::Entry& entry : order.entries) {
        narrowed = narrowed || narrows_audience(order, entry);
        if (entry.resource.empty()) continue;
        resources.emplace_back(parts_of(entry.resource), &entry);
        hosts = hosts || resources.back().first.host != resources.front().first.host;
    }
    std::stable_sort(resources.begin(), resources.end(),
                     [](const auto& a, const auto& b) { return a.first.path.size() > b.first.path.size(); });
    std::string out = "rules:\n", last;
    for (const auto& [parts, entry] : resources) {
        const std::string match = match_of(parts, hosts);
        if (!narrowed || std::exchange(last, match) == match) continue; // other methods of it
        out += "  - match: " + match +
               "\n    requires: {provider_and_audiences: {provider_name: " + quoted(order.domain) +
               ", audiences: " + quoted_list(own_path(*entry).audience.any_of.exact) + "}}\n";
    }
    return out + "  - match: {prefix: /}\n    requires: {provider_name: " + quoted(order.domain) + "}\n";
}

// A resource that is no URL matches no request.
const accept::Entry* without_url(const Order& order) {
    for (const accept::Entry& entry : order.entries) {
        const UrlParts parts = parts_of(entry.resource);
        if (narrows_audience(order, entry) &&
            (parts.host.empty() || parts.path.find_first_of("?#") != std::string::npos))
            return &entry;
    }
    return nullptr;
}

} // namespace

Result<Exported> write_envoy(const Order& order) {
    const accept::Path& path = own_path(order.entries.front());
    for (const Status& good : {check_envoy_keys(order, "Envoy"), check_placeholders(order)}) {
        if (!good) return fail(good.error());
    }
    if (const accept::Entry* const entry = without_url(order))
        return cannot(order, "the resource " + entry->resource + " takes fewer audiences, and is no URL of requests",
                      "export it alone: --resource " + entry->resource);
    const UsedKeys keys = used_keys(order);
    const Enforced enforced{.exact_audience = false,
                            .expiry = true,
                            .lifetime = !path.time.longest_life,
                            .not_before = true,
                            .leeway = std::max(path.time.leeway, kLeastSkew)};
    Exported out;
    out.losses = losses_of(order, enforced);
    add_envoy_key_losses(order, keys, out.losses);
    if (issuer_of(path).empty()) out.losses.push_back({"issuer", "the policy takes any"});
    out.text = comments(order, out.losses, "#") + "\"@type\": type.googleapis.com/" +
               "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication\n" +
               provider_of(order, enforced.leeway, keys) + rules_of(order);
    return out;
}

} // namespace jwtdomain::gateway
