#include "jwtdomain/gateway/envoy_gateway_security.h"

#include <algorithm>
#include <map>

#include "jwtdomain/base/join.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/jwt_authn.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::envoy_gateway {
namespace {

using document::Kind;
using kubernetes::is_there;

bool is_text(const Node& node) { return is_unresolved(node) || (node.kind == Kind::string && !node.text.empty()); }

bool are_texts(const Node* list) {
    return is(list, Kind::array) && std::all_of(list->elements.begin(), list->elements.end(), is_text);
}

class Reader {
public:
    explicit Reader(Security& out) : out_(out) {}

    void read(const Node& spec) {
        known(&spec, "the policy",
              {"targetRef", "targetRefs", "targetSelectors", "mergeType", "apiKeyAuth", "cors", "csrf", "basicAuth",
               "jwt", "oidc", "extAuth", "authorization"});
        read_jwt(spec.find("jwt"));
        read_others(spec);
        read_authorization(spec.find("authorization"));
    }

private:
    void fail(const std::string& what) {
        if (out_.fault.empty()) out_.fault = what;
    }

    // Is it an object, all of whose fields are known?
    bool known(const Node* node, const std::string& what, std::initializer_list<std::string_view> fields) {
        if (!is(node, Kind::object)) {
            fail(what + " is no object");
            return false;
        }
        const std::string field = unknown_member(*node, fields);
        if (!field.empty()) fail(what + " has a field that is not known here: " + field);
        return field.empty();
    }

    bool flag(const Node* value, const std::string& what) {
        if (!is_there(value)) return false;
        if (value->kind != Kind::boolean) fail(what + " is put in later, or no boolean");
        return value->truth;
    }

    void read_jwt(const Node* jwt) {
        if (!is_there(jwt) || !known(jwt, "jwt", {"optional", "failOpen", "providers"})) return;
        const Node* const providers = jwt->find("providers");
        if (is_there(providers) && providers->kind != Kind::array) fail("jwt.providers is no list");
        if (is(providers, Kind::array)) {
            for (const Node& each : providers->elements) read_provider(each);
        }
        const bool optional = flag(jwt->find("optional"), "jwt.optional");
        const bool fails_open = flag(jwt->find("failOpen"), "jwt.failOpen");
        out_.token = !out_.providers.empty() && !optional && !fails_open;
    }

    void read_provider(const Node& provider) {
        if (!known(&provider, "a provider",
                   {"name", "issuer", "audiences", "remoteJWKS", "localJWKS", "claimToHeaders", "recomputeRoute",
                    "extractFrom"}))
            return;
        if (const std::string why = unreadable_provider(provider); !why.empty()) fail("a provider: " + why);
        if (provider.find("name") == nullptr || !is_text(*provider.find("name"))) fail("a provider without a name");
        out_.reselects = flag(provider.find("recomputeRoute"), "recomputeRoute") || out_.reselects;
        out_.providers.push_back(&provider);
    }

    void read_others(const Node& spec) {
        if (const Node* const external = spec.find("extAuth"); is_there(external)) {
            if (!out_.providers.empty() && may_replace_token(*external))
                fail("an external service decides (extAuth), and may put another token in its place");
            out_.besides.push_back(text("extAuth: an external service must allow it", external->mark));
        }
        for (const char* name : {"apiKeyAuth", "basicAuth", "oidc"}) {
            if (const Node* const other = spec.find(name); is_there(other))
                out_.besides.push_back(text(std::string(name) + ": it must hold, too", other->mark));
        }
    }

    // Only the headers that are listed reach the filters behind it, and only from a service that speaks HTTP.
    bool may_replace_token(const Node& external) const {
        if (is_there(external.find("grpc")) || !is(external.find("http"), Kind::object)) return true;
        const Node* const headers = external.find("http")->find("headersToBackend");
        if (!is_there(headers)) return false;
        if (!are_texts(headers)) return true;
        return std::any_of(headers->elements.begin(), headers->elements.end(), [&](const Node& header) {
            const std::string name = lower_case(text_of(&header));
            return is_unresolved(header) || name.starts_with(':') || name == "authorization" || name == "cookie" ||
                   is_place_of_token(name);
        });
    }

    bool is_place_of_token(const std::string& header) const {
        for (const Node* provider : out_.providers) {
            const Node* const places = member(provider->find("extractFrom"), "headers");
            if (!is(places, Kind::array)) continue;
            for (const Node& each : places->elements) {
                const Node* const name = member(&each, "name");
                if (name != nullptr && (is_unresolved(*name) || lower_case(text_of(name)) == header)) return true;
            }
        }
        return false;
    }

    // The first rule that matches decides; a Deny rule only takes away from what comes after it.
    void read_authorization(const Node* authorization) {
        if (!is_there(authorization)) return add({}, {});
        if (!known(authorization, "authorization", {"rules", "defaultAction"})) return;
        const Node* const rules = authorization->find("rules");
        if (is_there(rules) && rules->kind != Kind::array) fail("authorization.rules is no list");
        std::vector<Node> denied;
        if (is(rules, Kind::array)) {
            for (const Node& rule : rules->elements) read_rule(rule, denied);
        }
        const Node* const otherwise = authorization->find("defaultAction");
        const Node* const written = is_there(otherwise) ? otherwise : nullptr;
        if (allows(written, "defaultAction"))
            add({}, {.others = denied, .mark = written == nullptr ? authorization->mark : written->mark});
    }

