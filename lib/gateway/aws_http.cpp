// HTTP APIs of Amazon API Gateway, in CloudFormation (AWS::ApiGatewayV2) and in SAM (AWS::Serverless::HttpApi and the
// events of functions).
//
// By Amazon's documentation of JWT authorizers and by SAM's own translator: the keys are those of the issuer's
// metadata, algorithms of RSA alone, kid must name one; iss is compared; of aud one value must be among the audiences,
// and client_id is read where there is no aud; exp, nbf and iat are looked at, and it is not said what a token without
// exp meets, nor how far clocks may differ. Of the scopes of a route one must be in scope or in scp. A route without an
// authorizer is open. SAM gives its default authorizer to every event but those of the method OPTIONS; "NONE" takes it
// away; scopes of an event replace those of the authorizer, an empty list does not.
#include <algorithm>

#include "jwtdomain/gateway/aws.h"

namespace jwtdomain::gateway::aws {
namespace {

using document::Kind;

constexpr const char* kLambda = "a Lambda function decides";
constexpr const char* kIam = "requests are signed with keys of IAM, and who may send them is said in other policies";

// Names in SAM are those of CloudFormation, or begin with a small letter.
const Node* property(const Node* object, std::string_view name) {
    if (!is(object, Kind::object)) return nullptr;
    std::string small(name);
    small.front() = static_cast<char>(small.front() - 'A' + 'a');
    const Node* const found = object->find(name);
    return found != nullptr ? found : object->find(small);
}

Node rsa(Mark at) {
    std::vector<Node> out;
    for (const char* name : {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) out.push_back(text(name, at));
    return list(std::move(out), at);
}

// For a name: as it is written, with its references.
std::string label(const Node* node, const std::string& otherwise) {
    if (node == nullptr) return otherwise;
    const std::string text = substitution(*node).value_or(text_of(node));
    return text.empty() ? otherwise : text;
}

// What a route asks of tokens.
struct Guard {
    const Node* jwt = nullptr;    // an authorizer's JwtConfiguration
    const Node* scopes = nullptr; // nullptr: none
    Mark at = {};
};

Node path_of(const std::string& name, const Guard& guard, std::vector<Node> dropped) {
    const Node *issuer = property(guard.jwt, "Issuer"), *audience = property(guard.jwt, "Audience");
    const Mark at = guard.jwt->mark;
    Node path = object(guard.at);
    put(path, "name", text(name, guard.at));
    const auto named = literal(issuer);
    put(path, "keys", discovered_keys(named.value_or(""), issuer != nullptr ? issuer->mark : at));
    put(path, "algorithms", rsa(at));
    if (named) {
        put(path, "issuer", one_of({text(*named, issuer->mark)}, issuer->mark));
    } else {
        put(path, "issuer", text("any", at));
        dropped.push_back(text("the issuer, which is resolved elsewhere", issuer != nullptr ? issuer->mark : at));
    }
    auto audiences = literals(audience);
    if (audiences && !audiences->empty()) {
        Node rule = object(audience->mark);
        put(rule, "any_of", one_of(std::move(*audiences), audience->mark));
        put(rule, "fallback", list({text("client_id", audience->mark)}, audience->mark));
        put(path, "audience", std::move(rule));
    } else {
        put(path, "audience", text("any", at));
        dropped.push_back(text(audience == nullptr ? "that an audience is asked for, which is not written"
                                                   : "the audiences, of which one is resolved elsewhere",
                               audience != nullptr ? audience->mark : at));
    }
    put(path, "expiry", text("optional", at));
    put(path, "not_before", text("checked", at));
    put(path, "issued_at", text("checked", at));
    put(path, "leeway", number(60, at));
    put(path, "principal", list({text("sub", at)}, at));
    if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at));
    return path;
}

constexpr const char* kTooMuch = "what its routes ask for comes to too much";

// One in scope, or one in scp: two paths.
std::vector<Node> paths_of(const Guard& guard) {
    auto scopes = literals(guard.scopes);
    if (scopes && scopes->empty()) return {path_of("jwt", guard, {})};
    if (!scopes)
        return {path_of("jwt", guard, {text("the scopes, of which one is resolved elsewhere", guard.scopes->mark)})};
    std::vector<Node> out;
    for (const char* claim : {"scope", "scp"}) {
        const Mark at = guard.scopes->mark;
        Node test = object(at), claims = object(at);
        put(test, "has_any", list(*scopes, at));
        put(test, "shape", text("words", at));
        put(test, "role", text("scope", at));
        put(claims, claim, std::move(test));
        Node path = path_of(std::string("jwt with ") + claim, guard, {});
        put(path, "claims", std::move(claims));
        out.push_back(std::move(path));
    }
    return out;
}

// --- CloudFormation -------------------------------------------------------------------------------------------------

bool is_websocket(const Template& all, const Node& properties) {
    const auto name = reference(properties.find("ApiId"));
    const Resource* const api = name ? all.find(*name) : nullptr;
    return api != nullptr && literal(api->properties->find("ProtocolType")) == "WEBSOCKET";
}

Node jwt_route(const Template& all, Budget& budget, const std::string& name, const Node& route, Mark at) {
    const Node* const id = route.find("AuthorizerId");
    const auto referred = reference(id);
    const Resource* const authorizer = referred ? all.find(*referred) : nullptr;
    if (authorizer == nullptr || authorizer->type != "AWS::ApiGatewayV2::Authorizer")
        return opaque(name, "its authorizer is not in this template", id != nullptr ? id->mark : at);
    const Node* const jwt = authorizer->properties->find("JwtConfiguration");
    if (literal(authorizer->properties->find("AuthorizerType")) != "JWT" || !is(jwt, Kind::object))
        return opaque(name, "its authorizer is none of JWTs", authorizer->mark);
    const Node* const scopes = route.find("AuthorizationScopes");
    if (!budget.take(jwt) || !budget.take(scopes)) return opaque(name, kTooMuch, at);
    return guarded(name, paths_of({.jwt = jwt, .scopes = scopes, .at = at}), at);
}

void read_route(const Template& all, Budget& budget, const Resource& route, Verifiers& out) {
    const Node& properties = *route.properties;
    const auto key = literal(properties.find("RouteKey"));
    const std::string name = plain_name("route " + label(properties.find("RouteKey"), route.name));
    // Further messages come on a connection that $connect has let in.
    if (is_websocket(all, properties) && key && *key != "$connect") return;
    const Node* const type = properties.find("AuthorizationType");
    const auto kind = type == nullptr ? std::optional<std::string>("NONE") : literal(type);
    const Mark at = type == nullptr ? route.mark : type->mark;
    if (kind == "JWT")
        out.push_back(jwt_route(all, budget, name, properties, at));
    else if (kind == "NONE")
        out.push_back(open(name, "the route has no authorizer", at));
    else
        out.push_back(opaque(name,
                             kind == "CUSTOM"    ? kLambda
                             : kind == "AWS_IAM" ? kIam
                                                 : "its type of authorization is not known here",
                             at));
}

void read_api(const Resource& api, Verifiers& out) {
    for (const char* body : {"Body", "BodyS3Location"}) {
        const Node* const definition = api.properties->find(body);
        if (definition != nullptr)
            out.push_back(opaque(plain_name("routes of " + api.name), "its OpenAPI definition is not read here",
                                 definition->mark));
    }
    const Node* const target = api.properties->find("Target");
    if (target != nullptr)
        out.push_back(open(plain_name("every route of " + api.name),
                           "an API with a target and nothing else has no authorizer", target->mark));
}

// --- SAM ------------------------------------------------------------------------------------------------------------

// As SAM merges what is global with what is local: objects name by name, lists one behind the other.
Node merged(const Node* global, const Node* local) {
    if (global == nullptr) return *local;
    if (local == nullptr) return *global;
    Node out = *local;
    if (global->kind == Kind::array && local->kind == Kind::array) {
        out.elements.insert(out.elements.begin(), global->elements.begin(), global->elements.end());
    } else if (global->kind == Kind::object && local->kind == Kind::object) {
        for (std::size_t i = 0; i < global->names.size(); ++i) {
            const std::string& name = global->names[i].text;
            put(out, name, merged(&global->elements[i], local->find(name)));
        }
    }
    return out;
}

// The settings `Auth` of an API, its own before those for all.
class ServerlessApi {
public:
    ServerlessApi(const Template& all, const Node* local) : local_(local) {
        const Node* const globals = all.globals("HttpApi");
        if (is(globals, Kind::object)) global_ = globals->find("Auth");
        computed_ = is_computed(globals) || is_computed(global_) || is_computed(local_);
    }

