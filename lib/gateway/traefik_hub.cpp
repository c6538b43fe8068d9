// Traefik Hub: objects Middleware with plugin.jwt, AccessControlPolicy with jwt, and the IngressRoutes that name them.
//
// By its documentation, and the source of its open predecessor (hub-agent-kubernetes, pkg/acp/jwt): signature, and exp,
// nbf and iat where they are there; all else is asked for by the expression `claims` alone. A jwksUrl that is a path is
// fetched from the host of the token's own iss, whoever that is. The predecessor did the same for a token with kid
// where no set of keys is configured, which nobody says of today's. Contains is for a part of a text, too. A route that
// names no middleware that asks for something is open.
#include <algorithm>
#include <array>
#include <map>

#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/traefik_hub.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;
using traefik_hub::Accepted;

constexpr std::size_t kPath = 100;  // values that what guards a route has by itself
constexpr std::size_t kDeepest = 8; // of chains

const Node* jwt_of(const Node& document) {
    const std::string kind = text_of(member(&document, "kind"));
    const std::string version = text_of(member(&document, "apiVersion"));
    if (kind == "AccessControlPolicy" && version.starts_with("hub.traefik.io/"))
        return member(document.find("spec"), "jwt");
    if (kind != "Middleware" || version.find("traefik") == version.npos) return nullptr;
    return member(member(document.find("spec"), "plugin"), "jwt");
}

bool is_middleware(const Node& document) {
    return text_of(member(&document, "kind")) == "Middleware" &&
           text_of(member(&document, "apiVersion")).find("traefik") != std::string::npos;
}

bool is_route(const Node& document) {
    return text_of(member(&document, "kind")) == "IngressRoute" &&
           text_of(member(&document, "apiVersion")).find("traefik") != std::string::npos;
}

// Middlewares that ask something of a request, but not for a token that is read here.
bool asks_otherwise(const Node& middleware) {
    constexpr std::array<std::string_view, 12> kNothing{
        "addPrefix", "stripPrefix",    "stripPrefixRegex", "replacePath", "replacePathRegex", "headers",
        "compress",  "redirectScheme", "redirectRegex",    "retry",       "buffering",        "contentType"};
    const Node* const spec = middleware.find("spec");
    if (!is(spec, Kind::object) || spec->names.empty()) return true;
    return std::any_of(spec->names.begin(), spec->names.end(), [&](const auto& name) {
        return std::find(kNothing.begin(), kNothing.end(), name.text) == kNothing.end();
    });
}

class TraefikObjects {
public:
    TraefikObjects(const Content& content, Verifiers& out) : content_(content), out_(out) {
        for (const Node& each : content.documents) {
            if (is_middleware(each)) by_name_.emplace(kubernetes::name_of(each), &each);
        }
    }

    void read() {
        for (const Node& each : content_.documents) {
            if (is_route(each) && is_selected(each)) read_route(each);
        }
        for (const Node& each : content_.documents) {
            const Node* const jwt = jwt_of(each);
            if (jwt == nullptr || !is_selected(each) || named_.count(&each) != 0) continue;
            const std::string name = text_of(each.find("kind")) + " " + kubernetes::name_of(each);
            tell(plain_name(name), *jwt, {});
        }
    }

private:
    struct Demand {
        const Node* jwt = nullptr;
        std::vector<Node> others = {}; // that decide, too
    };

    bool is_selected(const Node& document) const {
        return kubernetes::may_be_in(kubernetes::namespace_of(document), content_.selection.name_space);
    }