    bool allows(const Node* action, const std::string& what) {
        const std::string word = action == nullptr ? "Deny" : text_of(action);
        if (word != "Allow" && word != "Deny") fail(what + " is put in later, or neither Allow nor Deny");
        return word == "Allow";
    }

    void read_rule(const Node& rule, std::vector<Node>& denied) {
        if (!known(&rule, "a rule", {"name", "action", "operation", "principal", "cel"})) return;
        const Node* const action = rule.find("action");
        if (!is_there(action)) return fail("a rule without action");
        if (!allows(action, "the action of a rule")) {
            if (denied.empty()) denied.push_back(text("the Deny rules that come before", rule.mark));
            return;
        }
        Alternative out{.others = denied, .mark = rule.mark};
        if (const Node* const cel = rule.find("cel"); is_there(cel)) out.others.push_back(text("cel", cel->mark));
        const Node* const principal = rule.find("principal");
        if (is_there(principal)) read_principal(*principal, out);
        if (!is_there(principal) && out.others.size() == denied.size()) fail("a rule without principal");
        add(operation_of(rule.find("operation")), std::move(out));
    }

    void read_principal(const Node& principal, Alternative& out) {
        if (!known(&principal, "a principal", {"clientCIDRs", "jwt", "headers", "clientIPGeoLocations"})) return;
        for (const char* name : {"clientCIDRs", "headers", "clientIPGeoLocations"}) {
            if (const Node* const other = principal.find(name); is_there(other))
                out.others.push_back(text(std::string("principal.") + name, other->mark));
        }
        const Node* const jwt = principal.find("jwt");
        if (!is_there(jwt)) {
            if (out.others.empty()) fail("a principal that names nobody");
            return;
        }
        if (!known(jwt, "principal.jwt", {"provider", "claims", "scopes"})) return;
        const Node* const provider = jwt->find("provider");
        if (provider == nullptr || !is_text(*provider)) fail("principal.jwt without provider");
        const Node* const scopes = jwt->find("scopes");
        if (is_there(scopes) && !is_unresolved(*scopes) && !are_texts(scopes)) fail("the scopes of a principal");
        const Node* const claims = jwt->find("claims");
        if (is_there(claims) && claims->kind != Kind::array) fail("the claims of a principal");
        if (is(claims, Kind::array)) {
            for (const Node& claim : claims->elements) check_claim(claim);
        }
        out.principal = jwt;
    }

    void check_claim(const Node& claim) {
        if (!known(&claim, "a claim", {"name", "valueType", "values"})) return;
        const Node* const name = claim.find("name");
        if (name == nullptr || !is_text(*name)) fail("a claim without name");
        const Node* const type = claim.find("valueType");
        if (is_there(type) && text_of(type) != "String" && text_of(type) != "StringArray")
            fail("the valueType of a claim");
        const Node* const values = claim.find("values");
        const bool texts = is(values, Kind::array) && !values->elements.empty() &&
                           std::all_of(values->elements.begin(), values->elements.end(), [](const Node& value) {
                               return value.kind == Kind::string || is_unresolved(value);
                           });
        if (!texts && (values == nullptr || !is_unresolved(*values))) fail("the values of a claim");
    }

    std::string operation_of(const Node* operation) {
        if (!is_there(operation) || !known(operation, "an operation", {"methods", "path"})) return {};
        const Node* const methods = operation->find("methods");
        std::vector<std::string> words;
        if (is_there(methods) && !are_texts(methods)) fail("the methods of an operation");
        if (is(methods, Kind::array)) {
            for (const Node& each : methods->elements) words.push_back(text_of(&each));
        }
        std::string out = jwtdomain::join(words, "|");
        const Node* const path = operation->find("path");
        if (!is_there(path) || !known(path, "the path of an operation", {"type", "value", "invert"})) return out;
        const std::string type = is_there(path->find("type")) ? text_of(path->find("type")) : "Exact";
        const std::string value = text_of(path->find("value"));
        const std::string invert = flag(path->find("invert"), "invert") ? "not " : "";
        return out + (out.empty() ? "" : " ") + invert + (type == "RegularExpression" ? "~" : "") + value +
               (type == "PathPrefix" ? "*" : "");
    }

    void add(const std::string& operation, Alternative alternative) {
        const auto [found, is_new] = by_operation_.emplace(operation, out_.permits.size());
        if (is_new) out_.permits.push_back({.operation = operation, .mark = alternative.mark});
        out_.permits[found->second].alternatives.push_back(std::move(alternative));
    }

    Security& out_;
    std::map<std::string, std::size_t> by_operation_ = {};
};

} // namespace

Security read_security(const Node& spec) {
    Security out;
    Reader(out).read(spec);
    return out;
}

} // namespace jwtdomain::gateway::envoy_gateway
