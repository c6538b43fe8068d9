#include "jwtdomain/gateway/envoy_gateway_objects.h"

#include <algorithm>

#include "jwtdomain/base/join.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::envoy_gateway {

using document::Kind;
using kubernetes::is_there;

namespace {

constexpr std::string_view kGroup = "gateway.envoyproxy.io";
constexpr std::string_view kGateways = "gateway.networking.k8s.io";
constexpr std::string_view kController = "gateway.envoyproxy.io/gatewayclass-controller";
constexpr std::size_t kMostNamed = 3; // hosts and paths of a route, for its name

std::string settled(const Node* value) {
    return value == nullptr || is_unresolved(*value) ? std::string() : text_of(value);
}

std::span<const Node> list_of(const Node* node) {
    return is(node, Kind::array) ? std::span<const Node>(node->elements) : std::span<const Node>();
}

Name name_of(const Node& document) {
    return {text_of(document.find("kind")), kubernetes::name_of(document), kubernetes::namespace_of(document)};
}

Target target_of(const Node& node, const std::string& name_space) {
    Target out{.object = {text_of(member(&node, "kind")), settled(member(&node, "name")), name_space},
               .mark = node.mark};
    out.section = text_of(member(&node, "sectionName"));
    return out;
}

void lose(std::string what, Policy& out) {
    out.fault = std::move(what);
    out.lost = true;
}

void read_targets(const Node& spec, Policy& out) {
    for (const char* name : {"targetRefs", "targetSelectors"}) {
        const Node* const all = spec.find(name);
        if (is_there(all) && all->kind != Kind::array) lose(std::string("its ") + name, out);
    }
    const Node* const one = spec.find("targetRef");
    if (is_there(one) && one->kind != Kind::object) lose("its targetRef", out);
    if (is(one, Kind::object)) {
        out.targets.push_back(target_of(*one, out.object.name_space));
    } else {
        for (const Node& each : list_of(spec.find("targetRefs")))
            out.targets.push_back(target_of(each, out.object.name_space));
    }
    for (const Node& each : list_of(spec.find("targetSelectors"))) {
        out.targets.push_back(target_of(each, out.object.name_space));
        out.targets.back().selector = &each;
    }
    for (const Target& target : out.targets) {
        if (target.object.kind.empty() || is_unresolved(target.object.kind)) lose("what it is attached to", out);
    }
}

Policy policy_of(const Node& document) {
    Policy out{.object = name_of(document), .mark = document.mark};
    const Node* const spec = document.find("spec");
    const std::string version = text_of(document.find("apiVersion")).substr(kGroup.size() + 1);
    if (version != "v1alpha1") out.fault = "its version " + plain_name(version);
    if (!is(spec, Kind::object)) {
        lose("its spec", out);
        return out;
    }
    out.spec = *spec;
    read_targets(*spec, out);
    const Node* const merge = spec->find("mergeType");
    out.merges = is_there(merge);
    const std::string type = text_of(merge);
    if (out.merges && type != "StrategicMerge" && type != "JSONMerge") out.fault = "its mergeType";
    return out;
}

std::string path_of(const Node& match) {
    const Node* const path = member(&match, "path");
    if (path == nullptr) return "/*";
    const std::string value = text_of(member(path, "value")), type = text_of(member(path, "type"));
    return (type == "RegularExpression" ? "~" : "") + value +
           (type == "Exact" || type == "RegularExpression" ? "" : "*");
}

// Something other than a redirection.
bool forwards(const Node& rule) {
    const std::span<const Node> filters = list_of(member(&rule, "filters"));
    const bool redirects = std::any_of(filters.begin(), filters.end(), [](const Node& each) {
        return text_of(member(&each, "type")) == "RequestRedirect";
    });
    return !redirects || !list_of(member(&rule, "backendRefs")).empty();
}

Route route_of(const Node& document) {
    Route out{
        .object = name_of(document), .labels = member(document.find("metadata"), "labels"), .mark = document.mark};
    const Node* const spec = document.find("spec");
    for (const Node& each : list_of(member(spec, "hostnames"))) out.hosts.push_back(text_of(&each));
    for (const Node& each : list_of(member(spec, "parentRefs"))) {
        const Node* const kind = member(&each, "kind");
        const Node* const name_space = member(&each, "namespace");
        out.parents.push_back({{is_there(kind) ? text_of(kind) : "Gateway", settled(member(&each, "name")),
                                is_there(name_space) ? settled(name_space) : out.object.name_space},
                               settled(member(&each, "sectionName"))});
    }
    const std::span<const Node> rules = list_of(member(spec, "rules"));
    out.forwards = rules.empty() || std::any_of(rules.begin(), rules.end(), forwards);
    for (const Node& rule : rules) {
        if (!forwards(rule) || out.object.kind != "HTTPRoute") continue;
        const std::span<const Node> matches = list_of(member(&rule, "matches"));
        if (matches.empty()) out.paths.emplace_back("/*");
        for (const Node& match : matches) out.paths.push_back(path_of(match));
    }
    return out;
}

Gateway gateway_of(const Node& document) {
    Gateway out{.object = name_of(document), .labels = member(document.find("metadata"), "labels")};
    const Node* const spec = document.find("spec");
    out.class_name = settled(member(spec, "gatewayClassName"));
    for (const Node& each : list_of(member(spec, "listeners"))) {
        const Node* const from = member(member(member(&each, "allowedRoutes"), "namespaces"), "from");
        out.listeners.push_back({settled(member(&each, "name")), text_of(member(&each, "hostname")),
                                 is_there(from) && text_of(from) != "Same"});
    }
    return out;
}

// By matchLabels; what else is asked for may not hold.
Attached selected(const Node& selector, const Node* labels) {
    bool certain = !is_there(selector.find("matchExpressions"));
    const Node* const wanted = selector.find("matchLabels");
    if (is_there(wanted) && wanted->kind != Kind::object) return Attached::perhaps;
    for (std::size_t i = 0; is(wanted, Kind::object) && i < wanted->names.size(); ++i) {
        const Node* const label = member(labels, wanted->names[i].text);
        const bool later = is_unresolved(wanted->elements[i]) || (label != nullptr && is_unresolved(*label));
        if (later)
            certain = false;
        else if (label == nullptr || text_of(label) != text_of(&wanted->elements[i]))
            return Attached::no;
    }
    return certain ? Attached::yes : Attached::perhaps;
}

bool is_empty(const Node& value) {
    return value.kind == Kind::null || (value.kind == Kind::array && value.elements.empty());
}

} // namespace

