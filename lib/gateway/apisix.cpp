// Apache APISIX: routes, services and consumers of apisix.yaml, as it runs without a database, and of the same fields
// in JSON.
//
// By its own source (plugins/jwt-auth, plugins/openid-connect, of version 3.18) and that of lua-resty-openidc: a plugin
// of a route stands before that of its plugin_config, and that before its service's; those of global_rules run, too.
// jwt-auth finds the consumer by the claim key_claim_name, whose algorithm and key are the only ones for the token; exp
// and nbf are looked at where they are there, or must be there where claims_to_verify names them; issuer and audience
// are not. With anonymous_consumer every request passes. openid-connect verifies bearer tokens by itself with
// public_key or use_jwks, and must have bearer_only, or people log in beside that; introspection is another's decision.
// What verifies a token once may remember it for others, where somebody has added a shared dictionary for that, which
// nothing here knows.
#include "jwtdomain/gateway/apisix.h"

#include <algorithm>
#include <array>
#include <map>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using apisix::Accepted;
using apisix::Consumer;
using document::Kind;

// Others that decide on who may pass.
constexpr std::array<std::string_view, 22> kDecide{"key-auth",
                                                   "basic-auth",
                                                   "hmac-auth",
                                                   "ldap-auth",
                                                   "wolf-rbac",
                                                   "jwe-decrypt",
                                                   "authz-keycloak",
                                                   "authz-casdoor",
                                                   "authz-casbin",
                                                   "forward-auth",
                                                   "opa",
                                                   "cas-auth",
                                                   "multi-auth",
                                                   "consumer-restriction",
                                                   "ip-restriction",
                                                   "saml-auth",
                                                   "acl",
                                                   "referer-restriction",
                                                   "csrf",
                                                   "serverless-pre-function",
                                                   "serverless-post-function",
                                                   "openfunction"};

bool holds_plugin(const Node& entity) {
    const Node* const plugins = member(&entity, "plugins");
    return member(plugins, "jwt-auth") != nullptr || member(plugins, "openid-connect") != nullptr;
}

bool is_apisix(const Node& document) {
    if (document.kind != Kind::object || document.find("_format_version") != nullptr) return false;
    for (const char* name : {"routes", "services", "plugin_configs", "global_rules", "consumers"}) {
        const Node* const all = document.find(name);
        if (is(all, Kind::array) && std::any_of(all->elements.begin(), all->elements.end(), holds_plugin)) return true;
    }
    return false;
}

using Plugins = std::map<std::string, const Node*>;

class ApisixFile {
public:
    ApisixFile(const Node& document, std::string prefix, Verifiers& out)
        : document_(document), prefix_(std::move(prefix)), out_(out) {
        each_of("consumers", [&](const Node& node) {
            add_consumer(node, text_of(node.find("username")));
            if (const Node* const own = node.find("credentials"); is(own, Kind::array)) {
                for (const Node& each : own->elements) add_consumer(each, text_of(node.find("username")));
            }
        });
        each_of("global_rules", [&](const Node& node) { put_plugins(node, everywhere_); });
    }

    void read() {
        bool some = false;
        each_of("routes", [&](const Node& route) {
            some = true;
            read_route(route);
        });
        if (!some)
            out_.push_back(opaque(prefix_ + "routes", "which routes there are is not said here", document_.mark));
    }

private:
    template <class Take> void each_of(const char* name, const Take& take) const {
        const Node* const all = document_.find(name);
        if (!is(all, Kind::array)) return;
        for (const Node& each : all->elements) {
            if (each.kind == Kind::object) take(each);
        }
    }

    void add_consumer(const Node& node, const std::string& name) {
        if (const Node* const own = member(node.find("plugins"), "jwt-auth")) consumers_.push_back({name, own});
    }

    // False: they are not known. One that is disabled is none.
    static bool put_plugins(const Node& entity, Plugins& out) {
        const Node* const plugins = entity.find("plugins");
        if (plugins == nullptr || plugins->kind == Kind::null) return true;
        if (plugins->kind != Kind::object || is_unresolved(*plugins)) return false;
        for (std::size_t i = 0; i < plugins->names.size(); ++i) {
            const Node& plugin = plugins->elements[i];
            const Node* const disabled = member(member(&plugin, "_meta"), "disable");
            if (is(disabled, Kind::boolean) && disabled->truth)
                out.erase(plugins->names[i].text);
            else
                out.insert_or_assign(plugins->names[i].text, &plugin);
        }
        return true;
    }

    // False: what the route refers to is not here, or not known.
    bool put_referred(const Node& route, const char* field, const char* list, Plugins& out) const {
        const Node* const id = route.find(field);
        if (id == nullptr || id->kind == Kind::null) return true;
        bool found = false, known = true;
        each_of(list, [&](const Node& node) {
            if (text_of(node.find("id")) != text_of(id) || is_unresolved(*id)) return;
            found = true;
            known = known && put_plugins(node, out);
        });
        return found && known;
    }

    static std::string name_of(const Node& route) {
        for (const char* name : {"name", "uri", "id"}) {
            if (const std::string text = text_of(route.find(name)); !text.empty()) return text;
        }
        const Node* const uris = route.find("uris");
        return is(uris, Kind::array) && !uris->elements.empty() ? text_of(&uris->elements.front()) : "without a name";
    }