    // `event`: the Auth of an event, or nullptr.
    Node guard(const std::string& name, const Node* event, bool options, Budget& budget, Mark at) const {
        if (computed_) return opaque(name, "the authorizers of its API are not known here", at);
        if (event != nullptr && (event->kind != Kind::object || is_computed(event)))
            return opaque(name, "its authorizer is not known here", event->mark);
        const Node* chosen = event != nullptr ? event->find("Authorizer") : nullptr;
        if (chosen == nullptr) chosen = field(local_, "DefaultAuthorizer");
        if (chosen == nullptr) chosen = field(global_, "DefaultAuthorizer");
        if (chosen == nullptr) return open(name, "the event has no authorizer", at);
        if (event == nullptr && options) return open(name, "the default authorizer is not for the method OPTIONS", at);
        const auto wanted = literal(chosen);
        if (!wanted) return opaque(name, "its authorizer is not known here", chosen->mark);
        if (*wanted == "NONE") return open(name, "the event has the authorizer NONE", chosen->mark);
        return guard_by(name, *wanted, event, budget, chosen->mark);
    }

private:
    static const Node* field(const Node* object, std::string_view name) {
        return is(object, Kind::object) ? object->find(name) : nullptr;
    }

    Node guard_by(const std::string& name, const std::string& wanted, const Node* event, Budget& budget,
                  Mark at) const {
        const Node *locals = field(local_, "Authorizers"), *globals = field(global_, "Authorizers");
        const std::size_t many = (is(locals, Kind::object) ? locals->names.size() : 0) +
                                 (is(globals, Kind::object) ? globals->names.size() : 0);
        if (!budget.take(many)) return opaque(name, kTooMuch, at);
        const Node *local = field(locals, wanted), *global = field(globals, wanted);
        if (!budget.take(local) || !budget.take(global)) return opaque(name, kTooMuch, at);
        if (local == nullptr && global == nullptr)
            return opaque(name, wanted == "AWS_IAM" ? kIam : plain_name("there is no authorizer " + wanted), at);
        const Node authorizer = merged(global, local);
        const Node* const jwt = field(&authorizer, "JwtConfiguration");
        if (jwt == nullptr) return opaque(name, kLambda, authorizer.mark);
        if (jwt->kind != Kind::object) return opaque(name, "its configuration is not known here", jwt->mark);
        const Node* scopes = event != nullptr ? event->find("AuthorizationScopes") : nullptr;
        if (scopes == nullptr || (scopes->kind == Kind::array && scopes->elements.empty()))
            scopes = authorizer.find("AuthorizationScopes");
        if (!budget.take(scopes)) return opaque(name, kTooMuch, at);
        return guarded(name, paths_of({.jwt = jwt, .scopes = scopes, .at = at}), at);
    }

