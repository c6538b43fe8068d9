// Kong: a declarative file (_format_version), as Kong without a database and decK read it.
//
// By its own source (plugins/jwt, runloop/plugins_iterator): of the plugins jwt the one whose place is nearest to the
// route holds. It reads the claim key_claim_name, by default iss, or without it the header's member of that name, and
// finds the credential with that key, of whatever consumer: credentials hold on every route. The token's alg must be
// the credential's, its signature is verified with the credential's key alone, kid and crit are not looked at. aud is
// never looked at; exp and nbf are only if claims_to_verify has them, and must then be there. Where `anonymous` is set,
// a request without a good token passes as that consumer, unless request-termination ends its requests. Without
// run_on_preflight OPTIONS passes. A route without a plugin that authenticates is open; others than jwt are not read.
#include <algorithm>
#include <array>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/kong.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;
using kong::Estate;
using kong::Route;

// Plugins that authenticate, beside jwt: by what is no JWT, and by what may be one.
constexpr std::array<std::string_view, 7> kOthers{"key-auth",  "key-auth-enc",       "basic-auth",      "hmac-auth",
                                                  "ldap-auth", "ldap-auth-advanced", "header-cert-auth"};
constexpr std::array<std::string_view, 8> kTokens{
    "openid-connect", "oauth2", "oauth2-introspection", "jwt-signer", "mtls-auth", "session", "saml", "vault-auth"};
constexpr std::array<std::string_view, 3> kNarrowing{"acl", "ip-restriction", "opa"};

template <std::size_t N> std::vector<std::string> present(const Estate& estate, const Route& route,
                                                          const std::array<std::string_view, N>& names) {
    std::vector<std::string> out;
    for (const std::string_view each : names) {
        if (plugin_for(estate, each, route) != nullptr) out.emplace_back(each);
    }
    return out;
}

std::string first_of(const Node& node, std::string_view name) {
    const Node* const all = node.find(name);
    return is(all, Kind::array) && !all->elements.empty() ? text_of(&all->elements.front()) : std::string();
}

std::string name_of(const Route& route) {
    if (route.node == nullptr) return "every request";
    std::string name = text_of(route.node->find("name"));
    if (name.empty()) {
        name = first_of(*route.node, "methods");
        if (!name.empty()) name += ' ';
        name += first_of(*route.node, "hosts") + first_of(*route.node, "paths");
    }
    if (name.empty() && route.service != nullptr) name = text_of(route.service->find("name"));
    return "route " + plain_name(name);
}

// Does request-termination end every request of this consumer's?
bool is_terminated(const Estate& estate, const Node& anonymous) {
    const auto found = estate.consumers.find(text_of(&anonymous));
    if (found == estate.consumers.end() || is_unresolved(anonymous)) return false;
    const Node* only = nullptr;
    for (const auto& [place, node] : estate.plugins) {
        const auto& [name, route, service, consumer] = place;
        if (name != "request-termination" || consumer != found->second) continue;
        if (route != nullptr || service != nullptr || node == nullptr) return false;
        only = node;
    }
    if (only == nullptr || !unknown_member(*only, {"name", "config", "consumer", "enabled", "tags", "id"}).empty())
        return false;
    const Node* const enabled = only->find("enabled");
    const Node* const config = only->find("config");
    return (enabled == nullptr || enabled->kind == Kind::boolean) &&
           (config == nullptr || config->kind == Kind::null ||
            unknown_member(*config, {"status_code", "message", "body", "content_type", "echo"}).empty());
}

class Reader {
public:
    Reader(const Estate& estate, std::string prefix, const std::string& host, Mark at)
        : estate_(estate), prefix_(std::move(prefix)), host_(host), at_(at) {}

    void read(Verifiers& out) {
        if (!estate_.doubt.empty()) {
            out.push_back(opaque(prefix_ + "every request", estate_.doubt, estate_.doubt_at));
            return;
        }
        for (const Route& each : estate_.routes) {
            if (serves(each)) read(each, out);
        }
        if (estate_.routes.empty()) read({nullptr, nullptr}, out);
    }

private:
    // One without hosts is for every host.
    bool serves(const Route& route) const {
        const Node* const hosts = member(route.node, "hosts");
        if (host_.empty() || !is(hosts, Kind::array) || hosts->elements.empty()) return true;
        return std::any_of(hosts->elements.begin(), hosts->elements.end(), [&](const Node& each) {
            const std::string name = text_of(&each);
            return name.empty() || name.ends_with(".*") || is_unresolved(each) || kubernetes::serves(name, host_);
        });
    }

