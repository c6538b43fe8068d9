// Envoy's HTTP filter jwt_authn (envoy.extensions.filters.http.jwt_authn.v3), wherever it stands: by itself, in a
// filter of a listener, in a whole bootstrap.
//
// What it does, by its own description and source: a provider without issuer or audiences does not look at them;
// audiences are compared without "http(s)://" and one trailing '/'; exp and nbf are looked at where they are there,
// with a minute of leeway, and exp 0 counts as absent; there is no list of algorithms but what a JWK says of itself;
// kid selects only where both sides have one. Of the rules the first that matches holds; each is told by itself, since
// which requests reach it is another matter. A request that no rule matches passes.
#include <algorithm>

#include "jwtdomain/gateway/envoy_chains.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/jwt_authn.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

constexpr std::size_t kMostPaths = 10'000; // rules and providers multiply

// What a requirement comes to: paths, any of which suffices, or that everything passes, or that it is not known.
struct Requirement {
    std::vector<Node> paths = {};
    std::string open = {}, opaque = {};
    bool failed_passes = false; // of open: so does a token that fails
    bool unverified = false;    // of open: its claims are read and passed on all the same
};

class Filter {
public:
    // `made` counts the paths of all filters; `beside` is a filter that may refuse what this one lets pass.
    Filter(const Node& node, std::string beside, std::size_t& made)
        : node_(node), beside_(std::move(beside)), made_(made) {}

    void read(Verifiers& out) const {
        if (const std::string what =
                unknown(node_, {"@type", "providers", "rules", "filter_state_rules", "bypass_cors_preflight",
                                "requirement_map", "strip_failure_response", "stat_prefix"});
            !what.empty()) {
            out.push_back(opaque("jwt_authn", "the filter has a field that is not known here: " + what, node_.mark));
            return;
        }
        bool all = false;
        if (const Node* const rules = field(node_, "rules"); is(rules, Kind::array)) {
            for (const Node& rule : rules->elements) all = read_rule(rule, out) || all;
        }
        read_filter_state(out);
        if (const Node* const map = field(node_, "requirement_map"); is(map, Kind::object)) {
            for (std::size_t i = 0; i < map->names.size(); ++i)
                add("requirement " + map->names[i].text, map->elements[i], map->names[i].mark, out);
        }
        if (!all) pass("every other request", "a request that no rule of jwt_authn matches passes", node_.mark, out);
    }

    // What jwt_authn lets pass without a token.
    void pass(std::string name, std::string why, Mark at, Verifiers& out, bool failed = false,
              bool unverified = false) const {
        if (!beside_.empty()) {
            out.push_back(opaque(std::move(name), why + "; then the filter " + beside_ + " decides", at));
            return;
        }
        out.push_back(failed ? open_to_failed(std::move(name), std::move(why), at)
                             : gateway::open(std::move(name), std::move(why), at));
        if (!unverified) return;
        if (std::vector<Node> inputs = forwarded_claims(); !inputs.empty())
            put(out.back(), "unsigned", list(std::move(inputs), at));
    }

    // By the name of a requirement, as routes give it.
    void named(const std::string& name, std::string route, Mark at, Verifiers& out) const {
        const Node* const map = field(node_, "requirement_map");
        const Node* const requirement = is(map, Kind::object) ? map->find(name) : nullptr;
        if (requirement != nullptr) add(std::move(route), *requirement, at, out); // without it: refused with 403
    }

private:
    // What the service behind is told of a token: whoever it is from.
    std::vector<Node> forwarded_claims() const {
        std::vector<Node> out;
        const auto add = [&](std::string name, Mark at) {
            Node input = object(at);
            put(input, "from", text("token", at));
            put(input, "name", text(std::move(name), at));
            put(input, "decides", text("subject", at));
            out.push_back(std::move(input));
        };
        const Node* const providers = field(node_, "providers");
        if (!is(providers, Kind::object)) return out;
        for (const Node& provider : providers->elements) {
            if (provider.kind != Kind::object) continue;
            if (const Node* const header = field(provider, "forward_payload_header"))
                add("all of them, in the header " + text_of(header), header->mark);
            const Node* const claims = field(provider, "claim_to_headers");
            if (!is(claims, Kind::array)) continue;
            for (const Node& each : claims->elements) {
                const Node* const claim = each.kind == Kind::object ? field(each, "claim_name") : nullptr;
                if (claim != nullptr)
                    add(text_of(claim) + ", in the header " + text_of(field(each, "header_name")), claim->mark);
            }
        }
        return out;
    }

