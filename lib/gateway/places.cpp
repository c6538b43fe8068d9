#include "jwtdomain/gateway/places.h"

#include <algorithm>

#include "jwtdomain/gateway/demand.h"

namespace jwtdomain::gateway {

using accept::ClaimRule;
using accept::Entry;
using accept::Path;

namespace {

std::string origin_of(const std::string& resource) {
    const UrlParts parts = parts_of(resource);
    return parts.host.empty() ? resource : parts.scheme + "://" + parts.host;
}

std::string path_of(const std::string& resource) {
    std::string path = parts_of(resource).path;
    while (path.ends_with('/')) path.pop_back();
    return path;
}

Stretch& place_at(std::vector<Stretch>& places, const std::string& path) {
    const auto found =
        std::find_if(places.begin(), places.end(), [&](const Stretch& each) { return each.path == path; });
    if (found != places.end()) return *found;
    places.push_back({.path = path, .entries = {}});
    return places.back();
}

std::vector<std::string> values_of(const Entry& entry) {
    const Path& path = own_path(entry);
    std::vector<std::string> out = path.issuer.allowed.exact;
    const auto add = [&](const std::vector<std::string>& more) { out.insert(out.end(), more.begin(), more.end()); };
    add(path.audience.any_of.exact);
    if (path.audience.subset_of) add(*path.audience.subset_of);
    add(path.type.allowed);
    for (const ClaimRule& rule : path.claims) {
        add(rule.values.exact);
        for (const accept::Pattern& pattern : rule.values.patterns) out.push_back(pattern.text);
    }
    add(entry.methods);
    if (const std::string at = path_of(entry.resource); !at.empty()) out.push_back(at);
    return out;
}

} // namespace

Result<std::vector<Stretch>> places_of(const Order& order) {
    std::vector<Stretch> out;
    const Entry* whole = nullptr;
    std::string origin;
    const bool one = !order.entries.front().resource.empty(); // it alone is asked for, so it guards whatever comes
    for (const Entry& entry : order.entries) {
        if (entry.resource.empty()) {
            whole = &entry;
            continue;
        }
        const std::string own = origin_of(entry.resource);
        if (!origin.empty() && own != origin)
            return fail(Fault::unsupported,
                        "the resources of " + order.domain + " lie on several hosts, and one configuration guards one",
                        "one for each: --resource " + order.entries.back().resource);
        origin = own;
        place_at(out, one ? "" : path_of(entry.resource)).entries.push_back(&entry);
    }
    if (Stretch& place = place_at(out, ""); place.entries.empty() && whole != nullptr) place.entries.push_back(whole);
    std::stable_sort(out.begin(), out.end(),
                     [](const Stretch& a, const Stretch& b) { return a.path.size() > b.path.size(); });
    return out;
}

std::optional<std::string> unwritable(const Order& order, bool (*writable)(std::string_view)) {
    for (const Entry& entry : order.entries) {
        for (std::string& value : values_of(entry)) {
            if (!writable(value)) return std::move(value);
        }
    }
    return std::nullopt;
}

void add_refusals(const Order& order, std::vector<Loss>& losses) {
    const Path& path = own_path(order.entries.front());
    if (path.issuer.allowed.any) losses.push_back({"issuer", "the policy takes any"});
    if (path.issuer.absent_ok && !path.issuer.allowed.any)
        losses.push_back({"issuer", "a token without iss is refused here"});
    if (!path.audience.fallback_claims.empty())
        losses.push_back({"audience", "a token that has another claim in the place of aud is refused here"});
    else if (path.audience.absent_ok)
        losses.push_back({"audience", "a token without aud is refused here"});
}

bool wants_no_audience(const Order& order) {
    return std::any_of(order.entries.begin(), order.entries.end(), [](const Entry& entry) {
        const accept::AudienceRule& rule = own_path(entry).audience;
        return rule.must_be_absent || (!rule.any && rule.any_of.exact.empty());
    });
}

std::string plain_name(const Order& order) {
    std::string out = order.domain;
    for (char& c : out) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                           c == '_' || c == '.';
        if (!plain) c = '_';
    }
    return out;
}

} // namespace jwtdomain::gateway
