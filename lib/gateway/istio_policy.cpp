#include "jwtdomain/gateway/istio_policy.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "jwtdomain/gateway/istio_rules.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::istio {
namespace {

using document::Kind;

constexpr std::string_view kGroup = "security.istio.io/";
constexpr std::string_view kDryRun = "istio.io/dry-run";
constexpr std::string_view kDefaultRoot = "istio-system";

// strconv.ParseBool of Go.
bool is_true(std::string_view text) {
    constexpr std::array<std::string_view, 6> kTrue{"1", "t", "T", "TRUE", "true", "True"};
    return std::find(kTrue.begin(), kTrue.end(), text) != kTrue.end();
}

// "Gateway" of gateway.networking.k8s.io, "Service", "ServiceEntry", "GatewayClass".
void read_target(const Node& target, Policy& out) {
    const std::string kind = text_of(member(&target, "kind"));
    const Node* const name = member(&target, "name");
    if (name == nullptr || is_unresolved(*name)) {
        out.not_known = "what it is attached to";
        return;
    }
    const bool service = kind == "Service" || kind == "ServiceEntry";
    if (service || kind == "Gateway" || kind == "GatewayClass")
        out.attached.push_back(
            {{service ? "Service" : kind, (kind == "ServiceEntry" ? kind + " " : "") + text_of(name)}});
    else
        out.not_known = "that it is attached to a " + plain_name(kind);
}

void read_jwt_rules(const Node* spec, Policy& out) {
    const Node* const rules = member(spec, "jwtRules");
    if (rules == nullptr || rules->kind == Kind::null) return;
    if (rules->kind != Kind::array) {
        out.not_known = "its jwtRules";
        return;
    }
    for (const Node& rule : rules->elements) {
        if (const std::string what = unknown_in_jwt_rule(rule); !what.empty()) out.not_known = "of a jwtRule " + what;
        out.jwt_rules.push_back(&rule);
    }
}

void read_authorization(const Node* spec, Policy& out) {
    const Node* const action = member(spec, "action");
    const std::string word = action == nullptr ? "ALLOW" : text_of(action);
    out.kind = word == "DENY"     ? Policy::Kind::deny
               : word == "AUDIT"  ? Policy::Kind::audit
               : word == "CUSTOM" ? Policy::Kind::custom
                                  : Policy::Kind::allow;
    if (out.kind == Policy::Kind::allow && word != "ALLOW") out.not_known = "its action " + plain_name(word);
    read_rules(member(spec, "rules"), out);
}

std::string first_unknown(const Node* object, std::initializer_list<std::string_view> known) {
    for (std::size_t i = 0; object != nullptr && i < object->names.size(); ++i) {
        const std::string& name = object->names[i].text;
        if (std::find(known.begin(), known.end(), name) == known.end()) return plain_name(name);
    }
    return {};
}

} // namespace

void read_metadata(const Node& document, Policy& out) {
    const Node* const metadata = document.find("metadata");
    if (const Node* const name = member(metadata, "name")) out.name = plain_name(text_of(name));
    // A namespace that is put in later is one that is not written.
    if (const Node* const name = member(metadata, "namespace"); name != nullptr && !is_unresolved(*name))
        out.name_space = text_of(name);
    const Node* const dry_run = member(member(metadata, "annotations"), kDryRun);
    if (dry_run == nullptr) return;
    if (dry_run->kind == Kind::string && !is_unresolved(*dry_run))
        out.dry_run = is_true(dry_run->text);
    else
        out.uncertain = true;
}

void read_selector(const Node& selector, Policy& out) {
    Facts facts;
    const Node* const labels = member(&selector, "matchLabels");
    if (selector.kind != Kind::object || selector.names.size() != (labels != nullptr) ||
        (labels != nullptr && labels->kind != Kind::object)) {
        out.not_known = "its selector";
        return;
    }
    for (std::size_t i = 0; labels != nullptr && i < labels->names.size(); ++i) {
        const Node& value = labels->elements[i];
        if (is_unresolved(value) || is_unresolved(labels->names[i].text))
            out.uncertain = true;
        else
            facts[std::string(kLabel) + labels->names[i].text] = text_of(&value);
    }
    out.attached = {std::move(facts)};
}