std::string Name::words() const {
    return plain_name(kind + " " + (name_space.empty() ? "" : name_space + "/") +
                      (name.empty() ? "put in later" : name));
}

std::string Target::words() const {
    std::string out = object.words();
    if (selector != nullptr) {
        std::vector<std::string> labels;
        const Node* const wanted = selector->find("matchLabels");
        for (std::size_t i = 0; is(wanted, Kind::object) && i < wanted->names.size(); ++i)
            labels.push_back(wanted->names[i].text + "=" + text_of(&wanted->elements[i]));
        out = object.kind + " with " + (labels.empty() ? "any labels" : jwtdomain::join(labels, ","));
    }
    return plain_name(out + (section.empty() ? "" : ", " + section));
}

std::string Route::words() const {
    std::vector<std::string> where;
    for (const std::string& host : hosts.empty() ? std::vector<std::string>{""} : hosts) {
        for (const std::string& path : paths.empty() ? std::vector<std::string>{""} : paths) {
            if (where.size() > kMostNamed) break;
            where.push_back(where.size() == kMostNamed ? "..." : host + path);
        }
    }
    const std::string all = jwtdomain::join(where, ", ");
    return object.words() + (all.empty() ? "" : plain_name(" (" + all + ")"));
}

bool is_policy(const Node& document) { return kubernetes::is_object(document, kGroup, "SecurityPolicy"); }

bool is_route_kind(std::string_view kind) { return kind == "HTTPRoute" || kind == "GRPCRoute" || kind == "TCPRoute"; }

Objects read_objects(std::span<const Node> documents) {
    Objects out;
    for (const Node& document : documents) {
        if (is_policy(document)) out.policies.push_back(policy_of(document));
        for (const char* kind : {"HTTPRoute", "GRPCRoute"}) {
            if (kubernetes::is_object(document, kGateways, kind)) out.routes.push_back(route_of(document));
        }
        if (kubernetes::is_object(document, kGateways, "Gateway")) out.gateways.push_back(gateway_of(document));
        if (kubernetes::is_object(document, kGateways, "GatewayClass") &&
            text_of(member(document.find("spec"), "controllerName")) == kController)
            out.classes.push_back(kubernetes::name_of(document));
        const bool config_map = document.kind == Kind::object && text_of(document.find("kind")) == "ConfigMap";
        if (config_map) out.config_maps.push_back(&document);
    }
    return out;
}

Attached attached(const Policy& policy, const Target& target, const Name& object, const Node* labels) {
    if (target.object.kind != object.kind) return Attached::no;
    if (target.selector != nullptr) {
        const Node* const from = member(target.selector->find("namespaces"), "from");
        const bool same = !is_there(target.selector->find("namespaces")) || text_of(from) == "Same";
        if (same && !kubernetes::may_be_in(policy.object.name_space, object.name_space)) return Attached::no;
        const Attached how = selected(*target.selector, labels);
        const bool sure = same && policy.object.name_space == object.name_space;
        return how == Attached::yes && !sure ? Attached::perhaps : how;
    }
    if (!kubernetes::may_be_in(policy.object.name_space, object.name_space)) return Attached::no;
    if (target.object.name.empty() || object.name.empty()) return Attached::perhaps;
    if (target.object.name != object.name) return Attached::no;
    return policy.object.name_space == object.name_space ? Attached::yes : Attached::perhaps;
}

Node merged(const Node& parent, const Node& route) {
    constexpr std::size_t kMostFields = 64; // no object of the API has as many, so these are not known anyway
    if (parent.kind != Kind::object || route.kind != Kind::object || route.names.size() > kMostFields) return route;
    Node out = parent;
    for (std::size_t i = 0; i < route.names.size(); ++i) {
        if (is_empty(route.elements[i])) continue;
        const Node* const own = parent.find(route.names[i].text);
        put(out, route.names[i].text, own == nullptr ? route.elements[i] : merged(*own, route.elements[i]));
    }
    return out;
}

} // namespace jwtdomain::gateway::envoy_gateway