    // The first field of an object that is not among these.
    static std::string unknown(const Node& object, std::initializer_list<std::string_view> known) {
        for (const Node::Name& name : object.names) {
            if (std::find(known.begin(), known.end(), snake_case(name.text)) == known.end()) return name.text;
        }
        return {};
    }

    // Does it match every request?
    bool read_rule(const Node& rule, Verifiers& out) const {
        const Node* const match = field(rule, "match");
        std::string name = "every request";
        bool all = false;
        if (is(match, Kind::object)) {
            for (const char* by : {"prefix", "path", "path_separated_prefix"}) {
                const Node* const value = field(*match, by);
                if (value != nullptr) name = text_of(value) + (by[1] == 'r' ? "*" : "");
            }
            if (const Node* const regex = field(*match, "safe_regex"); is(regex, Kind::object))
                name = "/" + text_of(field(*regex, "regex")) + "/";
            all = text_of(field(*match, "prefix")) == "/" && match->names.size() == 1;
            if (match->names.size() > 1) name += " under conditions";
        }
        if (const std::string what = unknown(rule, {"match", "requires", "requirement_name"}); !what.empty()) {
            out.push_back(opaque(name, "the rule has a field that is not known here: " + what, rule.mark));
            return all;
        }
        if (const Node* const by_name = field(rule, "requirement_name")) {
            named(text_of(by_name), name, by_name->mark, out);
            return all;
        }
        const Node* const requires_ = field(rule, "requires");
        if (requires_ == nullptr)
            pass(name, "the rule asks for no token", rule.mark, out);
        else
            add(name, *requires_, rule.mark, out);
        return all;
    }

    void read_filter_state(Verifiers& out) const {
        const Node* const state = field(node_, "filter_state_rules");
        if (!is(state, Kind::object)) return;
        const Node* const map = field(*state, "requires");
        if (!is(map, Kind::object)) return;
        for (std::size_t i = 0; i < map->names.size(); ++i)
            add("filter state " + map->names[i].text, map->elements[i], map->names[i].mark, out);
    }

    void add(std::string name, const Node& requirement, Mark at, Verifiers& out) const {
        Requirement all =
            lower(requirement, beside_.empty() ? "" : "the filter " + beside_ + " beside it may refuse the request");
        if (!all.open.empty())
            pass(std::move(name), std::move(all.open), at, out, all.failed_passes, all.unverified);
        else if (!all.opaque.empty())
            out.push_back(opaque(std::move(name), std::move(all.opaque), at));
        else
            out.push_back(guarded(std::move(name), std::move(all.paths), at));
    }

    static void join(Requirement& to, Requirement from) {
        for (Node& path : from.paths) to.paths.push_back(std::move(path));
        // Where one lets a missing token pass and another one a failed one, the latter says it all.
        if (to.open.empty() || (from.failed_passes && !to.failed_passes)) to.open = std::move(from.open);
        to.failed_passes = to.failed_passes || from.failed_passes;
        to.unverified = to.unverified || from.unverified;
        if (to.opaque.empty()) to.opaque = std::move(from.opaque);
    }

