// A role of Vault's, with the configuration of its mount.
#include <algorithm>
#include <initializer_list>
#include <optional>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/go_oidc.h"
#include "jwtdomain/gateway/values.h"
#include "jwtdomain/gateway/vault.h"

namespace jwtdomain::gateway::vault {
namespace {

using document::Kind;

constexpr std::size_t kPath = 200;             // values that each path has by itself
constexpr std::int64_t kSkew = 60;             // where nothing is said, or 0
constexpr std::int64_t kLongest = 100'000'000; // of a leeway: three years

const std::initializer_list<std::string_view> kConfiguration{
    "oidc_discovery_url",   "oidc_discovery_ca_pem",
    "oidc_client_id",       "oidc_client_secret",
    "oidc_response_mode",   "oidc_response_types",
    "default_role",         "jwt_validation_pubkeys",
    "jwt_supported_algs",   "jwks_url",
    "jwks_pairs",           "jwks_ca_pem",
    "bound_issuer",         "provider_config",
    "namespace_in_state",   "unsupported_critical_cert_extensions",
    "skip_jwks_validation", "roles"};
const std::initializer_list<std::string_view> kRole{"name",
                                                    "role_type",
                                                    "expiration_leeway",
                                                    "not_before_leeway",
                                                    "clock_skew_leeway",
                                                    "bound_audiences",
                                                    "bound_subject",
                                                    "bound_claims_type",
                                                    "bound_claims",
                                                    "claim_mappings",
                                                    "user_claim",
                                                    "user_claim_json_pointer",
                                                    "groups_claim",
                                                    "allowed_redirect_uris",
                                                    "oidc_scopes",
                                                    "verbose_oidc_logging",
                                                    "max_age",
                                                    "policies",
                                                    "bound_cidrs",
                                                    "ttl",
                                                    "max_ttl",
                                                    "period",
                                                    "num_uses",
                                                    "token_bound_cidrs",
                                                    "token_explicit_max_ttl",
                                                    "token_max_ttl",
                                                    "token_no_default_policy",
                                                    "token_num_uses",
                                                    "token_period",
                                                    "token_policies",
                                                    "token_ttl",
                                                    "token_type",
                                                    "alias_metadata"};

// A number of seconds, or "90s"; nullopt: it is not read here.
std::optional<std::int64_t> seconds_of(const Node& value) {
    if (value.kind == Kind::integer) return value.integer;
    if (value.kind != Kind::string) return std::nullopt;
    std::string digits = value.text;
    const std::int64_t unit = digits.ends_with('h') ? 3600 : digits.ends_with('m') ? 60 : 1;
    if (!digits.empty() && (unit > 1 || digits.back() == 's')) digits.pop_back();
    if (digits == "-1") return -1;
    if (digits.empty() || digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string::npos)
        return std::nullopt;
    return std::stoll(digits) * unit;
}

class Reader {
public:
    Reader(const Role& role, Budget& budget) : role_(role), budget_(budget) {}

    void read(const std::vector<const Node*>& configurations, Verifiers& out) {
        const Node& node = *role_.node;
        const std::string name = "role " + plain_name(role_.name);
        const std::string type = text_of(node.find("role_type"));
        if (const std::string what = unknown_member(node, kRole); !what.empty())
            refuse("the role has a field that is not known here: " + plain_name(what), node.mark);
        if (type == "oidc")
            refuse("people log in at the provider (role_type oidc), whose answer is not said here",
                   node.find("role_type")->mark);
        if (node.kind != Kind::object) refuse("the role is no object", node.mark);
        for (const Node* each : configurations) {
            if (!opaque_.empty()) break;
            if (budget_.take(kPath) && budget_.take(each) && budget_.take(&node))
                with(*each);
            else
                refuse("its mounts and roles come to too many paths", node.mark);
        }
        if (configurations.empty() && opaque_.empty()) without();
        if (!opaque_.empty())
            out.push_back(opaque(name, opaque_, at_));
        else
            out.push_back(guarded(name, std::move(paths_), node.mark));
    }

private:
    void refuse(std::string why, Mark at) {
        if (!opaque_.empty()) return;
        opaque_ = std::move(why);
        at_ = at;
    }