    const Node *local_, *global_ = nullptr;
    bool computed_;
};

void read_serverless_api(const Resource& api, Verifiers& out) {
    for (const char* body : {"DefinitionBody", "DefinitionUri"}) {
        const Node* const definition = api.properties->find(body);
        if (definition != nullptr)
            out.push_back(opaque(plain_name("routes of " + api.name), "its OpenAPI definition is not read here",
                                 definition->mark));
    }
}

std::string in_capitals(std::string word) {
    std::transform(word.begin(), word.end(), word.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
    return word;
}

// Of an event of the function; nothing if it is none of an HTTP API.
void read_event(const Template& all, Budget& budget, const std::string& full_name, const Node& event, Mark at,
                Verifiers& out) {
    if (event.kind != Kind::object || literal(event.find("Type")) != "HttpApi") return;
    const Node* const properties = event.find("Properties");
    if (is_computed(properties))
        return out.push_back(opaque(plain_name(full_name), "its properties are not known here", at));
    const auto field = [&](const char* which) {
        return is(properties, Kind::object) ? properties->find(which) : nullptr;
    };
    const Node *path = field("Path"), *method = field("Method"), *api_id = field("ApiId");
    const std::string verb = in_capitals(literal(method).value_or(method == nullptr ? "ANY" : "OPTIONS"));
    const std::string name = plain_name(label(method, method == nullptr ? "ANY" : "some method") + " " +
                                        label(path, path == nullptr ? "$default" : "of " + full_name));
    const Node* local = nullptr;
    if (api_id != nullptr) {
        const auto referred = reference(api_id);
        const Resource* const api = referred ? all.find(*referred) : nullptr;
        if (api == nullptr || api->type != "AWS::Serverless::HttpApi")
            return out.push_back(opaque(name, "its API is not in this template", api_id->mark));
        local = api->properties->find("Auth");
    }
    // A method that is not known may be OPTIONS.
    out.push_back(ServerlessApi(all, local).guard(name, field("Auth"), verb == "OPTIONS", budget, at));
}

void read_function(const Template& all, Budget& budget, const Resource& function, Verifiers& out) {
    const Node* const events = function.properties->find("Events");
    if (!is(events, Kind::object)) return;
    for (std::size_t i = 0; i < events->names.size(); ++i)
        read_event(all, budget, function.name + "." + events->names[i].text, events->elements[i], events->names[i].mark,
                   out);
}

} // namespace

void read_apis(const Template& all, Budget& budget, Verifiers& out) {
    for (const Resource& each : all.resources()) {
        if (each.type == "AWS::ApiGatewayV2::Route") read_route(all, budget, each, out);
        if (each.type == "AWS::ApiGatewayV2::Api") read_api(each, out);
        if (each.type == "AWS::Serverless::HttpApi") read_serverless_api(each, out);
        if (each.type == "AWS::Serverless::Function") read_function(all, budget, each, out);
        if (each.type == "AWS::ApiGateway::Authorizer")
            out.push_back(
                opaque(plain_name("authorizer " + each.name), "authorizers of REST APIs are not read here", each.mark));
    }
}

} // namespace jwtdomain::gateway::aws