    // `dropped`: what the surrounding requirement asks for besides.
    Requirement lower(const Node& requirement, const std::string& dropped) const {
        if (requirement.kind != Kind::object && requirement.kind != Kind::null)
            return {.opaque = "a requirement that is no object"};
        if (requirement.names.empty()) return {.open = "an empty requirement asks for no token"};
        const Node& value = requirement.elements.front();
        const std::string kind = snake_case(requirement.names.front().text);
        if (requirement.names.size() > 1) return {.opaque = "a requirement of several kinds"};
        if (kind == "provider_name") return of_provider(text_of(&value), nullptr, value.mark, dropped);
        if (kind == "provider_and_audiences") {
            const Node* const audiences = field(value, "audiences");
            const bool some = is(audiences, Kind::array) && !audiences->elements.empty();
            return of_provider(text_of(field(value, "provider_name")), some ? audiences : nullptr, value.mark, dropped);
        }
        if (kind == "requires_any") return of_list(value, dropped, false);
        if (kind == "requires_all") return of_list(value, "another token is needed in the same request", true);
        if (kind == "allow_missing") return {.open = "a request without a token passes (allow_missing)"};
        if (kind == "allow_missing_or_failed")
            return {.open = "a token that fails passes, too (allow_missing_or_failed)", .failed_passes = true};
        if (kind == "extract_only_without_validation")
            return {.open = "tokens are read and not verified (extract_only_without_validation)", .unverified = true};
        return {.opaque = "a requirement that is not known here: " + requirement.names.front().text};
    }

    // One of them suffices, or all must hold: then one that lets everything pass leaves the others in force.
    Requirement of_list(const Node& list, const std::string& dropped, bool all) const {
        Requirement out;
        const Node* const requirements = field(list, "requirements");
        if (!is(requirements, Kind::array)) return {.opaque = "a list of requirements without any"};
        std::string open;
        bool failed_passes = true;
        for (const Node& each : requirements->elements) {
            Requirement one = lower(each, dropped);
            if (all && !one.open.empty()) {
                open = std::move(one.open);
                out.unverified = out.unverified || one.unverified;
                failed_passes = failed_passes && one.failed_passes; // one that refuses it suffices
            } else {
                join(out, std::move(one));
            }
        }
        if (out.paths.empty() && out.open.empty() && out.opaque.empty()) {
            out.failed_passes = !open.empty() && failed_passes;
            out.open = open.empty() ? "no requirement of the list asks for a token" : std::move(open);
        }
        return out;
    }

    Requirement of_provider(const std::string& name, const Node* audiences, Mark at, const std::string& dropped) const {
        const Node* const providers = field(node_, "providers");
        const Node* const provider = is(providers, Kind::object) ? providers->find(name) : nullptr;
        if (provider == nullptr || provider->kind != Kind::object) return {.opaque = "there is no provider " + name};
        if (const std::string what = unknown(*provider, {"issuer",
                                                         "audiences",
                                                         "subjects",
                                                         "require_expiration",
                                                         "max_lifetime",
                                                         "remote_jwks",
                                                         "local_jwks",
                                                         "forward",
                                                         "from_headers",
                                                         "from_params",
                                                         "from_cookies",
                                                         "forward_payload_header",
                                                         "pad_forward_payload_header",
                                                         "payload_in_metadata",
                                                         "header_in_metadata",
                                                         "failed_status_in_metadata",
                                                         "normalize_payload_in_metadata",
                                                         "clock_skew_seconds",
                                                         "jwt_cache_config",
                                                         "claim_to_headers",
                                                         "clear_route_cache"});
            !what.empty())
            return {.opaque = "the provider " + name + " has a field that is not known here: " + what};
        if (++made_ > kMostPaths) return {.opaque = "its rules come to more than 10000 paths"};
        Requirement out;
        out.paths.push_back(path_of(name, *provider, audiences, at, dropped));
        return out;
    }