    void read_route(const Node& route) {
        const std::string name = prefix_ + "route " + plain_name(name_of(route));
        if (const Node* const status = route.find("status"); is(status, Kind::integer) && status->integer == 0) return;
        Plugins plugins;
        const bool known = put_referred(route, "service_id", "services", plugins) &&
                           put_referred(route, "plugin_config_id", "plugin_configs", plugins) &&
                           put_plugins(route, plugins);
        for (const auto& [called, node] : everywhere_) plugins.emplace(called, node);
        if (!known || route.find("script") != nullptr) {
            out_.push_back(opaque(name, "which plugins it has is not said here", route.mark));
            return;
        }
        if (!budget_.take(100 * (1 + consumers_.size()) + plugins.size())) {
            if (!told_) out_.push_back(opaque(name, "its routes and consumers come to too many paths", route.mark));
            told_ = true;
            return;
        }
        std::vector<Node> others;
        for (const auto& [called, node] : plugins) {
            if (std::find(kDecide.begin(), kDecide.end(), called) != kDecide.end() || called.starts_with("ext-plugin"))
                others.push_back(text(called, node->mark));
        }
        decide(name, route, plugins, std::move(others));
    }

    void decide(const std::string& name, const Node& route, const Plugins& plugins, std::vector<Node> others) {
        const auto jwt = plugins.find("jwt-auth"), openid = plugins.find("openid-connect");
        const bool by_jwt = jwt != plugins.end() && !passes_anyway(name, *jwt->second, others);
        if (jwt != plugins.end() && !by_jwt && openid == plugins.end()) return; // it is told
        if (by_jwt) {
            if (openid != plugins.end()) others.push_back(text("openid-connect", openid->second->mark));
            for (Node& each : others) each = text(each.text + ": it decides, too", each.mark);
            tell(name, apisix::jwt_auth(*jwt->second, consumers_, others), jwt->second->mark);
        } else if (openid != plugins.end()) {
            read_openid(name, *openid->second, std::move(others));
        } else if (!others.empty()) {
            out_.push_back(opaque(name, others.front().text + " decides, which is not read here", others.front().mark));
        } else {
            out_.push_back(open(name, "no plugin asks for a token", route.mark));
        }
    }

    void tell(const std::string& name, Accepted all, Mark at) {
        if (!all.opaque.empty())
            out_.push_back(opaque(name, std::move(all.opaque), all.at));
        else
            out_.push_back(all.paths.empty() ? nothing_accepted(name, at) : guarded(name, std::move(all.paths), at));
    }

    // With an anonymous consumer whoever has no good token passes, unless others refuse.
    bool passes_anyway(const std::string& name, const Node& jwt, const std::vector<Node>& others) {
        const Node* const anonymous = member(&jwt, "anonymous_consumer");
        if (!apisix::is_there(anonymous)) return false;
        if (!others.empty())
            out_.push_back(opaque(name, others.front().text + " decides on who has no good token (anonymous_consumer)",
                                  anonymous->mark));
        else
            out_.push_back(open_to_failed(name, "a request without a good token passes, too (anonymous_consumer)",
                                          anonymous->mark));
        return true;
    }

    void read_openid(const std::string& name, const Node& openid, std::vector<Node> others) {
        const Node *const bearer = member(&openid, "bearer_only"), *const jwks = member(&openid, "use_jwks");
        const Node* const action = member(&openid, "unauth_action");
        const bool only = is(bearer, Kind::boolean) && bearer->truth;
        const bool verifies =
            apisix::is_there(member(&openid, "public_key")) || (is(jwks, Kind::boolean) && jwks->truth);
        if (openid.kind != Kind::object || (bearer != nullptr && bearer->kind != Kind::boolean) ||
            (jwks != nullptr && jwks->kind != Kind::boolean) || (action != nullptr && apisix::is_elsewhere(*action))) {
            out_.push_back(opaque(name, "how openid-connect decides is put in later", openid.mark));
            return;
        }
        if (!only && text_of(action) == "pass") {
            out_.push_back(others.empty()
                               ? open(name, "a request without a token passes (unauth_action)", action->mark)
                               : opaque(name, others.front().text + " decides on who has no token", action->mark));
            return;
        }
        if (!only)
            out_.push_back(
                opaque(name + ": sessions", "people log in by openid-connect, which is not read here", openid.mark));
        if (verifies) {
            for (Node& each : others) each = text(each.text + ": it decides, too", each.mark);
            tell(name, apisix::openid_connect(openid, others), openid.mark);
        } else if (only || apisix::is_there(member(&openid, "introspection_endpoint"))) {
            out_.push_back(opaque(name,
                                  "openid-connect asks elsewhere (introspection), and what is accepted there is not"
                                  " written here",
                                  openid.mark));
        }
    }

    const Node& document_;
    std::string prefix_;
    Verifiers& out_;
    std::vector<Consumer> consumers_ = {};
    Plugins everywhere_ = {};
    Budget budget_ = {};
    bool told_ = false;
};

} // namespace

bool recognises_apisix(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(), is_apisix);
}

Verifiers read_apisix(const Content& content) {
    Verifiers out;
    const auto count = std::count_if(content.documents.begin(), content.documents.end(), is_apisix);
    for (const Node& each : content.documents) {
        if (!is_apisix(each)) continue;
        const bool named = count > 1 && each.mark.source < content.sources.size();
        ApisixFile(each, named ? plain_name(content.sources[each.mark.source].file) + ": " : "", out).read();
    }
    return out;
}

} // namespace jwtdomain::gateway
