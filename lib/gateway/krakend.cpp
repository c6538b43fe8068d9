// KrakenD: krakend.json, in version 3 and, by its longer names, 2.
//
// By its own source (krakend-jose, go-auth0) and that of go-jose 3: an endpoint with auth/validator takes tokens whose
// alg is `alg`, signed with the key of jwk_url that kid (or x5t) names. issuer is compared if it is set; of audience
// all must be in aud; exp, nbf and iat are looked at where they are there, with a leeway of a second; of roles and
// scopes one is enough, unless scopes_matcher is all. An endpoint without auth/validator asks for no token.
#include <algorithm>
#include <array>
#include <optional>

#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

constexpr std::size_t kPath = 100; // values that a path has by itself
constexpr std::int64_t kLongest = 100'000'000;

constexpr std::array<std::string_view, 13> kAlgorithms{"EdDSA", "HS256", "HS384", "HS512", "RS256", "RS384", "RS512",
                                                       "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"};
const std::initializer_list<std::string_view> kFields{"alg",
                                                      "auth_header_name",
                                                      "jwk_url",
                                                      "cache",
                                                      "cache_duration",
                                                      "issuer",
                                                      "audience",
                                                      "roles",
                                                      "propagate_claims",
                                                      "propagate_claims_preserve_array",
                                                      "roles_key",
                                                      "roles_key_is_nested",
                                                      "cookie_key",
                                                      "cipher_suites",
                                                      "disable_jwk_security",
                                                      "jwk_fingerprints",
                                                      "jwk_local_ca",
                                                      "jwk_local_path",
                                                      "secret_url",
                                                      "cypher_key",
                                                      "scopes",
                                                      "scopes_key",
                                                      "scopes_matcher",
                                                      "key_identify_strategy",
                                                      "operation_debug",
                                                      "leeway",
                                                      "failed_jwk_key_cooldown"};

bool is_document(const Node& node) {
    return is(member(&node, "endpoints"), Kind::array) &&
           (node.find("version") != nullptr || node.find("extra_config") != nullptr) &&
           std::any_of(node.find("endpoints")->elements.begin(), node.find("endpoints")->elements.end(),
                       [](const Node& each) { return member(&each, "endpoint") != nullptr; });
}

// "auth/validator", or as version 2 has it.
const Node* validator_of(const Node& holder) {
    const Node* const extra = member(&holder, "extra_config");
    for (const char* name : {"auth/validator", "github.com/devopsfaith/krakend-jose/validator"}) {
        const Node* const found = member(extra, name);
        if (found != nullptr && found->kind != Kind::null) return found;
    }
    return nullptr;
}

// What else may refuse a request.
std::vector<Node> others_of(const Node& holder) {
    std::vector<Node> out;
    const Node* const extra = member(&holder, "extra_config");
    if (!is(extra, Kind::object)) return out;
    for (const Node::Name& name : extra->names) {
        const std::string& text = name.text;
        const bool validator = text == "auth/validator" || text.ends_with("krakend-jose/validator");
        const bool signer = text == "auth/signer" || text.ends_with("krakend-jose/signer");
        const bool decides = text.starts_with("auth/") || text.starts_with("security/policies") ||
                             text.starts_with("validation/") || text.starts_with("modifier/lua") ||
                             text.starts_with("plugin/http-server") || text.ends_with("krakend-cel") ||
                             text.find("krakend-lua") != text.npos || text.find("plugin/http-server") != text.npos;
        if (decides && !validator && !signer) out.push_back(gateway::text(text, name.mark));
    }
    return out;
}

// "1s", "500ms"; nullopt: it is not read here.
std::optional<std::int64_t> leeway_of(const std::string& text) {
    const std::size_t end = text.find_first_not_of("0123456789");
    if (end == 0 || end == text.npos || end > 8) return std::nullopt;
    const std::int64_t count = std::stoll(text.substr(0, end));
    const std::string unit = text.substr(end);
    if (unit == "ms") return count / 1000 + 1;
    if (unit == "s") return count;
    if (unit == "m") return count * 60;
    return unit == "h" && count < 10'000 ? std::optional(count * 3600) : std::nullopt;
}

class Validator {
public:
    Validator(const Node& node, std::vector<Node> dropped)
        : node_(node), path_(object(node.mark)), dropped_(std::move(dropped)) {}