    static Node path_of(const std::string& name, const Node& provider, const Node* audiences, Mark at,
                        const std::string& dropped_by_others) {
        const Mark unsaid = provider.mark;
        std::vector<Node> dropped;
        if (!dropped_by_others.empty()) dropped.push_back(text(dropped_by_others, at));
        if (audiences == nullptr) audiences = field(provider, "audiences");
        Node path = jwt_authn_path({.name = name,
                                    .keys = keys_of(provider),
                                    .issuer = field(provider, "issuer"),
                                    .audiences = audiences,
                                    .unsaid = unsaid},
                                   at, dropped);
        put_times(provider, path);
        put_subjects(provider, path, dropped);
        if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at));
        return path;
    }

    static Node keys_of(const Node& provider) {
        if (const Node* const remote = field(provider, "remote_jwks"); is(remote, Kind::object)) {
            const Node* const uri = field(*remote, "http_uri");
            const Node* const place = uri != nullptr ? field(*uri, "uri") : nullptr;
            if (place != nullptr) return keys_at(*place);
        }
        if (const Node* const local = field(provider, "local_jwks"); is(local, Kind::object)) {
            if (const Node* const inline_string = field(*local, "inline_string")) return keys_in(*inline_string);
            if (const Node* const file = field(*local, "filename"))
                return is_unresolved(*file) ? unread_keys("a file of keys that is named later", file->mark)
                                            : text(text_of(file), file->mark);
            return unread_keys("keys that are read from elsewhere", local->mark);
        }
        return unread_keys("keys that are not named", provider.mark);
    }

    static void put_times(const Node& provider, Node& path) {
        const Node* const required = field(provider, "require_expiration");
        const Node* const longest = field(provider, "max_lifetime");
        const Node* const skew = field(provider, "clock_skew_seconds");
        const bool must = longest != nullptr || (required != nullptr && required->truth);
        const Mark at = longest != nullptr ? longest->mark : required != nullptr ? required->mark : provider.mark;
        put(path, "expiry", text(must ? "required" : "optional", at));
        if (const std::int64_t lifetime = seconds_of(longest); lifetime > 0)
            put(path, "longest_remaining", number(lifetime, longest->mark));
        const bool given = is(skew, Kind::integer) && skew->integer > 0;
        put(path, "leeway", number(given ? skew->integer : kJwtAuthnLeeway, given ? skew->mark : provider.mark));
    }

    // "3600s", or {seconds: 3600}; 0 for everything else.
    static std::int64_t seconds_of(const Node* duration) {
        if (is(duration, Kind::object)) {
            const Node* const whole = field(*duration, "seconds");
            return is(whole, Kind::integer) ? whole->integer : 0;
        }
        const std::string written = text_of(duration);
        constexpr std::size_t kDigits = 12;
        const std::size_t digits = written.find_first_not_of("0123456789");
        if (digits == 0 || digits > kDigits || digits + 1 != written.size() || written.back() != 's') return 0;
        return std::stoll(written);
    }

    static void put_subjects(const Node& provider, Node& path, std::vector<Node>& dropped) {
        const Node* const subjects = field(provider, "subjects");
        if (subjects == nullptr) return;
        const auto drop = [&](const std::string& why) { dropped.push_back(text("subjects: " + why, subjects->mark)); };
        if (subjects->kind != Kind::object || subjects->names.size() != 1) return drop("more than one condition");
        const std::string kind = snake_case(subjects->names.front().text);
        const Node& value = subjects->elements.front();
        Node test = object(value.mark);
        if (kind == "exact")
            put(test, "in", list({text(text_of(&value), value.mark)}, value.mark));
        else if ((kind == "prefix" || kind == "suffix" || kind == "contains") && !text_of(&value).empty())
            put(test, kind, text(text_of(&value), value.mark));
        else
            return drop(kind + " is not read here");
        Node claims = object(value.mark);
        put(claims, "sub", std::move(test));
        put(path, "claims", std::move(claims));
    }

    const Node& node_;
    std::string beside_;
    std::size_t& made_;
};