    void with(const Node& configuration) {
        if (const std::string what = unknown_member(configuration, kConfiguration); !what.empty())
            return refuse("the configuration has a field that is not known here: " + plain_name(what),
                          configuration.mark);
        Node path = object(role_.node->mark);
        std::vector<Node> dropped;
        put_keys(configuration, path);
        put_issuer(configuration, path, dropped);
        const Node* const provider = configuration.find("provider_config");
        finish(std::move(path), std::move(dropped),
               provider != nullptr && provider->kind != Kind::null &&
                   (provider->kind != Kind::object || !provider->names.empty()));
    }

    void without() {
        const Mark at = role_.node->mark;
        Node path = object(at);
        put(path, "keys", unread_keys("keys of a mount whose configuration is not here", at));
        put(path, "issuer", text("any", at));
        finish(std::move(path), {text("bound_issuer: the configuration of the mount is not here", at)}, true);
    }

    void put_keys(const Node& configuration, Node& path) {
        const Node algorithms = algorithms_of(configuration);
        std::vector<Node> sources;
        const auto add = [&](Node place) { sources.push_back(used_for(std::move(place), algorithms)); };
        const Texts texts = texts_of(configuration, "jwt_validation_pubkeys");
        for (const Node& each : texts.items) {
            add(each.text.empty() ? unread_keys("an empty key", each.mark) : inline_keys(each.text, each.mark));
        }
        const bool local = !sources.empty() && !texts.unknown;
        if (texts.unknown) add(unread_keys("keys that are put in later", texts.mark));
        if (const Node* const url = configuration.find("jwks_url"); is_there(url)) add(keys_at(*url));
        if (const Node* const pairs = configuration.find("jwks_pairs"); is_there(pairs)) add_pairs(*pairs, add);
        if (const Node* const issuer = configuration.find("oidc_discovery_url"); is_there(issuer))
            add(discovered_keys(*issuer));
        if (sources.empty()) add(unread_keys("keys that are not said here", configuration.mark));
        const bool kid_ignored = local && sources.size() == texts.items.size();
        put(path, "kid", text(kid_ignored ? "ignored" : "hint", configuration.mark));
        put(path, "algorithms", algorithms);
        put(path, "keys", list(std::move(sources), configuration.mark));
    }

    static bool is_there(const Node* value) {
        if (value == nullptr || value->kind == Kind::null) return false;
        return value->kind == Kind::array ? !value->elements.empty()
                                          : value->kind != Kind::string || !value->text.empty();
    }

    template <class Add> static void add_pairs(const Node& pairs, const Add& add) {
        if (pairs.kind != Kind::array) return add(unread_keys("keys of jwks_pairs that are not read here", pairs.mark));
        for (const Node& each : pairs.elements) {
            const Node* const url = each.kind == Kind::object ? each.find("jwks_url") : nullptr;
            add(url != nullptr ? keys_at(*url) : unread_keys("keys of jwks_pairs that are not read here", each.mark));
        }
    }

    // Where none are named, all that there are.
    static Node algorithms_of(const Node& configuration) {
        const Texts listed = texts_of(configuration, "jwt_supported_algs");
        const Node known = go_oidc::algorithms(configuration.mark);
        std::vector<Node> out;
        for (const Node& each : listed.items) {
            const bool real = std::any_of(known.elements.begin(), known.elements.end(),
                                          [&](const Node& one) { return one.text == each.text; });
            if (real) out.push_back(each);
        }
        return out.empty() || listed.unknown ? known : list(std::move(out), listed.mark);
    }

    static void put_issuer(const Node& configuration, Node& path, std::vector<Node>& dropped) {
        const Node* const bound = configuration.find("bound_issuer");
        if (!is_there(bound)) {
            put(path, "issuer", text("any", configuration.mark));
        } else if (bound->kind != Kind::string || is_unresolved(*bound)) {
            put(path, "issuer", text("any", bound->mark));
            dropped.push_back(text("bound_issuer: it is put in later", bound->mark));
        } else {
            put(path, "issuer", one_of({*bound}, bound->mark));
        }
    }

    void put_audience(Node& path, std::vector<Node>& dropped) const {
        const Texts bound = texts_of(*role_.node, "bound_audiences");
        const bool empty =
            std::any_of(bound.items.begin(), bound.items.end(), [](const Node& each) { return each.text.empty(); });
        if (bound.unknown || empty) {
            put(path, "audience", text("any", bound.mark));
            dropped.push_back(text("bound_audiences: one of them is empty, or put in later", bound.mark));
        } else if (bound.items.empty()) {
            put(path, "audience", text("absent", bound.mark));
        } else {
            put(path, "audience", one_of(bound.items, bound.mark));
        }
    }