    // Why it cannot be read; empty: it can.
    std::string read(std::vector<Node>& out) {
        if (node_.kind != Kind::object) return "its auth/validator is no object";
        if (const std::string what = unknown(); !what.empty())
            return "its auth/validator has a field that is not known here: " + plain_name(what);
        put(path_, "name", text("jwt", node_.mark));
        const std::vector<Node> algorithms = algorithms_of();
        if (algorithms.empty()) return {}; // it does not start, or refuses everything
        put_keys(list(algorithms, algorithms.front().mark));
        put_issuer();
        put_audience();
        put(path_, "expiry", text("optional", node_.mark));
        put(path_, "not_before", text("checked", node_.mark));
        put(path_, "issued_at", text("checked", node_.mark));
        put_leeway();
        put_claims();
        Node dialect = object(node_.mark);
        put(dialect, "duplicates", text("last", node_.mark));
        put(dialect, "base64", text("lenient", node_.mark));
        put(dialect, "crit", text("ignored", node_.mark));
        put(path_, "dialect", std::move(dialect));
        if (!dropped_.empty()) put(path_, "dropped", list(std::move(dropped_), node_.mark));
        out.push_back(std::move(path_));
        return {};
    }

private:
    void drop(std::string why, Mark at) { dropped_.push_back(text(std::move(why), at)); }

    // But for comments: "@comment", "$schema", "//".
    std::string unknown() const {
        for (const Node::Name& name : node_.names) {
            const bool comment =
                name.text.empty() || std::string_view("@$_#!/").find(name.text.front()) != std::string_view::npos;
            if (!comment && std::find(kFields.begin(), kFields.end(), name.text) == kFields.end()) return name.text;
        }
        return {};
    }

    const Node* field(std::string_view name) const {
        const Node* const found = node_.find(name);
        if (found == nullptr || found->kind == Kind::null || (found->kind == Kind::string && found->text.empty()))
            return nullptr;
        return found;
    }

    ListedTexts texts_of(std::string_view name) const { return listed_texts(field(name), node_.mark); }

    std::vector<Node> algorithms_of() const {
        const Node* const named = field("alg");
        const std::string only = named == nullptr ? "RS256" : text_of(named);
        std::vector<Node> out;
        for (const std::string_view each : kAlgorithms) {
            if ((named != nullptr && is_unresolved(*named)) || each == only)
                out.push_back(text(std::string(each), named != nullptr ? named->mark : node_.mark));
        }
        return out;
    }

    void put_keys(const Node& algorithms) {
        std::vector<Node> sources;
        if (const Node* const path = field("jwk_local_path")) {
            const bool plain = path->kind == Kind::string && !is_unresolved(*path) &&
                               path->text.find_first_of("{}") == std::string::npos &&
                               path->text.find("://") == std::string::npos && field("secret_url") == nullptr &&
                               field("cypher_key") == nullptr;
            sources.push_back(plain ? *path : unread_keys("keys of a file that is not read here", path->mark));
        }
        if (const Node* const url = field("jwk_url")) sources.push_back(keys_at(*url));
        if (sources.empty()) sources.push_back(unread_keys("keys that are not said here (jwk_url)", node_.mark));
        for (Node& each : sources) each = used_for(std::move(each), algorithms);
        const Node* const strategy = field("key_identify_strategy");
        const Mark at = sources.front().mark;
        put(path_, "keys", list(std::move(sources), at));
        put(path_, "kid", text(strategy == nullptr || text_of(strategy) == "kid" ? "must_match" : "ignored", at));
        put(path_, "algorithms", algorithms);
    }

    void put_issuer() {
        const Node* const issuer = field("issuer");
        const bool known = issuer != nullptr && issuer->kind == Kind::string && !is_unresolved(*issuer);
        put(path_, "issuer", known ? one_of({*issuer}, issuer->mark) : text("any", node_.mark));
        if (issuer != nullptr && !known) drop("issuer: it is put in later", issuer->mark);
    }

    void put_audience() {
        const ListedTexts audience = texts_of("audience");
        if (audience.unknown || audience.items.empty()) {
            put(path_, "audience", text("any", audience.mark));
            if (audience.unknown) drop("audience: one of them is empty, or put in later", audience.mark);
            return;
        }
        Node rule = object(audience.mark);
        put(rule, "all_of", list(audience.items, audience.mark));
        put(path_, "audience", std::move(rule));
    }

    void put_leeway() {
        const Node* const leeway = field("leeway");
        const auto value = leeway == nullptr ? std::optional<std::int64_t>(1) : leeway_of(text_of(leeway));
        put(path_, "leeway", number(value.value_or(kLongest), leeway != nullptr ? leeway->mark : node_.mark));
        if (!value) drop("leeway: it is not read here", leeway->mark);
    }