// typed_per_filter_config of a route or virtual host, which speaks of filters by their names.
class Routes {
public:
    Routes(const envoy::Chains& chains, std::string_view host, std::size_t& made, Verifiers& out)
        : chains_(chains), host_(host), made_(made), out_(out) {}

    void find(const Node& node) {
        if (node.kind == Kind::object && field(node, "domains") != nullptr && !envoy::is_for_host(node, host_)) return;
        const Node* const config = node.kind == Kind::object ? field(node, "typed_per_filter_config") : nullptr;
        for (std::size_t i = 0; is(config, Kind::object) && i < config->names.size(); ++i) {
            const Node& own = config->elements[i];
            if (own.kind == Kind::object && is_ours(config->names[i].text, own)) read(own, name_of(node));
        }
        for (const Node& inner : node.elements) find(inner);
    }

private:
    // Routes may stand in another file than the chains that name the filters.
    bool is_ours(const std::string& filter, const Node& own) const {
        const std::string type = text_of(own.find("@type"));
        return chains_.names.count(filter) != 0 || type.find(".jwt_authn.") != std::string::npos ||
               (!chains_.read && type.ends_with(".FilterConfig"));
    }

    static std::string name_of(const Node& route) {
        const Node* const match = field(route, "match");
        const bool matches = is(match, Kind::object) && !match->elements.empty();
        return "route " + text_of(matches ? &match->elements.front() : field(route, "name"));
    }

    void read(const Node& own, const std::string& name) {
        const Node* const by_name = field(own, "requirement_name");
        const Node* const disabled = field(own, "disabled");
        for (const envoy::JwtFilter& each : chains_.filters) {
            const Filter filter(*each.config, each.beside, made_);
            if (by_name != nullptr)
                filter.named(text_of(by_name), name, by_name->mark, out_);
            else if (disabled != nullptr && disabled->truth)
                filter.pass(name, "jwt_authn is disabled for it", disabled->mark, out_);
            else
                out_.push_back(opaque(name, "its own settings of jwt_authn are not known here", own.mark));
        }
    }

    const envoy::Chains& chains_;
    std::string_view host_;
    std::size_t& made_;
    Verifiers& out_;
};

void read_filter(const envoy::JwtFilter& each, std::size_t& made, Verifiers& out) {
    const Filter filter(*each.config, each.beside, made);
    if (each.wrapped)
        return out.push_back(opaque("filter " + plain_name(each.name),
                                    "jwt_authn stands in another filter, which decides when it runs",
                                    each.config->mark));
    filter.read(out);
    if (each.disabled)
        filter.pass("routes that do not enable " + plain_name(each.name), "the filter is disabled", each.config->mark,
                    out);
}

void read_unguarded(const envoy::Unguarded& each, Verifiers& out) {
    const std::string name = plain_name(each.name), why = "there is no jwt_authn among its filters";
    if (each.elsewhere)
        out.push_back(opaque(name, "one of its filters is fetched from elsewhere", each.mark));
    else if (!each.beside.empty())
        out.push_back(opaque(name, why + "; the filter " + each.beside + " decides", each.mark));
    else
        out.push_back(open(name, why, each.mark));
}

} // namespace

bool recognises_envoy(const Content& content) { return !envoy::chains_of(content.documents).filters.empty(); }

Verifiers read_envoy(const Content& content) {
    Verifiers out;
    std::size_t made = 0;
    const envoy::Chains chains = envoy::chains_of(content.documents, content.selection.host);
    for (const envoy::JwtFilter& each : chains.filters) read_filter(each, made, out);
    for (const envoy::Unguarded& each : chains.others) read_unguarded(each, out);
    Routes routes(chains, content.selection.host, made, out);
    for (const Node& each : content.documents) routes.find(each);
    return out;
}

} // namespace jwtdomain::gateway
