// For Node: what a program passes to jwtVerify of jose, in the file that node.cpp reads. Such options can name the
// algorithms, the issuer, the audience, the type and the claims that must be there, and nothing of what is in others:
// the domain, scopes and values stay with the program.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "jwtdomain/gateway/demand.h"
#include "jwtdomain/gateway/exporters.h"
#include "jwtdomain/gateway/places.h"

namespace jwtdomain::gateway {
namespace {

using accept::ClaimRule;
using accept::ClaimTest;
using accept::Entry;
using accept::Path;
using Json = nlohmann::ordered_json;

bool knows(Algorithm algorithm) { return algorithm != Algorithm::ES256K && algorithm != Algorithm::Ed448; }

bool is_presence(const ClaimRule& rule) { return rule.test == ClaimTest::present && rule.path.size() == 1; }

bool has_one_type(const Path& path) { return path.type.allowed.size() == 1 && !path.type.absent_ok; }

// That a token was issued at most so long ago says less than that it lives no longer, but asks for iat, and that it
// is not of the future.
std::optional<Seconds> age_of(const Path& path) { return path.time.longest_life; }

Json algorithms_named(const Order& order) {
    Json out = Json::array();
    for (const Algorithm algorithm : algorithms_of(order)) {
        out.push_back(info(algorithm).name);
        if (algorithm == Algorithm::Ed25519) out.push_back("EdDSA"); // the same, by its older name
    }
    return out;
}

Json options_of(const Order& order, const Path& path) {
    Json out = Json::object();
    if (const std::string issuer = issuer_of(path); !issuer.empty()) out["issuer"] = issuer;
    out["audience"] = path.audience.any_of.exact;
    out["algorithms"] = algorithms_named(order);
    if (has_one_type(path)) out["typ"] = path.type.allowed.front();
    Json required = Json::array({"exp"});
    for (const ClaimRule* rule : further_rules(path)) {
        if (is_presence(*rule)) required.push_back(rule->path.front());
    }
    out["requiredClaims"] = std::move(required);
    out["clockTolerance"] = path.time.leeway;
    if (const auto age = age_of(path)) out["maxTokenAge"] = *age;
    return out;
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        out.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return out;
}

Json service_of(const Order& order, const Path& path, const Json& keys, const std::vector<Loss>& losses) {
    std::vector<std::string> about = lines_of(comments(order, losses, "-"));
    for (std::string& line : about) line.erase(0, 2);
    return {{"description", about},
            {"library", "jose"},
            {"version", "6"},
            {"keys", keys},
            {"options", options_of(order, path)}};
}

// Those that ask for other audiences than the whole have options of their own.
std::vector<const Entry*> services_of(const Order& order) {
    std::vector<const Entry*> out;
    for (const Entry& entry : order.entries) {
        const bool known = std::any_of(out.begin(), out.end(), [&](const Entry* other) {
            return own_path(*other).audience.any_of.exact == own_path(entry).audience.any_of.exact;
        });
        if (!known) out.push_back(&entry);
    }
    return out;
}

bool is_enforced(const Order& order, bool (*holds)(const Path&)) {
    return std::all_of(order.entries.begin(), order.entries.end(),
                       [&](const Entry& entry) { return holds(own_path(entry)); });
}

} // namespace

Result<Exported> write_node(const Order& order) {
    if (auto known = check_algorithms(order, "jose", knows); !known) return tl::unexpected(known.error());
    if (wants_no_audience(order))
        return cannot(order, "an audience must be named for jose to look at it", "let the domain have one: audiences");
    const Path& path = own_path(order.entries.front());
    const bool claims = is_enforced(order, [](const Path& each) {
        const auto rules = further_rules(each);
        return std::all_of(rules.begin(), rules.end(), [](const ClaimRule* rule) { return is_presence(*rule); });
    });
    Exported out;
    out.losses = losses_of(order, {.type = is_enforced(order, has_one_type),
                                   .expiry = true,
                                   .not_before = true,
                                   .issued_at = age_of(path).has_value(),
                                   .claims = claims,
                                   .leeway = path.time.leeway});
    UsedKeys keys = used_keys(order);
    if (!keys.one_algorithm_each || !order.keys_url.empty())
        out.losses.push_back({"algorithms", "a key that says no algorithm is used with any of the list that fits it"});
    add_refusals(order, out.losses);
    for (PublicJwk& key : keys.keys) {
        if (key.key.type() == KeyType::ed25519) key.metadata.algorithm.reset(); // it has two names, and the curve one
    }
    const Json set = order.keys_url.empty() ? Json::parse(write_jwks(keys.keys)) : Json(order.keys_url);
    Json file;
    for (const Entry* entry : services_of(order))
        file["services"][entry->resource.empty() ? order.domain : entry->resource] =
            service_of(order, own_path(*entry), set, out.losses);
    out.text = file.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
    return out;
}

} // namespace jwtdomain::gateway