    void put_claims() {
        Node claims = object(node_.mark);
        const Node* const nested = field("roles_key_is_nested");
        const Node* const roles_key = field("roles_key");
        const ListedTexts roles = texts_of("roles"), scopes = texts_of("scopes");
        const std::string key = roles_key == nullptr ? "roles" : text_of(roles_key);
        const bool known = (nested == nullptr || nested->kind == Kind::boolean) &&
                           (roles_key == nullptr || !is_unresolved(*roles_key));
        if (roles.unknown || (!roles.items.empty() && !known))
            drop("roles: they are put in later", roles.mark);
        else if (!roles.items.empty())
            put_test(claims, key, nested != nullptr && nested->truth && !key.starts_with("http"), "has_any", roles,
                     "roles");
        const Node* const scopes_key = field("scopes_key");
        const Node* const matcher = field("scopes_matcher");
        const bool later =
            (scopes_key != nullptr && is_unresolved(*scopes_key)) || (matcher != nullptr && is_unresolved(*matcher));
        if (scopes.unknown || (!scopes.items.empty() && later))
            drop("scopes: they are put in later", scopes.mark);
        else if (!scopes.items.empty() && scopes_key != nullptr)
            put_test(claims, text_of(scopes_key), true, text_of(matcher) == "all" ? "has_all" : "has_any", scopes,
                     "scopes");
        if (!claims.names.empty()) put(path_, "claims", std::move(claims));
    }

    void put_test(Node& claims, const std::string& key, bool nested, const char* how, const ListedTexts& values,
                  const char* what) {
        std::vector<std::string> path(1);
        for (const char c : key) {
            if (c == '.' && nested)
                path.emplace_back();
            else
                path.back() += c;
        }
        const std::string name = free_claim_name(claims, path);
        if (name.empty()) return drop(std::string(what) + ": a further test of a claim", values.mark);
        Node test = object(values.mark);
        put(test, how, list(values.items, values.mark));
        put(test, "shape", text("words", values.mark));
        put(test, "role", text(what == std::string_view("scopes") ? "scope" : "plain", values.mark));
        put(claims, name, std::move(test));
    }

    const Node& node_;
    Node path_;
    std::vector<Node> dropped_;
};

std::string krakend_name(const Node& endpoint) {
    const std::string method = text_of(member(&endpoint, "method"));
    return plain_name((method.empty() ? "GET" : method) + " " + text_of(member(&endpoint, "endpoint")));
}

void read_endpoint(const Node& service, const Node& endpoint, const std::string& prefix, Budget& budget,
                   Verifiers& out) {
    const std::string name = prefix + krakend_name(endpoint);
    const Node* const extra = member(&endpoint, "extra_config");
    if (extra != nullptr && extra->kind != Kind::object && extra->kind != Kind::null) {
        out.push_back(opaque(name, "its extra_config is put in later", extra->mark));
        return;
    }
    std::vector<Node> others = others_of(endpoint);
    for (Node& each : others_of(service)) others.push_back(std::move(each));
    const Node* const validator = validator_of(endpoint);
    if (validator == nullptr) {
        const Node* const all = validator_of(service);
        if (all != nullptr && !unknown_member(*all, {"shared_cache_duration"}).empty())
            out.push_back(opaque(name, "whether the service's auth/validator holds here is not known", all->mark));
        else if (!others.empty())
            out.push_back(opaque(name, others.front().text + " decides, which is not read here", others.front().mark));
        else
            out.push_back(open(name, "it has no auth/validator", endpoint.mark));
        return;
    }
    for (Node& each : others) each = text(each.text + ": it decides, too", each.mark);
    std::vector<Node> paths;
    std::string why = budget.take(kPath) && budget.take(validator) && budget.take(others.size())
                          ? Validator(*validator, std::move(others)).read(paths)
                          : "its endpoints come to too many paths";
    if (!why.empty())
        out.push_back(opaque(name, std::move(why), validator->mark));
    else
        out.push_back(paths.empty() ? nothing_accepted(name, validator->mark)
                                    : guarded(name, std::move(paths), validator->mark));
}

} // namespace

bool recognises_krakend(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(), is_document);
}

Verifiers read_krakend(const Content& content) {
    Verifiers out;
    Budget budget;
    const auto count = std::count_if(content.documents.begin(), content.documents.end(), is_document);
    for (const Node& each : content.documents) {
        if (!is_document(each)) continue;
        const bool named = count > 1 && each.mark.source < content.sources.size();
        const std::string prefix = named ? plain_name(content.sources[each.mark.source].file) + ": " : "";
        for (const Node& endpoint : each.find("endpoints")->elements)
            read_endpoint(each, endpoint, prefix, budget, out);
    }
    return out;
}

} // namespace jwtdomain::gateway
