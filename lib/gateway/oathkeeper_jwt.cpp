// What the authenticator jwt accepts.
#include <algorithm>
#include <optional>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/golang_jwt.h"
#include "jwtdomain/gateway/oathkeeper.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::oathkeeper {
namespace {

using document::Kind;

constexpr std::size_t kMostParts = 16; // of a scope with dots

ListedTexts texts_of(const Settings& settings, std::string_view name) {
    return listed_texts(settings.find(name), settings.mark);
}

// The scopes of a token any of which will do; nullopt: there are no words for them.
std::optional<Node> allowed_by(const std::string& strategy, const Node& scope) {
    const std::vector<std::string> parts = split(scope.text, '.');
    if (parts.size() > kMostParts || std::any_of(parts.begin(), parts.end(), [](const auto& p) { return p.empty(); }))
        return std::nullopt;
    std::vector<Node> out;
    std::string begin;
    for (const std::string& part : parts) {
        const bool last = &part == &parts.back();
        if (strategy == "hierarchic") {
            begin += (begin.empty() ? "" : ".") + part;
            out.push_back(text(begin, scope.mark));
            continue;
        }
        Node pattern = object(scope.mark);
        const std::string any = "(\\*|" + accept::quote_regex(part) + ")";
        put(pattern, "regex", text("^" + begin + (last ? any : "\\*") + "$", scope.mark));
        out.push_back(std::move(pattern));
        begin += any + "\\.";
    }
    return list(std::move(out), scope.mark);
}

class Reader {
public:
    Reader(const Settings& settings, std::vector<Node> dropped, std::vector<Node>& out)
        : settings_(settings), dropped_(std::move(dropped)), out_(out), path_(object(settings.mark)) {}

    void read() {
        put(path_, "name", text("jwt", settings_.mark));
        if (!settings_.known)
            drop("authenticators.jwt.config: the configuration file, which may ask for more, is not here",
                 settings_.mark);
        if (!put_keys()) return;
        golang_jwt::put_reading(path_, settings_.mark);
        put_issuer();
        put_audience();
        put(path_, "principal", list({text("sub", settings_.mark)}, settings_.mark));
        add_scopes();
    }

private:
    void drop(std::string why, Mark at) { dropped_.push_back(text(std::move(why), at)); }

    // Which a key may be used for; empty: none of those that are named.
    std::vector<Node> algorithms() const {
        const ListedTexts named = texts_of(settings_, "allowed_algorithms");
        const Node all = golang_jwt::algorithms(named.mark, false);
        if (named.unknown || (!named.there && !settings_.known)) return all.elements;
        if (named.items.empty()) return {text("RS256", named.mark)};
        std::vector<Node> out;
        for (const Node& each : named.items) {
            const bool real = std::any_of(all.elements.begin(), all.elements.end(),
                                          [&](const Node& one) { return one.text == each.text; });
            if (real) out.push_back(each);
        }
        return out;
    }

    static Node place_of(const Node& url) {
        for (const char* scheme : {"file://", "s3://", "gs://", "azblob://"}) {
            if (!url.text.starts_with(scheme)) continue;
            std::string path = url.text.substr(std::string_view(scheme).size());
            const bool file = scheme == std::string_view("file://") && path.find_first_of("{}%?#") == path.npos;
            return file && !path.empty() ? text(std::move(path), url.mark)
                                         : unread_keys("keys at a place that is not read here", url.mark);
        }
        return keys_at(url);
    }

    bool put_keys() {
        const ListedTexts urls = texts_of(settings_, "jwks_urls");
        const std::vector<Node> allowed = algorithms();
        if (allowed.empty()) return false;
        const Node names = list(allowed, allowed.front().mark);
        std::vector<Node> sources;
        for (const Node& each : urls.items) sources.push_back(used_for(place_of(each), names));
        if (sources.empty() || urls.unknown)
            sources.push_back(used_for(unread_keys("keys that are not said here (jwks_urls)", urls.mark), names));
        put(path_, "keys", list(std::move(sources), urls.mark));
        put(path_, "kid", text("must_match", urls.mark));
        put(path_, "algorithms", names);
        return true;
    }

