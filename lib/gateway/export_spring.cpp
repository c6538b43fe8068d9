// For Spring Boot's resource server: the properties of its JWT decoder. What it looks at and what not: see spring.cpp.
//
// "${" in a value is a placeholder to Spring, and older ones have no way to escape it.
#include <algorithm>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/demand.h"
#include "jwtdomain/gateway/exporters.h"
#include "jwtdomain/gateway/spring.h"
#include "jwtdomain/gateway/values.h"
#include "jwtdomain/jwt/keyfile.h"

namespace jwtdomain::gateway {
namespace {

constexpr Seconds kSkew = 60;

// typ must be JWT or absent.
bool takes_type(const std::string& type) {
    const std::string name = lower_case(type);
    return name == "jwt" || name == "absent";
}

bool knows(Algorithm algorithm) {
    const AlgorithmInfo& known = info(algorithm);
    return algorithm != Algorithm::ES256K && known.family != Family::eddsa && known.family != Family::hmac;
}

Status check_tokens(const Order& order) {
    const accept::TypeRule& type = own_path(order.entries.front()).type;
    const bool taken = type.any || type.absent_ok || std::any_of(type.allowed.begin(), type.allowed.end(), takes_type);
    if (!taken)
        return cannot(order, "Spring Boot's decoder takes no typ but JWT, and none at all",
                      "let the domain's tokens be of types: [JWT], or make a decoder in code that takes " +
                          type.allowed.front());
    return check_algorithms(order, "Spring Boot's decoder", knows);
}

// Whether our own reader is sure of each value: a placeholder, what Maven filters, what another YAML takes for a
// number.
Status check_read_back(const Order& order, const std::string& text) {
    const auto documents = spring::documents_of({.file = "application.yml", .text = text}, 0);
    if (!documents) return fail(documents.error());
    for (const spring::Document& document : *documents) {
        for (const spring::Property& each : document.properties) {
            if (!each.unknown.empty())
                return cannot(order,
                              "Spring Boot may read something else than " + quoted(each.text) + ": " + each.unknown,
                              "give it another name in the policy");
        }
    }
    return {};
}

// One RSA key in a file; without a URL there is no way for others.
Status check_keys(const Order& order) {
    if (!order.keys_url.empty()) {
        if (is_place_of_keys(order.keys_url)) return {};
        return cannot(order, "it would not fetch keys from " + order.keys_url, "name an https URL: --keys-url URL");
    }
    const UsedKeys keys = used_keys(order);
    const bool one = keys.keys.size() == 1 && keys.keys.front().key.type() == KeyType::rsa;
    if (one && order.key_directory.starts_with('/')) return {};
    return cannot(order, "Spring Boot's decoder takes keys from a URL, or one RSA key from a file",
                  one ? "--keys-url URL, or --key-dir /DIR for its file" : "name where the set lies: --keys-url URL");
}

std::string property(std::string_view name, const std::string& value) {
    return "          " + std::string(name) + ": " + value + "\n";
}

std::string list_property(std::string_view name, const std::vector<std::string>& values) {
    std::string out = property(name, "");
    out.erase(out.size() - 2, 1); // the blank behind the colon
    for (const std::string& value : values) out += "            - " + quoted(value) + "\n";
    return out;
}

std::string file_name(const std::string& domain) {
    std::string out = domain;
    std::replace(out.begin(), out.end(), '/', '+'); // which is in no name
    return out + ".pem";
}

Result<KeyFile> key_file(const Order& order) {
    const PublicJwk key = used_keys(order).keys.front();
    auto text = write_public_key(key.key, key.metadata, KeyFormat::pem);
    if (!text) return tl::unexpected(text.error());
    return KeyFile{file_name(order.domain), std::move(*text)};
}

std::vector<Loss> losses(const Order& order) {
    const accept::Path& path = own_path(order.entries.front());
    std::vector<Loss> out =
        losses_of(order, {.resource_audiences = false, .type = true, .not_before = true, .leeway = kSkew});
    const bool absent = path.type.any || path.type.absent_ok;
    if (!absent) out.push_back({"type", "a token without typ is taken"});
    if (order.keys_url.empty()) out.push_back({"issuer", "iss is not looked at where the key is in a file"});
    if (!used_keys(order).one_algorithm_each || used_keys(order).keys.size() < order.keys.size() ||
        algorithms_of(order).size() > 1)
        out.push_back({"algorithms", "each key is used with any of them that fits it"});
    return out;
}

} // namespace

Result<Exported> write_spring(const Order& order) {
    for (const Status& good :
         {check_tokens(order), check_audience(order, "Spring Boot"), check_keys(order), check_placeholders(order)}) {
        if (!good) return fail(good.error());
    }
    const accept::Path& path = own_path(order.entries.front());
    Exported out;
    out.losses = losses(order);
    std::string jwt;
    if (!order.keys_url.empty()) {
        jwt += property("jwk-set-uri", quoted(order.keys_url));
        if (!issuer_of(path).empty()) jwt += property("issuer-uri", quoted(issuer_of(path)));
    } else {
        auto file = key_file(order);
        if (!file) return tl::unexpected(file.error());
        jwt += property("public-key-location", quoted("file:" + order.key_directory + "/" + file->name));
        out.key_files.push_back(std::move(*file));
    }
    std::vector<std::string> algorithms;
    for (const Algorithm algorithm : algorithms_of(order)) algorithms.emplace_back(info(algorithm).name);
    jwt += list_property("jws-algorithms", algorithms);
    jwt += list_property("audiences", path.audience.any_of.exact);
    out.text = comments(order, out.losses, "#") +
               "spring:\n  security:\n    oauth2:\n      resourceserver:\n        jwt:\n" + jwt;
    if (const Status sure = check_read_back(order, out.text); !sure) return fail(sure.error());
    return out;
}

} // namespace jwtdomain::gateway
