#include "jwtdomain/gateway/envoy_chains.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::envoy {
namespace {

using document::Kind;

constexpr std::string_view kType = "envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication";
constexpr std::string_view kFilterName = "envoy.filters.http.jwt_authn";

// Of filters that refuse requests, or may, for reasons of their own: in the type, or, without it, in the name.
constexpr std::array<std::string_view, 11> kRefusing{
    "rbac", "ext_authz", "oauth2", "basic_auth",      "api_key_auth", "lua",
    "wasm", "ext_proc",  "golang", "dynamic_modules", "composite"};

bool is_on(const Node* flag) { return flag != nullptr && (flag->truth || text_of(flag) == "true"); }

void find_filters(const Node& node, std::vector<const Node*>& out) {
    if (is_jwt_filter(node)) {
        out.push_back(&node);
        return;
    }
    for (const Node& inner : node.elements) find_filters(inner, out);
}

// A filter that may refuse; empty if it does nothing of the kind.
std::string refuses(const Node& filter) {
    const Node* const typed = field(filter, "typed_config");
    const std::string name = text_of(field(filter, "name"));
    const std::string type = is(typed, Kind::object) ? text_of(typed->find("@type")) : "";
    for (const std::string_view word : kRefusing) {
        if (type.find("." + std::string(word) + ".") != std::string::npos || name.ends_with("." + std::string(word)))
            return name.empty() ? std::string(word) : name;
    }
    return {};
}

// Does every route of it answer by itself, as where HTTP is sent on to HTTPS?
bool only_redirects(const Node& manager) {
    const Node* const routes = field(manager, "route_config");
    const Node* const hosts = is(routes, Kind::object) ? field(*routes, "virtual_hosts") : nullptr;
    if (!is(hosts, Kind::array)) return false;
    bool some = false;
    for (const Node& host : hosts->elements) {
        const Node* const list = host.kind == Kind::object ? field(host, "routes") : nullptr;
        if (!is(list, Kind::array)) return false;
        for (const Node& route : list->elements) {
            some = true;
            if (route.kind != Kind::object ||
                (field(route, "redirect") == nullptr && field(route, "direct_response") == nullptr))
                return false;
        }
    }
    return some;
}

// Could a request for the host come to it? It has routes of other hosts alone, and all of them are here.
bool may_serve(const Node& manager, std::string_view host) {
    const Node* const routes = field(manager, "route_config");
    const Node* const hosts = is(routes, Kind::object) ? field(*routes, "virtual_hosts") : nullptr;
    if (!is(hosts, Kind::array) || hosts->elements.empty() || field(*routes, "vhds") != nullptr) return true;
    return std::any_of(hosts->elements.begin(), hosts->elements.end(),
                       [&](const Node& each) { return is_for_host(each, host); });
}

class Walk {
public:
    explicit Walk(std::string_view host) : host_(host) {}
    Chains out;

    void visit(const Node& node, const std::string& listener) {
        if (node.kind == Kind::object && is(field(node, "http_filters"), Kind::array)) {
            if (may_serve(node, host_)) read_chain(node, listener);
            return;
        }
        if (is_jwt_filter(node)) {
            out.filters.push_back({.config = &node, .name = {}, .beside = {}});
            return;
        }
        const bool named = node.kind == Kind::object && field(node, "name") != nullptr &&
                           (field(node, "filter_chains") != nullptr || field(node, "address") != nullptr);
        for (const Node& inner : node.elements)
            visit(inner, named ? "listener " + text_of(field(node, "name")) : listener);
    }

private:
    void read_chain(const Node& manager, const std::string& listener) {
        out.read = true;
        std::string beside;
        bool elsewhere = false;
        std::vector<JwtFilter> found;
        for (const Node& filter : field(manager, "http_filters")->elements) {
            if (filter.kind != Kind::object) continue;
            const Node* const typed = field(filter, "typed_config");
            const std::string name = text_of(field(filter, "name"));
            const bool direct = typed != nullptr && is_jwt_filter(*typed);
            std::vector<const Node*> inside;
            find_filters(filter, inside);
            for (const Node* config : inside)
                found.push_back({.config = config,
                                 .name = name,
                                 .disabled = is_on(field(filter, "disabled")),
                                 .wrapped = !direct,
                                 .beside = {}});
            if (!inside.empty())
                out.names.insert(name);
            else if (beside.empty())
                beside = refuses(filter);
            elsewhere = elsewhere || (typed == nullptr && field(filter, "config_discovery") != nullptr);
        }
        for (JwtFilter& filter : found) {
            filter.beside = beside;
            out.filters.push_back(std::move(filter));
        }
        if (!found.empty() || only_redirects(manager)) return;
        const std::string prefix = text_of(field(manager, "stat_prefix"));
        out.others.push_back({.name = !listener.empty() ? listener
                                      : prefix.empty()  ? "a listener"
                                                        : prefix,
                              .mark = manager.mark,
                              .beside = beside,
                              .elsewhere = elsewhere});
    }

    std::string_view host_;
};

} // namespace

bool is_jwt_filter(const Node& node) {
    if (node.kind != Kind::object) return false;
    const Node* const type = node.find("@type");
    if (type != nullptr) return text_of(type).ends_with(kType);
    return is(field(node, "providers"), Kind::object) &&
           (is(field(node, "rules"), Kind::array) || is(field(node, "requirement_map"), Kind::object) ||
            field(node, "filter_state_rules") != nullptr);
}

bool is_for_host(const Node& virtual_host, std::string_view host) {
    const Node* const domains = virtual_host.kind == Kind::object ? field(virtual_host, "domains") : nullptr;
    if (host.empty() || !is(domains, Kind::array)) return true;
    const std::string wanted = lower_case(host);
    return std::any_of(domains->elements.begin(), domains->elements.end(), [&](const Node& each) {
        if (each.kind != Kind::string || is_unresolved(each)) return true;
        const std::string domain = lower_case(each.text);
        const std::string_view text = domain, name = text.substr(0, std::min(text.rfind(':'), text.size()));
        if (text.starts_with('*')) return wanted.ends_with(text.substr(1)) || wanted.ends_with(name.substr(1));
        if (text.ends_with('*')) return wanted.starts_with(text.substr(0, text.size() - 1));
        return wanted == text || wanted == name;
    });
}

Chains chains_of(const std::vector<Node>& documents, std::string_view host) {
    Walk walk(host);
    for (const Node& each : documents) walk.visit(each, {});
    walk.out.names.insert(std::string(kFilterName));
    return std::move(walk.out);
}

} // namespace jwtdomain::gateway::envoy