    void read(const Route& route, Verifiers& out) {
        const std::string name = prefix_ + name_of(route);
        const Mark at = route.node != nullptr ? route.node->mark : at_;
        const Node* const jwt = plugin_for(estate_, "jwt", route);
        const std::vector<std::string> others = present(estate_, route, kOthers),
                                       tokens = present(estate_, route, kTokens);
        if (jwt != nullptr) return read(name, route, *jwt, others, tokens, out);
        if (!tokens.empty())
            out.push_back(opaque(name, tokens.front() + " decides, which is not read here", at));
        else if (!others.empty())
            out.push_back(opaque(name, others.front() + " decides, for which a token is nothing", at));
        else
            out.push_back(open(name, "no plugin asks for a token", at));
    }

    void read(const std::string& name, const Route& route, const Node& jwt, const std::vector<std::string>& others,
              const std::vector<std::string>& tokens, Verifiers& out) {
        read_preflight(name, jwt, out);
        const Node* const anonymous = member(jwt.find("config"), "anonymous");
        const bool optional = anonymous != nullptr && anonymous->kind != Kind::null &&
                              (anonymous->kind != Kind::string || !anonymous->text.empty());
        if (optional && (!is_terminated(estate_, *anonymous) || !tokens.empty())) {
            const std::vector<std::string> narrowing = present(estate_, route, kNarrowing);
            if (!tokens.empty())
                out.push_back(
                    opaque(name, tokens.front() + " may do instead of jwt, which is not read here", anonymous->mark));
            else if (!narrowing.empty())
                out.push_back(
                    opaque(name, narrowing.front() + " decides on who has no good token (anonymous)", anonymous->mark));
            else
                out.push_back(
                    open_to_failed(name, "a request without a good token passes, too (anonymous)", anonymous->mark));
            return;
        }
        std::vector<Node> dropped;
        const auto drop = [&](const std::vector<std::string>& plugins) {
            for (const std::string& each : plugins) dropped.push_back(text(each + ": it decides, too", jwt.mark));
        };
        if (!optional) drop(others);
        drop(tokens);
        drop(present(estate_, route, kNarrowing));
        if (estate_.credentials.empty()) {
            out.push_back(opaque(name, "which credentials there are is not said here", jwt.mark));
            return;
        }
        kong::Accepted all = kong::accepted_by(jwt, estate_.credentials, dropped, budget_);
        if (!all.opaque.empty())
            out.push_back(opaque(name, std::move(all.opaque), all.at));
        else if (all.paths.empty())
            out.push_back(nothing_accepted(name, jwt.mark));
        else
            out.push_back(guarded(name, std::move(all.paths), jwt.mark));
    }

    static void read_preflight(const std::string& name, const Node& jwt, Verifiers& out) {
        const Node* const asked = member(jwt.find("config"), "run_on_preflight");
        if (asked == nullptr || asked->kind == Kind::null || (asked->kind == Kind::boolean && asked->truth)) return;
        if (asked->kind == Kind::boolean)
            out.push_back(open(name + ": OPTIONS", "run_on_preflight is false", asked->mark));
        else
            out.push_back(opaque(name + ": OPTIONS", "run_on_preflight is put in later", asked->mark));
    }

    const Estate& estate_;
    std::string prefix_;
    const std::string& host_;
    Mark at_;
    Budget budget_ = {};
};

} // namespace

bool recognises_kong(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(), kong::is_configuration);
}

Verifiers read_kong(const Content& content) {
    Verifiers out;
    const auto count = std::count_if(content.documents.begin(), content.documents.end(), kong::is_configuration);
    for (const Node& each : content.documents) {
        if (!kong::is_configuration(each)) continue;
        const bool named = count > 1 && each.mark.source < content.sources.size();
        const std::string prefix = named ? plain_name(content.sources[each.mark.source].file) + ": " : "";
        Reader(kong::estate_of(each), prefix, content.selection.host, each.mark).read(out);
    }
    return out;
}

} // namespace jwtdomain::gateway
