#include "jwtdomain/gateway/contour_host.h"

#include "jwtdomain/gateway/jwt_authn.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::contour {

using document::Kind;
using kubernetes::is_there;

namespace {

bool is_true(const Node* value) { return is(value, Kind::boolean) && value->truth; }

bool is_some(const Node* list) { return is_there(list) && (list->kind != Kind::array || !list->elements.empty()); }

std::string fault_of(const Node& provider) {
    if (provider.kind != Kind::object) return "a provider that is no object";
    if (const std::string what = unknown_member(
            provider, {"name", "default", "issuer", "audiences", "remoteJWKS", "localJWKS", "forwardJWT"});
        !what.empty())
        return "a provider has a field that is not known here: " + what;
    const Node* const by_default = provider.find("default");
    if (is_there(by_default) && by_default->kind != Kind::boolean) return "whether a provider is the default";
    if (const std::string why = unreadable_provider(provider); !why.empty()) return "a provider: " + why;
    return {};
}

void add_provider(const Node& provider, Host& out) {
    if (out.fault.empty()) out.fault = fault_of(provider);
    if (!out.fault.empty()) return;
    const Node* const name = provider.find("name");
    if (!is(name, Kind::string) || name->text.empty() || is_unresolved(*name)) {
        out.fault = "a provider without a name that is known here";
        return;
    }
    if (!out.providers.emplace(name->text, &provider).second) out.fault = "two providers of one name";
    if (!is_true(provider.find("default"))) return;
    if (!out.by_default.empty()) out.fault = "more than one default provider";
    out.by_default = name->text;
}

Node keys_of(const Node& provider) {
    if (const Node* const uri = member(provider.find("remoteJWKS"), "uri"); is_there(uri)) return keys_at(*uri);
    if (const Node* const secret = member(provider.find("localJWKS"), "secretName"); is_there(secret))
        return unread_keys("keys of the Secret " + plain_name(text_of(secret)), secret->mark);
    return unread_keys("keys that are not named", provider.mark);
}

void read_tls(const Node* tls, Host& out) {
    if (!is_there(tls)) return;
    if (tls->kind == Kind::object)
        out.filters = !is_true(tls->find("passthrough"));
    else
        out.fault = "its tls";
}

} // namespace

Host read_host(const Node& virtual_host) {
    Host out{.mark = virtual_host.mark};
    if (virtual_host.kind != Kind::object) {
        out.fault = "its virtualhost";
        return out;
    }
    const Node* const name = virtual_host.find("fqdn");
    if (name != nullptr) out.mark = name->mark;
    if (const std::string host = text_of(name); !host.empty()) out.name = plain_name(host);
    if (const std::string what =
            unknown_member(virtual_host, {"fqdn", "tls", "authorization", "corsPolicy", "rateLimitPolicy",
                                          "jwtProviders", "ipAllowPolicy", "ipDenyPolicy"});
        !what.empty())
        out.fault = "the virtual host has a field that is not known here: " + what;
    const Node* const providers = virtual_host.find("jwtProviders");
    read_tls(virtual_host.find("tls"), out);
    if (is(providers, Kind::array)) {
        for (const Node& provider : providers->elements) add_provider(provider, out);
    } else if (is_there(providers)) {
        out.fault = "its jwtProviders";
    }
    if (!out.filters && !out.providers.empty() && out.fault.empty())
        out.fault = "jwtProviders, which Contour refuses where it does not terminate TLS";
    const Node* const authorization = virtual_host.find("authorization");
    out.authorization = is_there(authorization) ? authorization : nullptr;
    out.addresses = addresses_of(virtual_host);
    return out;
}

const Node* addresses_of(const Node& object) {
    for (const char* name : {"ipAllowPolicy", "ipDenyPolicy"}) {
        if (const Node* const found = object.find(name); is_some(found)) return found;
    }
    return nullptr;
}

Node path_of(const std::string& name, const Node& provider, std::vector<Node> dropped, Mark at) {
    Node path = kubernetes_jwt_path(provider, plain_name(name), keys_of(provider), at, dropped);
    if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at));
    return path;
}

} // namespace jwtdomain::gateway::contour