    // An empty aud is none, too.
    static Node empty_audience(Mark at) {
        Node nothing = object(at), rule = object(at);
        put(nothing, "regex", text("^$", at));
        put(rule, "any_of", list({std::move(nothing)}, at));
        put(rule, "empty_ok", flag(true, at));
        return rule;
    }

    void put_leeway(Node& path) {
        const Node* const skew = role_.node->find("clock_skew_leeway");
        std::int64_t value = kSkew;
        if (skew != nullptr && skew->kind != Kind::null) {
            const auto read = seconds_of(*skew);
            if (!read || *read > kLongest) return refuse("clock_skew_leeway is not read here", skew->mark);
            value = *read == 0 ? kSkew : std::max<std::int64_t>(*read, 0);
        }
        put(path, "leeway", number(value, skew != nullptr ? skew->mark : role_.node->mark));
    }

    void finish(Node path, std::vector<Node> dropped, bool fetched) {
        const Mark at = role_.node->mark;
        put_audience(path, dropped);
        put(path, "not_before", text("checked", at));
        put(path, "issued_at", text("checked", at));
        put_leeway(path);
        Node dialect = go_oidc::dialect(at, {"iss", "aud", "exp", "nbf", "iat"});
        put(dialect, "json", text("accepted", at));
        put(path, "dialect", std::move(dialect));
        put_claims(*role_.node, fetched, path, dropped);
        for (const char* name : {"token_bound_cidrs", "bound_cidrs"}) {
            const Node* const addresses = role_.node->find(name);
            if (is_there(addresses))
                dropped.push_back(text(std::string(name) + ": it is about addresses", addresses->mark));
        }
        const bool none = text_of(path.find("audience")) == "absent";
        add(path, dropped, "with exp");
        add(path, dropped, "without exp");
        if (!none) return;
        put(path, "audience", empty_audience(path.find("audience")->mark));
        add(std::move(path), std::move(dropped), "with an empty aud");
    }

    // exp may be absent, or 0, which is the same; the token then lives from iat, or nbf, on.
    void add(Node path, std::vector<Node> dropped, const std::string& name) {
        const Mark at = role_.node->mark;
        const bool exp = name == "with exp";
        put(path, "name", text(name, at));
        put(path, "expiry", text(exp ? "required" : "unchecked", at));
        if (name == "without exp") {
            Node claims = path.find("claims") != nullptr ? *path.find("claims") : object(at);
            Node zero = object(at);
            put(zero, "regex", text("^-?0|[eE]-", at));
            put(zero, "optional", flag(true, at));
            if (claims.find("exp") == nullptr) put(claims, "exp", std::move(zero));
            put(path, "claims", std::move(claims));
        }
        if (!exp) dropped.push_back(text("expiration_leeway: that exp is good, or iat or nbf not long ago", at));
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at));
        paths_.push_back(std::move(path));
    }

    const Role& role_;
    Budget& budget_;
    std::vector<Node> paths_ = {};
    std::string opaque_ = {};
    Mark at_ = {};
};

} // namespace

Texts texts_of(const Node& object, std::string_view name) {
    const Node* const value = object.find(name);
    Texts out{.mark = value != nullptr ? value->mark : object.mark};
    if (value == nullptr || value->kind == Kind::null) return out;
    if (value->kind == Kind::array) {
        for (const Node& each : value->elements) {
            if (each.kind == Kind::string && !is_unresolved(each))
                out.items.push_back(each);
            else
                out.unknown = true;
        }
        return out;
    }
    out.unknown = value->kind != Kind::string || is_unresolved(*value);
    if (out.unknown) return out;
    for (std::size_t at = 0; at < value->text.size();) {
        const std::size_t comma = std::min(value->text.find(',', at), value->text.size());
        const std::string_view one = trimmed(std::string_view(value->text).substr(at, comma - at));
        if (!one.empty()) out.items.push_back(text(std::string(one), value->mark));
        at = comma + 1;
    }
    return out;
}

void read_role(const Role& role, const std::vector<const Node*>& configurations, Budget& budget, Verifiers& out) {
    Reader(role, budget).read(configurations, out);
}

} // namespace jwtdomain::gateway::vault
