#include "jwtdomain/gateway/contour_routes.h"

#include <algorithm>
#include <map>
#include <set>

#include "jwtdomain/gateway/contour_host.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::contour {
namespace {

using document::Kind;
using kubernetes::is_there;

constexpr std::size_t kMostLevels = 64;     // of includes
constexpr std::size_t kMostVisits = 20'000; // of objects and routes: what several include is told for each

struct Proxy {
    const Node* document;
    const Node* spec;
    std::string name, name_space;

    std::string words() const { return "HTTPProxy " + plain_name((name_space.empty() ? "" : name_space + "/") + name); }
};

std::string joined(const std::string& begin, const std::string& more) {
    std::string out;
    for (const char c : begin + more) {
        if (c != '/' || !out.ends_with('/')) out += c;
    }
    return out;
}

// Which requests, by the conditions of the includes and of the route.
struct Match {
    std::string prefix = {}, other = {};
    bool conditions = false;

    Match with(const Node* list) const {
        Match out = *this;
        if (!is(list, Kind::array)) return out;
        for (const Node& each : list->elements) {
            if (const Node* const begin = member(&each, "prefix")) out.prefix = joined(out.prefix, text_of(begin));
            if (const Node* const exact = member(&each, "exact")) out.other = text_of(exact);
            if (const Node* const regex = member(&each, "regex")) out.other = "~" + text_of(regex);
            out.conditions =
                out.conditions || member(&each, "header") != nullptr || member(&each, "queryParameter") != nullptr;
        }
        return out;
    }

    std::string words() const {
        const std::string path = other.empty() ? joined(prefix, "") + "*" : joined(prefix, other);
        return (path == "*" ? "/*" : path) + (conditions ? " under conditions" : "");
    }
};

bool is_true(const Node* value) { return is(value, Kind::boolean) && value->truth; }

// A redirection, or an answer of Envoy's own: no service is reached.
bool forwards(const Node& route) {
    const Node* const services = route.find("services");
    if (is(services, Kind::array) && !services->elements.empty()) return true;
    return !is_there(route.find("requestRedirectPolicy")) && !is_there(route.find("directResponsePolicy"));
}

std::string unknown_in(const Node& route) {
    return unknown_member(route, {"conditions",
                                  "services",
                                  "enableWebsockets",
                                  "permitInsecure",
                                  "authPolicy",
                                  "timeoutPolicy",
                                  "retryPolicy",
                                  "healthCheckPolicy",
                                  "loadBalancerPolicy",
                                  "pathRewritePolicy",
                                  "requestHeadersPolicy",
                                  "responseHeadersPolicy",
                                  "cookieRewritePolicies",
                                  "rateLimitPolicy",
                                  "requestRedirectPolicy",
                                  "directResponsePolicy",
                                  "internalRedirectPolicy",
                                  "jwtVerificationPolicy",
                                  "ipAllowPolicy",
                                  "ipDenyPolicy"});
}

class Reader {
public:
    Reader(std::span<const Node> documents, const Selection& selection, Verifiers& out)
        : selection_(selection), out_(out) {
        for (const Node& document : documents) {
            if (!is_proxy(document)) continue;
            proxies_.push_back(
                {&document, document.find("spec"), kubernetes::name_of(document), kubernetes::namespace_of(document)});
        }
        for (const Proxy& proxy : proxies_) by_name_[proxy.name].push_back(&proxy);
    }

    void read() {
        for (const Proxy& proxy : proxies_) {
            if (is_there(member(proxy.spec, "virtualhost"))) read_root(proxy);
        }
        for (const Proxy& proxy : proxies_) {
            if (!is_there(member(proxy.spec, "virtualhost"))) read_orphan(proxy);
        }
    }

private:
    bool is_selected(const Proxy& proxy) const {
        return kubernetes::may_be_in(proxy.name_space, selection_.name_space);
    }

    void tell(Node verifier) {
        if (telling_) out_.push_back(std::move(verifier));
    }

    void opaque(std::string name, std::string why, Mark at) {
        tell(gateway::opaque(plain_name(std::move(name)), plain_name(std::move(why)), at));
    }