    void put_issuer() {
        const ListedTexts trusted = texts_of(settings_, "trusted_issuers");
        if (trusted.unknown) drop("trusted_issuers: one of them is empty, or put in later", trusted.mark);
        if (!trusted.unknown && !trusted.items.empty()) {
            put(path_, "issuer", one_of(trusted.items, trusted.mark));
            return;
        }
        put(path_, "issuer", text("any", trusted.mark));
        Node dialect = *path_.find("dialect"); // of whatever kind it is, nobody looks at it
        put(dialect, "issuer_array", text("accepted", trusted.mark));
        put(path_, "dialect", std::move(dialect));
    }

    void put_audience() {
        const ListedTexts target = texts_of(settings_, "target_audience");
        if (target.unknown) drop("target_audience: one of them is empty, or put in later", target.mark);
        if (target.unknown || target.items.empty()) {
            put(path_, "audience", text("any", target.mark));
            return;
        }
        Node rule = object(target.mark);
        put(rule, "all_of", list(target.items, target.mark));
        put(path_, "audience", std::move(rule));
    }

    void add_scopes() {
        const ListedTexts required = texts_of(settings_, "required_scope");
        const Node* const named = settings_.find("scope_strategy");
        const std::string strategy = named != nullptr ? lower_case(text_of(named)) : "none";
        const bool later = named != nullptr ? is_unresolved(*named) || named->kind != Kind::string : !settings_.known;
        if (required.unknown || (later && !required.items.empty())) {
            drop(required.unknown ? "required_scope: one of them is empty, or put in later"
                                  : "required_scope: its scope_strategy is not said here",
                 required.mark);
            return add({}, "", {});
        }
        if (required.items.empty()) return add({}, "", {});
        if (strategy != "exact" && strategy != "hierarchic" && strategy != "wildcard") return; // it refuses every token
        std::vector<Node> tests;
        if (strategy == "exact") {
            Node all = object(required.mark);
            put(all, "has_all", list(required.items, required.mark));
            tests.push_back(std::move(all));
        } else {
            for (const Node& each : required.items) add_test(strategy, each, tests);
        }
        add(tests, "scp", {}); // the first of them that is there
        add(tests, "scope", {"scp"});
        add(tests, "scopes", {"scp", "scope"});
    }

    void add(const std::vector<Node>& tests, const std::string& claim, std::initializer_list<const char*> absent) {
        Node path = path_, claims = object(settings_.mark);
        for (Node test : tests) {
            put(test, "shape", text("words", test.mark));
            put(test, "role", text("scope", test.mark));
            put(claims, free_claim_name(claims, {claim}), std::move(test));
        }
        for (const char* name : absent) {
            Node test = object(settings_.mark);
            put(test, "present", flag(false, settings_.mark));
            put(claims, name, std::move(test));
        }
        if (!claims.names.empty()) put(path, "claims", std::move(claims));
        if (!dropped_.empty()) put(path, "dropped", list(dropped_, settings_.mark));
        out_.push_back(std::move(path));
    }

    // A claim can be tested twice here.
    void add_test(const std::string& strategy, const Node& scope, std::vector<Node>& tests) {
        auto allowed = tests.size() < 2 ? allowed_by(strategy, scope) : std::nullopt;
        if (!allowed) return drop("required_scope: " + plain_name(scope.text), scope.mark);
        Node any = object(scope.mark);
        put(any, "has_any", std::move(*allowed));
        tests.push_back(std::move(any));
    }

    const Settings& settings_;
    std::vector<Node> dropped_;
    std::vector<Node>& out_;
    Node path_;
};

std::string fault_of(const Node* config) {
    if (config == nullptr || config->kind == Kind::null) return {};
    if (config->kind != Kind::object || is_unresolved(*config)) return "the configuration of jwt is put in later";
    const std::string what =
        unknown_member(*config, {"required_scope", "target_audience", "trusted_issuers", "allowed_algorithms",
                                 "jwks_urls", "jwks_max_wait", "jwks_ttl", "scope_strategy", "token_from"});
    return what.empty() ? "" : "jwt has a setting that is not known here: " + plain_name(what);
}

} // namespace

const Node* Settings::find(std::string_view name) const {
    for (const Node* config : {own, below}) {
        const Node* const value = member(config, name);
        if (value != nullptr && value->kind != Kind::null) return value;
    }
    return nullptr;
}

std::string add_paths(const Settings& settings, const std::vector<Node>& dropped, std::vector<Node>& out) {
    for (const Node* config : {settings.own, settings.below}) {
        if (std::string fault = fault_of(config); !fault.empty()) return fault;
    }
    Reader(settings, dropped, out).read();
    return {};
}

} // namespace jwtdomain::gateway::oathkeeper