void read_attachment(const Node* spec, Policy& out) {
    const Node* const selector = member(spec, "selector");
    const Node* const one = member(spec, "targetRef");
    const Node* const several = member(spec, "targetRefs");
    if (is(several, Kind::array)) {
        for (const Node& each : several->elements) read_target(each, out);
    } else if (several != nullptr && several->kind != Kind::null) {
        out.not_known = "its targetRefs";
    }
    if (out.attached.empty() && is(one, Kind::object)) read_target(*one, out);
    out.by_target = !out.attached.empty();
    if (!out.by_target && selector != nullptr && selector->kind != Kind::null) read_selector(*selector, out);
    if (out.attached.empty()) out.attached.emplace_back();
}

bool is_policy(const Node& document) {
    if (document.kind != Kind::object || !text_of(document.find("apiVersion")).starts_with(kGroup)) return false;
    const std::string kind = text_of(document.find("kind"));
    return kind == "RequestAuthentication" || kind == "AuthorizationPolicy";
}

Policy read_policy(const Node& document) {
    Policy out{.mark = document.mark};
    read_metadata(document, out);
    const Node* spec = document.find("spec");
    const std::string version = text_of(document.find("apiVersion")).substr(kGroup.size());
    if (version != "v1" && version != "v1beta1") out.not_known = "its version " + plain_name(version);
    if (spec != nullptr && spec->kind != Kind::object && spec->kind != Kind::null) out.not_known = "its spec";
    read_attachment(spec, out);
    const bool authentication = text_of(document.find("kind")) == "RequestAuthentication";
    if (authentication)
        read_jwt_rules(spec, out);
    else
        read_authorization(spec, out);
    const std::string what =
        authentication ? first_unknown(spec, {"selector", "targetRef", "targetRefs", "jwtRules"})
                       : first_unknown(spec, {"selector", "targetRef", "targetRefs", "rules", "action", "provider"});
    if (!what.empty()) out.not_known = "its field " + what;
    return out;
}

std::string root_namespace(std::span<const Node> documents) {
    constexpr std::string_view kField = "rootNamespace:";
    for (const Node& each : documents) {
        if (each.kind != Kind::object) continue;
        const Node* const written = member(member(each.find("spec"), "meshConfig"), "rootNamespace");
        if (is(written, Kind::string) && !is_unresolved(*written)) return written->text;
        const std::string mesh = text_of(member(each.find("data"), "mesh"));
        const std::size_t at = mesh.find(kField);
        if (at == std::string::npos) continue;
        const std::string line = mesh.substr(at + kField.size(), mesh.find('\n', at) - at - kField.size());
        const std::size_t begin = line.find_first_not_of(" \"'"), end = line.find_last_not_of(" \"'\r");
        if (begin != std::string::npos && !is_unresolved(line)) return line.substr(begin, end - begin + 1);
    }
    return std::string(kDefaultRoot);
}

std::string unknown_in_jwt_rule(const Node& rule) {
    if (rule.kind != Kind::object) return "that is no object";
    const std::string what =
        first_unknown(&rule, {"issuer", "audiences", "jwksUri", "jwks_uri", "jwks", "fromHeaders", "fromParams",
                              "fromCookies", "outputPayloadToHeader", "outputClaimToHeaders", "forwardOriginalToken",
                              "timeout", "spaceDelimitedClaims", "presence"});
    if (!what.empty()) return "the field " + what;
    for (const char* name : {"issuer", "jwks", "jwksUri", "jwks_uri"}) {
        const Node* const value = rule.find(name);
        if (value != nullptr && value->kind != Kind::string && value->kind != Kind::null && !is_unresolved(*value))
            return std::string("the field ") + name;
    }
    for (const char* name : {"audiences", "spaceDelimitedClaims"}) {
        const Node* const value = rule.find(name);
        if (value != nullptr && value->kind != Kind::null && !is_strings(*value))
            return std::string("the field ") + name;
    }
    return {};
}

} // namespace jwtdomain::gateway::istio