    // One that serves another host is only followed.
    void read_root(const Proxy& proxy) {
        const Node& virtual_host = *member(proxy.spec, "virtualhost");
        host_ = read_host(virtual_host);
        telling_ = kubernetes::serves(text_of(member(&virtual_host, "fqdn")), selection_.host);
        const std::size_t before = out_.size();
        std::vector<const Proxy*> above;
        some_ = false;
        read_proxy(proxy, {}, above);
        if (is_selected(proxy) && is_there(member(proxy.spec, "tcpproxy")))
            opaque(host_.name + ": tcpproxy", "connections are passed on, and no token is looked at", host_.mark);
        if (telling_ && some_ && out_.size() == before)
            out_.push_back(nothing_accepted(host_.name + ": no request is forwarded", host_.mark));
        telling_ = true;
    }

    // Who includes it is elsewhere, and decides on its host and providers.
    void read_orphan(const Proxy& proxy) {
        if (included_.count(&proxy) != 0 || !is_selected(proxy)) return;
        opaque(proxy.words(), "it has no virtualhost, and what includes it is not here", proxy.document->mark);
    }

    // `above` are the proxies through which it is included.
    void read_proxy(const Proxy& proxy, const Match& match, std::vector<const Proxy*>& above) {
        if (std::find(above.begin(), above.end(), &proxy) != above.end()) return; // Contour refuses a circle
        if (!take(match) || above.size() > kMostLevels) return too_many();
        above.push_back(&proxy);
        some_ = some_ || is_selected(proxy);
        if (const Node* const includes = member(proxy.spec, "includes"); is(includes, Kind::array)) {
            for (const Node& each : includes->elements) include(proxy, each, match, above);
        } else if (is_there(includes)) {
            opaque(host_.name, "the includes of " + proxy.words() + " cannot be read", includes->mark);
        }
        const Node* const routes = member(proxy.spec, "routes");
        if (is_there(routes) && routes->kind != Kind::array && is_selected(proxy))
            opaque(host_.name, "the routes of " + proxy.words() + " cannot be read", routes->mark);
        if (is(routes, Kind::array) && is_selected(proxy)) {
            for (const Node& each : routes->elements) route(each, match);
        }
        above.pop_back();
    }

    void include(const Proxy& proxy, const Node& node, const Match& match, std::vector<const Proxy*>& above) {
        const Node* const name = member(&node, "name");
        const Node* const other = member(&node, "namespace");
        const bool later = name == nullptr || is_unresolved(*name) || (other != nullptr && is_unresolved(*other));
        const std::string name_space = is_there(other) ? text_of(other) : proxy.name_space;
        const Match inner = match.with(node.find("conditions"));
        bool found = false;
        if (const auto same = by_name_.find(text_of(name)); !later && same != by_name_.end()) {
            for (const Proxy* each : same->second) {
                if (++visits_ > kMostVisits) return too_many();
                if (!kubernetes::may_be_in(each->name_space, name_space)) continue;
                found = true;
                included_.insert(each);
                if (!is_there(member(each->spec, "virtualhost"))) read_proxy(*each, inner, above);
            }
        }
        if (!found && (later || kubernetes::may_be_in(name_space, selection_.name_space)))
            opaque(host_.name + inner.words(),
                   "what it includes is not here: HTTPProxy " + plain_name(later ? "put in later" : text_of(name)),
                   node.mark);
    }

    // Whatever is asked for may be among what is left.
    void too_many() {
        if (told_) return;
        told_ = true;
        out_.push_back(
            gateway::opaque(host_.name, "its includes and routes come to more than are looked at here", host_.mark));
    }

