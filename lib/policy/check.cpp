#include "jwtdomain/policy/check.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "jwtdomain/accept/judge.h"
#include "jwtdomain/base/uri.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/schema.h"

namespace jwtdomain::policy {

namespace {

using document::Node;
using schema::refuse;

tl::unexpected<Error> refuse_at(const Location& where, std::string message, std::string hint = {}) {
    return refuse(where.file, {where.line, where.column}, std::move(message), std::move(hint));
}

std::string quoted(const std::string& text) { return "'" + text + "'"; }

std::string line_of(const Location& where) { return where.file + ":" + std::to_string(where.line); }

bool contains(const std::vector<std::string>& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

using Index = std::unordered_map<std::string_view, const Domain*>;

Index index_of(const Policy& policy) {
    Index index;
    index.reserve(policy.domains.size());
    for (const Domain& domain : policy.domains) index.emplace(domain.name, &domain);
    return index;
}

std::vector<std::string> names_of(const Policy& policy) {
    std::vector<std::string> names;
    for (const Domain& domain : policy.domains) names.push_back(domain.name);
    return names;
}

tl::unexpected<Error> dangling(const Policy& policy, const Location& where, const std::string& name,
                               const std::string& in) {
    std::string hint = schema::did_you_mean(name, names_of(policy));
    if (hint.empty()) hint = "make it with: jwtdomain init --domain " + name;
    return refuse_at(where, "there is no domain " + quoted(name) + ", named in " + in, std::move(hint));
}

Status check_parents(const Policy& policy, const Index& index) {
    std::unordered_set<const Domain*> fine;
    for (const Domain& domain : policy.domains) {
        std::vector<const Domain*> chain;
        for (const Domain* at = &domain; !at->parent.empty() && fine.count(at) == 0;) {
            chain.push_back(at);
            const auto parent = index.find(at->parent);
            if (parent == index.end()) return dangling(policy, at->where, at->parent, "parent of " + quoted(at->name));
            at = parent->second;
            if (std::find(chain.begin(), chain.end(), at) != chain.end()) {
                return refuse_at(at->where, "the domain " + quoted(at->name) + " is its own ancestor",
                                 "remove one parent of this circle");
            }
        }
        fine.insert(chain.begin(), chain.end());
    }
    return {};
}

Status check_resources(const Policy& policy) {
    std::unordered_map<std::string, const Domain*> owners;
    std::unordered_map<std::string_view, std::vector<std::string_view>> edges; // audiences of trust edges into a domain
    for (const TrustEdge& edge : policy.trust) edges[edge.to].push_back(edge.audience);
    for (const Domain& domain : policy.domains) {
        for (const Resource& resource : domain.resources) {
            const auto [owner, fresh] = owners.emplace(normal_uri(resource.uri), &domain);
            if (!fresh) {
                return refuse_at(resource.where,
                                 "the resource " + resource.uri + " belongs to " + quoted(owner->second->name) +
                                     " and to " + quoted(domain.name),
                                 "a resource belongs to exactly one domain; other domains get to it by a trust edge");
            }
            for (const std::string& audience : resource.audiences) {
                if (contains(domain.audiences, audience)) continue;
                const auto in = edges.find(domain.name);
                if (in != edges.end() && std::find(in->second.begin(), in->second.end(), audience) != in->second.end())
                    continue;
                std::string hint = schema::did_you_mean(audience, domain.audiences);
                if (hint.empty()) hint = "add it to the domain's audiences";
                return refuse_at(resource.where,
                                 "the resource takes the audience " + quoted(audience) + ", which is not the domain's",
                                 std::move(hint));
            }
        }
    }
    return {};
}

Status check_neutral(const Policy& policy) {
    std::unordered_map<std::string_view, const Domain*> owners;
    for (const Domain& domain : policy.domains) {
        for (const std::string& audience : domain.audiences) owners.emplace(audience, &domain);
    }
    for (const Domain& domain : policy.domains) {
        for (const std::string& audience : domain.neutral_audiences) {
            const auto owner = owners.find(audience);
            if (owner == owners.end()) continue;
            return refuse_at(domain.where,
                             quoted(audience) + " is neutral in " + quoted(domain.name) + " and names the domain " +
                                 quoted(owner->second->name),
                             "an audience that names a domain is neutral nowhere");
        }
    }
    return {};
}

const Domain* look_up(const Index& index, const std::string& name) {
    const auto found = index.find(name);
    return found == index.end() ? nullptr : found->second;
}

Location place_of(const Policy& policy, const Node& root, const char* list, std::size_t i, const char* field) {
    const Node& element = root.find(list)->elements[i];
    const Node* value = element.find(field);
    const auto mark = value == nullptr ? element.mark : value->mark;
    return {policy.file, mark.line, mark.column};
}

template <class Edge> Status check_ends(const Policy& policy, const Index& index, const Node& root, const char* list,
                                        const char* noun, const std::vector<Edge>& edges) {
    for (std::size_t i = 0; i < edges.size(); ++i) {
        for (const char* end : {"from", "to"}) {
            const std::string& name = *end == 'f' ? edges[i].from : edges[i].to;
            if (look_up(index, name) == nullptr)
                return dangling(policy, place_of(policy, root, list, i, end), name, noun);
        }
        if (edges[i].from == edges[i].to) {
            return refuse_at(place_of(policy, root, list, i, "to"), std::string(noun) + " from a domain to itself");
        }
    }
    return {};
}

using Owners = std::unordered_map<std::string, const Domain*>; // by normal_uri() of their resources

// Whose resource the place lies in: the longest that covers it. nullptr: nobody's.
const Domain* owner_of(const Owners& owners, const std::string& place) {
    std::string wanted = normal_uri(place);
    wanted.resize(std::min(wanted.find_first_of("?#"), wanted.size()));
    for (std::size_t end = wanted.size(); end != std::string::npos && end > 0; end = wanted.rfind('/', end - 1)) {
        const auto owner = owners.find(wanted.substr(0, end));
        if (owner != owners.end() && accept::covers(owner->first, wanted)) return owner->second;
    }
    return nullptr;
}

Status check_verifiers(const Policy& policy, const Index& index, const Node& root) {
    Owners owners;
    for (const Domain& domain : policy.domains) {
        for (const Resource& resource : domain.resources) owners.emplace(normal_uri(resource.uri), &domain);
    }
    for (std::size_t i = 0; i < policy.verifiers.size(); ++i) {
        const DeclaredVerifier& verifier = policy.verifiers[i];
        const Location at = place_of(policy, root, "verifiers", i, "domain");
        if (look_up(index, verifier.domain) == nullptr) return dangling(policy, at, verifier.domain, "a verifier");
        const Domain* const owner = owner_of(owners, verifier.resource);
        if (owner != nullptr && owner->name != verifier.domain) {
            return refuse_at(place_of(policy, root, "verifiers", i, "resource"),
                             verifier.resource + " is a resource of " + quoted(owner->name) + ", not of " +
                                 quoted(verifier.domain));
        }
        for (const DeclaredPath& path : verifier.accepts) {
            for (const DeclaredKeys& keys : path.keys) {
                if (!keys.owner.empty() && look_up(index, keys.owner) == nullptr)
                    return dangling(policy, path.where, keys.owner, "keys of a verifier");
            }
        }
    }
    return {};
}

} // namespace

Status check_unique_names(const Policy& policy) {
    Index index;
    index.reserve(policy.domains.size());
    for (const Domain& domain : policy.domains) {
        const auto [other, fresh] = index.emplace(domain.name, &domain);
        if (fresh) continue;
        return refuse_at(domain.where, "the domain " + quoted(domain.name) + " is declared twice",
                         "its first place is " + line_of(other->second->where));
    }
    return {};
}

Status check_domains(const Policy& policy) {
    if (auto ok = check_parents(policy, index_of(policy)); !ok) return ok;
    if (auto ok = check_resources(policy); !ok) return ok;
    return check_neutral(policy);
}

Status check_trust(const TrustEdge& edge, const Domain* from, const Domain* to) {
    if (from != nullptr && contains(from->audiences, edge.audience)) {
        return refuse_at(edge.where,
                         "the audience of this trust edge is one of " + quoted(edge.from) + "'s own: every token of " +
                             quoted(edge.from) + " would be accepted",
                         "use an audience that is asked for in this case only");
    }
    if (to != nullptr && contains(to->neutral_audiences, edge.audience)) {
        return refuse_at(edge.where, "the audience of this trust edge is neutral in " + quoted(edge.to),
                         "use an audience that names what is reached");
    }
    return {};
}

Status check_references(const Policy& policy, const Node& root) {
    const Index index = index_of(policy);
    if (auto ok = check_ends(policy, index, root, "trust", "a trust edge", policy.trust); !ok) return ok;
    if (auto ok = check_ends(policy, index, root, "exchange", "an exchange edge", policy.exchange); !ok) return ok;
    std::unordered_map<std::string_view, const Domain*> owners;
    if (!policy.trust.empty()) {
        for (const Domain& domain : policy.domains) {
            for (const std::string& audience : domain.audiences) owners.emplace(audience, &domain);
        }
    }
    for (const TrustEdge& edge : policy.trust) {
        if (auto ok = check_trust(edge, look_up(index, edge.from), look_up(index, edge.to)); !ok) return ok;
        const auto owner = owners.find(edge.audience);
        if (owner != owners.end() && owner->second->name != edge.to) {
            return refuse_at(edge.where, "the audience of this trust edge names the domain " +
                                             quoted(owner->second->name) + ", not " + quoted(edge.to));
        }
    }
    return check_verifiers(policy, index, root);
}

} // namespace jwtdomain::policy
