#include "jwtdomain/gateway/envoy_gateway_entries.h"

#include "jwtdomain/gateway/envoy_gateway_claims.h"
#include "jwtdomain/gateway/jwt_authn.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::envoy_gateway {

using document::Kind;
using kubernetes::is_there;

namespace {

constexpr std::size_t kMostPaths = 10'000; // targets, rules, providers and scopes multiply
constexpr std::size_t kUsualPath = 10'000; // octets
constexpr const char* kTooMany = "the policies come to more paths than are looked at here";

std::string named(const Scope& scope, const Permit& permit) {
    return plain_name(scope.name + (permit.operation.empty() ? "" : ": " + permit.operation));
}

std::string named(const Node& provider) {
    const std::string name = text_of(provider.find("name"));
    return name.empty() ? "a provider whose name is put in later" : plain_name(name);
}

// Does the rule speak of tokens of this provider?
bool is_for(const Alternative& alternative, const Node& provider) {
    if (alternative.principal == nullptr) return true;
    const Node& wanted = *alternative.principal->find("provider");
    const Node& own = *provider.find("name");
    return is_unresolved(wanted) || is_unresolved(own) || wanted.text == own.text;
}

std::size_t size_of(const Node& node) {
    std::size_t out = node.text.size();
    for (const Node& each : node.elements) out += size_of(each);
    return out;
}

} // namespace

Entries::Entries(std::span<const Node* const> config_maps, Verifiers& out) : out_(out) {
    for (const Node* map : config_maps) config_maps_.emplace(kubernetes::name_of(*map), map);
}

void Entries::add(const Scope& scope, const Security& security) {
    const std::size_t before = out_.size();
    if (!security.fault.empty()) {
        out_.push_back(opaque(plain_name(scope.name), plain_name(security.fault), scope.mark));
        return;
    }
    for (const Permit& permit : security.permits) {
        const std::string name = named(scope, permit);
        if (!take(name.size())) {
            out_.push_back(opaque(plain_name(scope.name), kTooMany, scope.mark));
            return;
        }
        if (without_token(scope, security, permit, name)) continue;
        std::vector<Node> accepts;
        if (!paths(scope, security, permit, accepts))
            out_.push_back(opaque(name, kTooMany, scope.mark));
        else if (!accepts.empty())
            out_.push_back(guarded(name, std::move(accepts), permit.mark.line == 0 ? scope.mark : permit.mark));
    }
    if (out_.size() == before) out_.push_back(nothing_accepted(plain_name(scope.name), scope.mark));
}

void Entries::add_reselected(const Scope& scope, const Security& security) {
    if (!security.reselects || !security.fault.empty()) return;
    std::vector<Node> accepts;
    for (const Node* provider : security.providers) {
        if (!take(size_of(*provider))) return out_.push_back(opaque(plain_name(scope.name), kTooMany, scope.mark));
        std::vector<Node> dropped{text("what the other route asks for", provider->mark)};
        Node path = path_of(scope, *provider, dropped, provider->mark);
        put(path, "dropped", list(std::move(dropped), provider->mark));
        accepts.push_back(std::move(path));
    }
    out_.push_back(guarded(plain_name(scope.name + ": any other route that recomputeRoute selects"), std::move(accepts),
                           scope.mark));
}

// What passes without a token.
bool Entries::without_token(const Scope& scope, const Security& security, const Permit& permit,
                            const std::string& name) {
    if (security.token) return false;
    const Alternative* found = nullptr;
    for (const Alternative& each : permit.alternatives) {
        if (each.principal == nullptr && (found == nullptr || each.others.empty())) found = &each;
    }
    if (found == nullptr) return false;
    const Node* const other = !found->others.empty()      ? &found->others.front()
                              : !security.besides.empty() ? &security.besides.front()
                                                          : nullptr;
    const std::string why = security.providers.empty() ? "no token is asked for" : "a token may be missing";
    if (other == nullptr)
        out_.push_back(open(name, why, found->mark.line == 0 ? scope.mark : found->mark));
    else
        out_.push_back(opaque(name, why + ", and what decides is not looked at here: " + other->text, other->mark));
    return true;
}

// False: there are too many.
bool Entries::paths(const Scope& scope, const Security& security, const Permit& permit, std::vector<Node>& accepts) {
    for (const Alternative& alternative : permit.alternatives) {
        for (const Node* provider : security.providers) {
            if (!is_for(alternative, *provider)) continue;
            std::vector<Node> dropped = alternative.others;
            dropped.insert(dropped.end(), security.besides.begin(), security.besides.end());
            const Mark at = alternative.mark.line == 0 ? provider->mark : alternative.mark;
            Node path = path_of(scope, *provider, dropped, at);
            const std::size_t size =
                size_of(path) + (alternative.principal == nullptr ? 0 : size_of(*alternative.principal));
            if (!take(size)) return false;
            if (alternative.principal == nullptr) {
                if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at));
                accepts.push_back(std::move(path));
                continue;
            }
            for (Node& each : narrowed(path, dropped, *alternative.principal)) {
                if (!take(size)) return false;
                accepts.push_back(std::move(each));
            }
        }
    }
    return true;
}

bool Entries::take(std::size_t octets) {
    made_ += 1 + octets / kUsualPath;
    return made_ <= kMostPaths;
}

Node Entries::path_of(const Scope& scope, const Node& provider, std::vector<Node>& dropped, Mark at) const {
    return kubernetes_jwt_path(provider, named(provider), keys_of(scope, provider), at, dropped);
}

Node Entries::keys_of(const Scope& scope, const Node& provider) const {
    const Node* const remote = provider.find("remoteJWKS");
    const Node* const local = provider.find("localJWKS");
    if (const Node* const uri = member(remote, "uri"); is_there(uri)) {
        // The address that is really asked is that of a backend.
        if (is_there(member(remote, "backendRefs")) || is_there(member(remote, "backendRef")))
            return unread_keys("keys that a backend of the cluster gives", uri->mark);
        return keys_at(*uri);
    }
    if (const Node* const text = member(local, "inline"); is_there(text)) return keys_in(*text);
    if (const Node* const reference = member(local, "valueRef"); is_there(reference))
        return keys_of_map(scope, *reference);
    return unread_keys("keys that are not named", provider.mark);
}

Node Entries::keys_of_map(const Scope& scope, const Node& reference) const {
    const std::string name = text_of(member(&reference, "name"));
    const Node* found = nullptr;
    std::size_t several = 0;
    const auto [begin, end] = config_maps_.equal_range(name);
    for (auto at = begin; at != end && several < 2; ++at) {
        const Node* const map = at->second;
        if (!kubernetes::may_be_in(kubernetes::namespace_of(*map), scope.name_space)) continue;
        const Node* const data = map->find("data");
        found = member(data, "jwks");
        if (found == nullptr && is(data, Kind::object) && data->elements.size() == 1) found = &data->elements.front();
        ++several;
    }
    if (several == 1 && is(found, Kind::string)) return keys_in(*found);
    return unread_keys("keys of the ConfigMap " + plain_name(name), reference.mark);
}

} // namespace jwtdomain::gateway::envoy_gateway