    void route(const Node& node, const Match& match) {
        if (!take(match)) return too_many();
        if (node.kind != Kind::object) return opaque(host_.name, "a route that is no object", node.mark);
        if (!forwards(node)) return;
        const std::string name = plain_name(host_.name + match.with(node.find("conditions")).words());
        if (!host_.fault.empty()) return opaque(name, "its virtual host cannot be read: " + host_.fault, host_.mark);
        if (const std::string what = unknown_in(node); !what.empty())
            return opaque(name, "the route has a field that is not known here: " + what, node.mark);
        const Node* const policy = node.find("jwtVerificationPolicy");
        std::string provider = host_.by_default;
        if (const std::string why = read_policy(policy, provider); !why.empty()) return opaque(name, why, policy->mark);
        const Mark at = is_there(policy) ? policy->mark : node.mark;
        const Node* const addresses = addresses_of(node) != nullptr ? addresses_of(node) : host_.addresses;
        if (provider.empty()) return unverified(name, "no provider is required", addresses, authorizes(node), at);
        if (!host_.filters)
            return unverified(name, "without TLS no filter verifies tokens, whatever is required", addresses, false,
                              at);
        const Node* const insecure = node.find("permitInsecure");
        if (is_there(insecure) && !(is(insecure, Kind::boolean) && !insecure->truth))
            return unverified(name, "permitInsecure: over HTTP no filter verifies tokens", addresses, false,
                              insecure->mark);
        const auto found = host_.providers.find(provider);
        if (found == host_.providers.end())
            return opaque(name, "it requires a provider that its virtual host does not have: " + plain_name(provider),
                          at);
        if (!budget_.take(found->second)) return too_many();
        std::vector<Node> dropped;
        if (authorizes(node))
            dropped.push_back(text("authorization: an external service must allow it", host_.authorization->mark));
        if (addresses != nullptr) dropped.push_back(text("addresses of clients", addresses->mark));
        tell(guarded(name, {path_of(provider, *found->second, std::move(dropped), at)}, at));
    }

    // Empty: it can be read.
    static std::string read_policy(const Node* policy, std::string& provider) {
        if (!is_there(policy)) return {};
        if (policy->kind != Kind::object) return "its jwtVerificationPolicy is no object";
        const std::string what = unknown_member(*policy, {"require", "disabled"});
        if (!what.empty()) return "its jwtVerificationPolicy has a field that is not known here: " + what;
        const Node* const name = policy->find("require");
        const Node* const disabled = policy->find("disabled");
        if (is_there(disabled) && disabled->kind != Kind::boolean) return "whether its verification is disabled";
        if (is_there(name) && (name->kind != Kind::string || is_unresolved(*name)))
            return "which provider it requires is put in later";
        if (is_there(name) && !name->text.empty())
            provider = name->text;
        else if (is_true(disabled))
            provider.clear();
        return {};
    }

    bool authorizes(const Node& route) const {
        const Node* disabled = member(route.find("authPolicy"), "disabled");
        if (!is_there(route.find("authPolicy")))
            disabled = member(member(host_.authorization, "authPolicy"), "disabled");
        return host_.authorization != nullptr &&
               (!is_there(disabled) || (is(disabled, Kind::boolean) && !disabled->truth));
    }

    void unverified(const std::string& name, const std::string& why, const Node* addresses, bool external, Mark at) {
        if (external)
            opaque(name, why + ", and an external service decides", at);
        else if (addresses != nullptr)
            opaque(name, why + ", and the addresses of clients decide", at);
        else
            tell(gateway::open(name, why, at));
    }

    // Names that are long count for more.
    bool take(const Match& match) {
        constexpr std::size_t kUsual = 256;
        visits_ += 1 + (host_.name.size() + match.prefix.size()) / kUsual;
        return visits_ <= kMostVisits;
    }

    const Selection& selection_;
    Verifiers& out_;
    std::vector<Proxy> proxies_ = {};
    std::map<std::string, std::vector<const Proxy*>> by_name_ = {};
    std::set<const Proxy*> included_ = {};
    Host host_ = {};
    bool some_ = false;   // something of the root is selected
    bool telling_ = true; // it is of the host that is asked for
    bool told_ = false;   // that there is too much
    std::size_t visits_ = 0;
    Budget budget_ = {};
};

} // namespace

bool is_proxy(const Node& document) { return kubernetes::is_object(document, "projectcontour.io", "HTTPProxy"); }

void read_proxies(std::span<const Node> documents, const Selection& selection, Verifiers& out) {
    Reader(documents, selection, out).read();
}

} // namespace jwtdomain::gateway::contour