    void tell(const std::string& name, const Node& jwt, std::vector<Node> dropped) {
        if (!budget_.take(kPath) || !budget_.take(&jwt)) {
            out_.push_back(opaque(name, "its routes come to more than is read here", jwt.mark));
            return;
        }
        Accepted all = traefik_hub::accepted_by(jwt);
        if (!all.opaque.empty()) {
            out_.push_back(opaque(name, all.opaque, all.at));
            return;
        }
        for (Node& path : all.paths) {
            std::vector<Node> more = dropped;
            if (const Node* const own = path.find("dropped"))
                more.insert(more.end(), own->elements.begin(), own->elements.end());
            if (!more.empty()) put(path, "dropped", list(std::move(more), jwt.mark));
        }
        if (all.by_issuer)
            out_.push_back(
                opaque(name + ": tokens with kid",
                       "without a set of keys, earlier versions fetched one from the token's own iss; whether"
                       " this one does is not said",
                       jwt.mark));
        out_.push_back(all.paths.empty() ? nothing_accepted(name, jwt.mark)
                                         : guarded(name, std::move(all.paths), jwt.mark));
    }

    void read_route(const Node& document) {
        const Node* const routes = member(document.find("spec"), "routes");
        const std::string name = "IngressRoute " + kubernetes::name_of(document);
        if (!is(routes, Kind::array)) {
            out_.push_back(opaque(plain_name(name), "its routes are no list", document.mark));
            return;
        }
        for (const Node& route : routes->elements) {
            Demand demand;
            ask(member(&route, "middlewares"), demand, 0);
            const std::string match = text_of(member(&route, "match"));
            const std::string called = plain_name(match.empty() ? name : name + ": " + match.substr(0, 200));
            if (demand.jwt != nullptr) {
                for (Node& each : demand.others) each = text(each.text + ": it decides, too", each.mark);
                tell(called, *demand.jwt, std::move(demand.others));
            } else if (!demand.others.empty()) {
                out_.push_back(opaque(called, demand.others.front().text + " decides, which is not read here",
                                      demand.others.front().mark));
            } else {
                out_.push_back(open(called, "no middleware asks for a token", route.mark));
            }
        }
    }

    void ask(const Node* middlewares, Demand& demand, std::size_t depth) {
        if (middlewares == nullptr || middlewares->kind == Kind::null) return;
        if (middlewares->kind != Kind::array || depth > kDeepest || !budget_.take(middlewares)) {
            demand.others.push_back(text("what is no list of middlewares", middlewares->mark));
            return;
        }
        for (const Node& each : middlewares->elements) {
            const Node* const named = member(&each, "name");
            const std::string name = named == nullptr || is_unresolved(*named) ? "" : text_of(named);
            const std::string name_space = text_of(member(&each, "namespace"));
            const auto [begin, end] = by_name_.equal_range(name);
            const Node* found = nullptr;
            std::size_t count = 0;
            for (auto at = begin; at != end; ++at) {
                if (!kubernetes::may_be_in(kubernetes::namespace_of(*at->second), name_space)) continue;
                found = at->second;
                ++count;
            }
            if (count != 1) {
                demand.others.push_back(text("the middleware " + plain_name(name) + ", which is not here,", each.mark));
                continue;
            }
            named_.emplace(found, true);
            const Node* const jwt = jwt_of(*found);
            if (const Node* const chain = member(found->find("spec"), "chain"))
                ask(member(chain, "middlewares"), demand, depth + 1);
            else if (jwt != nullptr && demand.jwt == nullptr)
                demand.jwt = jwt;
            else if (jwt != nullptr || asks_otherwise(*found))
                demand.others.push_back(text("the middleware " + plain_name(name), each.mark));
        }
    }

    const Content& content_;
    Verifiers& out_;
    std::multimap<std::string, const Node*> by_name_ = {};
    std::map<const Node*, bool> named_ = {};
    Budget budget_ = {};
};

} // namespace

bool recognises_traefik_hub(const Content& content) {
    return std::any_of(content.documents.begin(), content.documents.end(),
                       [](const Node& each) { return jwt_of(each) != nullptr; });
}

Verifiers read_traefik_hub(const Content& content) {
    Verifiers out;
    TraefikObjects(content, out).read();
    return out;
}

} // namespace jwtdomain::gateway
