#include "jwtdomain/audit/estate.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

#include "jwtdomain/accept/judge.h"
#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit {
namespace {

using accept::Entry;
using accept::Verifier;

// A private key in a set is one that everybody may have.
void publish(const KeyIdentity& identity, Estate& estate) {
    estate.published_secrets.insert(identity.own.begin(), identity.own.end());
    estate.published_readings.insert(identity.others.begin(), identity.others.end());
}

void note_secrets(const JwkSet& set, const std::string& place, Estate& estate) {
    estate.sets_hold_secrets = estate.sets_hold_secrets || set.holds_private;
    bool found = !set.holds_private;
    for (const Jwk& key : set.keys) {
        found = found || key.had_private_members || std::holds_alternative<HmacKey>(key.key);
        if (key.had_private_members) publish(identity_of_key(key), estate);
        if (key.private_differs) estate.unread_secret = place; // of whichever key that is
    }
    for (const SkippedKey& key : set.skipped) found = found || key.had_private_members;
    if (!found) estate.unread_secret = place; // somewhere else in it
    for (const SkippedKey& key : set.skipped) {
        if (!key.had_private_members || key.secret) continue;
        const KeyIdentity identity = identity_of_key(key);
        if (identity.own.empty() && key.may_sign) estate.unread_secret = place;
        publish(identity, estate);
    }
}

void note_moduli(const JwkSet& set, Estate& estate) {
    const auto note = [&](const std::string& identity) {
        if (identity.rfind(std::string(name_of(KeyType::rsa)) + ":", 0) == 0) estate.moduli.push_back(identity);
    };
    for (const Jwk& key : set.keys) {
        if (const auto* pub = std::get_if<PublicKey>(&key.key)) note(pub->identity());
        note(key.x5c_identity);
    }
    for (const SkippedKey& key : set.skipped) {
        note(key.identity);
        note(key.x5c_identity);
    }
}

// Each place is read once, however many paths name it.
policy::KeyReader remembering(const policy::KeyReader& reader, Estate& estate) {
    return policy::once_each([&reader, &estate](const policy::KeyLocation& location) -> Result<JwkSet> {
        auto set = reader(location);
        if (set) {
            note_secrets(*set, location.kind == policy::KeyLocation::Kind::text ? "a verifier" : location.value,
                         estate);
            note_moduli(*set, estate);
        }
        return set;
    });
}

bool has(const DomainKeys& domain, const KeyIdentity& identity) {
    return std::any_of(domain.identities.begin(), domain.identities.end(),
                       [&](const KeyIdentity& each) { return same_key(each, identity) == SameKey::yes; });
}

// A key that was removed is the domain's all the same: its issuer may have it, and so may whoever stole it.
void read_earlier_keys(const policy::Domain& domain, const policy::KeyReader& reader, DomainKeys& out) {
    std::set<std::vector<std::string>> told;
    for (const policy::KeyLocation& location : domain.earlier_keys) {
        auto set = reader(location);
        if (!set) {
            if (out.unread.empty())
                out.unread = "an earlier key set, " + location.value + ", cannot be read: " + describe(set.error());
            continue;
        }
        for (Jwk& key : set->keys) {
            KeyIdentity identity = identity_of_key(key);
            if (has(out, identity) || !told.insert(identity.own).second) continue;
            out.further.push_back({identity, "it was published in " + location.value + ", and has been removed"});
            out.removed.push_back({std::move(key), std::move(identity), location.value});
        }
    }
}

DomainKeys read_keys(const policy::Domain& domain, const policy::KeyReader& reader) {
    DomainKeys out;
    if (domain.keys.kind == policy::KeyLocation::Kind::none) {
        out.unresolved = "the policy names no keys for " + domain.name;
        return out;
    }
    auto set = reader(domain.keys);
    if (!set) {
        out.unresolved = describe(set.error());
        return out;
    }
    out.keys = std::move(set->keys);
    out.skipped = std::move(set->skipped);
    for (const Jwk& key : out.keys) out.identities.push_back(identity_of_key(key));
    for (const SkippedKey& key : out.skipped) {
        KeyIdentity identity = identity_of_key(key);
        const bool read = !identity.own.empty();
        if (read || !identity.others.empty())
            out.further.push_back({std::move(identity), "it is not used: " + key.why});
        if (!read && key.may_sign && out.unread.empty())
            out.unread = "key number " + std::to_string(key.index + 1) + " cannot be read: " + key.why;
    }
    read_earlier_keys(domain, reader, out);
    return out;
}

std::string service_name(const std::string& domain, const std::string& verifier, const Entry& entry) {
    std::string name = entry.resource.empty() ? domain : entry.resource;
    if (!entry.methods.empty()) name = join(entry.methods, ",") + " " + name;
    if (!verifier.empty() && verifier != domain) name += " (" + verifier + ")";
    return name;
}

Service service_of(std::size_t domain, const Verifier& verifier, const Entry& entry, Evidence evidence) {
    Service service{.domain = domain,
                    .name = service_name(verifier.domain, verifier.name, entry),
                    .why = entry.why,
                    .entry = &entry,
                    .evidence = evidence,
                    .where = verifier.where};
    switch (entry.guard) {
    case Entry::Guard::paths: service.state = Service::State::guarded; break;
    case Entry::Guard::open: service.state = Service::State::open; break;
    case Entry::Guard::opaque: service.state = Service::State::opaque; break;
    }
    return service;
}

// A verification cache takes for verified what any path before it has accepted, so paths that share one accept what any
// of them does.
void share_caches(std::deque<Verifier>& verifiers) {
    struct Shared {
        const Entry* from;
        std::string verifier;
        accept::Path path;
    };
    std::map<std::string, std::vector<Shared>> shared;
    for (const Verifier& verifier : verifiers) {
        for (const Entry& entry : verifier.entries) {
            for (const accept::Path& path : entry.paths) {
                if (!path.dialect.cache.empty()) shared[path.dialect.cache].push_back({&entry, verifier.name, path});
            }
        }
    }
    for (Verifier& verifier : verifiers) {
        for (Entry& entry : verifier.entries) {
            std::set<std::string> caches;
            for (const accept::Path& path : entry.paths) {
                if (!path.dialect.cache.empty()) caches.insert(path.dialect.cache);
            }
            for (const std::string& cache : caches) {
                for (const Shared& each : shared[cache]) {
                    if (each.from == &entry) continue;
                    entry.paths.push_back(each.path);
                    entry.paths.back().name = each.path.name + " of " + each.verifier + ", through the cache " + cache;
                }
            }
        }
    }
}

// What takes every request takes every token, signed or not.
void open_paths(Verifier& verifier) {
    for (Entry& entry : verifier.entries) {
        if (entry.guard != Entry::Guard::open) continue;
        if (!entry.paths.empty()) continue; // one that says that what fails passes, too
        accept::Path path;
        path.name = "open";
        path.where = verifier.where;
        path.signing.source = accept::KeySource::none;
        path.type.any = path.issuer.allowed.any = path.issuer.absent_ok = path.audience.any = true;
        path.time.expiry = accept::Presence::unchecked;
        path.time.not_before = path.time.issued_at = false;
        entry.paths = {std::move(path)};
    }
}

void identify_keys(Estate& estate) {
    for (const DomainKeys& domain : estate.keys) {
        for (std::size_t i = 0; i < domain.keys.size(); ++i) {
            if (type_of(domain.keys[i].key) == KeyType::hmac) publish(domain.identities[i], estate);
        }
        for (const SkippedKey& key : domain.skipped) {
            if (key.secret) publish(identity_of_key(key), estate);
        }
    }
    for (const Verifier& verifier : estate.verifiers) {
        for (const Entry& entry : verifier.entries) {
            for (const accept::Path& path : entry.paths) estate.path_keys.emplace(&path, keys_of(path.signing));
        }
    }
}

// Keys of paths that may be a domain's though its set does not have them: those that the policy calls its own, and
// those that its services take and no domain publishes.
void find_further_keys(Estate& estate, const std::unordered_map<std::string_view, std::size_t>& index) {
    std::unordered_set<std::string> published;
    for (const DomainKeys& domain : estate.keys) {
        for (const KeyIdentity& identity : domain.identities)
            published.insert(identity.own.begin(), identity.own.end());
    }
    const auto is_published = [&](const KeyIdentity& identity) {
        return std::any_of(identity.own.begin(), identity.own.end(),
                           [&](const std::string& id) { return published.count(id) != 0; });
    };
    std::set<std::pair<std::size_t, std::string>> told;
    for (const Verifier& verifier : estate.verifiers) {
        const auto home = index.find(verifier.domain);
        for (const Entry& entry : verifier.entries) {
            for (const accept::Path& path : entry.paths) {
                const std::vector<KeyIdentity>& identities = estate.path_keys.at(&path).used;
                for (std::size_t k = 0; k < identities.size(); ++k) {
                    if (identities[k].own.empty()) continue;
                    const auto owner = index.find(path.signing.keys[k].owner);
                    if (owner == index.end() && is_published(identities[k])) continue;
                    const auto whose = owner == index.end() ? home : owner;
                    if (whose == index.end() || has(estate.keys[whose->second], identities[k]) ||
                        !told.insert({whose->second, identities[k].own.front()}).second)
                        continue;
                    estate.keys[whose->second].further.push_back(
                        {identities[k], whose == owner ? "the policy calls it its own, and its key set does not have it"
                                                       : "its services take it, and no domain publishes it"});
                }
            }
        }
    }
}

// What everybody can read off a public key, and somebody may have taken for a secret: its encoding, its numbers.
std::vector<std::string> public_texts(const PublicKey& key) {
    const PublicNumbers& numbers = key.numbers();
    const std::string encoded = base64_encode(key.spki()); // a secret in DER itself is refused
    if (key.type() == KeyType::rsa) return {encoded, numbers.n};
    if (numbers.y.empty()) return {encoded, numbers.x};
    return {encoded, numbers.x, numbers.x + numbers.y, "\4" + numbers.x + numbers.y};
}

// Only where secrets are taken at all: it takes long.
void publish_public_texts(Estate& estate) {
    const bool secrets = std::any_of(estate.path_keys.begin(), estate.path_keys.end(), [](const auto& path) {
        const auto& keys = path.first->signing.keys;
        return std::any_of(keys.begin(), keys.end(),
                           [](const accept::KeyUse& use) { return std::holds_alternative<HmacKey>(use.key); });
    });
    if (!secrets) return;
    std::unordered_set<std::string> keys; // which such a text is a reading of: they are as private as before
    const auto keep = [&](const std::string& identity) {
        for (const std::string& element : identity_of_public(identity).own) keys.insert(element);
    };
    for (const DomainKeys& domain : estate.keys) {
        for (const Jwk& key : domain.keys) {
            if (const auto* pub = std::get_if<PublicKey>(&key.key)) keep(pub->identity());
            if (!key.x5c_identity.empty()) keep(key.x5c_identity);
        }
    }
    const auto publish_text = [&](const std::string& text) {
        auto secret = HmacKey::from_secret(SecretBytes(text));
        if (!secret) return;
        const KeyIdentity identity = identity_of_key(VerificationKey(std::move(*secret)));
        for (const auto* elements : {&identity.own, &identity.others}) {
            for (const std::string& element : *elements) {
                if (keys.count(element) == 0) estate.published_secrets.insert(element);
            }
        }
    };
    for (const DomainKeys& domain : estate.keys) {
        for (const Jwk& key : domain.keys) {
            if (const auto* pub = std::get_if<PublicKey>(&key.key)) {
                for (const std::string& text : public_texts(*pub)) publish_text(text);
            }
            for (const std::string& certificate : key.x5c) publish_text(base64_encode(certificate));
        }
    }
}

void find_factored_keys(Estate& estate) {
    estate.factored = factored_keys(estate);
    for (const FactoredKey& factored : estate.factored) publish(identity_of_public(factored.identity), estate);
}

using Guards = std::vector<const Verifier*>;

bool guarded(const Guards& guards, const policy::Resource& resource, const std::string& method) {
    const auto guards_it = [&](const Entry& entry) {
        const bool place = entry.resource.empty() || accept::covers(entry.resource, resource.uri);
        const auto& methods = entry.methods;
        return place && (methods.empty() || std::find(methods.begin(), methods.end(), method) != methods.end());
    };
    return std::any_of(guards.begin(), guards.end(), [&](const Verifier* verifier) {
        return std::any_of(verifier->entries.begin(), verifier->entries.end(), guards_it);
    });
}

// What no verifier was given for: resources with their methods, or a domain that declares none.
void add_unguarded(Estate& estate) {
    std::unordered_map<std::string_view, Guards> by_domain;
    for (const Verifier& verifier : estate.verifiers) by_domain[verifier.domain].push_back(&verifier);
    for (std::size_t i = 0; i < estate.policy->domains.size(); ++i) {
        const policy::Domain& domain = estate.domain(i);
        const Guards& guards = by_domain[domain.name];
        const auto add = [&](std::string name, const Location& where) {
            estate.services.push_back({.domain = i,
                                       .name = std::move(name),
                                       .state = Service::State::unguarded,
                                       .why = "no verifier was given for it",
                                       .where = where});
        };
        const bool all = guarded(guards, {}, {});
        if (domain.resources.empty() && !all)
            add(guards.empty() ? domain.name : "what else there is of " + domain.name, domain.where);
        for (const policy::Resource& resource : domain.resources) {
            std::vector<std::string> missing;
            for (const auto& [method, scopes] : resource.methods) {
                if (!guarded(guards, resource, method)) missing.push_back(method);
            }
            if (resource.methods.empty() && !guarded(guards, resource, {})) add(resource.uri, resource.where);
            if (!missing.empty()) add(join(missing, ",") + " " + resource.uri, resource.where);
        }
    }
}

// Baselines, ignores and witnesses know a service by its name: no two have the same.
void tell_apart(std::vector<Service>& services) {
    std::unordered_set<std::string> taken;
    for (Service& service : services) {
        const std::string name = service.name;
        for (std::size_t number = 2; !taken.insert(service.name).second; ++number)
            service.name = name + " #" + std::to_string(number);
    }
}

} // namespace

std::string_view name_of(Evidence evidence) {
    switch (evidence) {
    case Evidence::policy: return "policy";
    case Evidence::config: return "config";
    case Evidence::probed: return "probed";
    }
    return {};
}

namespace {

// The resources that the entry guards a part of; without one of its own, all.
std::vector<const policy::Resource*> resources_of(const policy::Domain& domain, const accept::Entry& entry) {
    std::vector<std::string_view> uris;
    std::vector<const policy::Resource*> out;
    for (const policy::Resource& resource : domain.resources) {
        uris.push_back(resource.uri);
        out.push_back(&resource);
    }
    if (entry.resource.empty()) return out;
    out.clear();
    for (const std::size_t i : accept::guarded_by(entry.resource, uris)) out.push_back(&domain.resources[i]);
    return out;
}

// Does the policy let tokens of the edge in at what the entry guards, whatever the method?
bool leads_to(const policy::TrustEdge& edge, const policy::Domain& domain, const accept::Entry& entry) {
    const auto has = [](const std::vector<std::string>& list, const std::string& value) {
        return std::find(list.begin(), list.end(), value) != list.end();
    };
    const std::vector<const policy::Resource*> resources = resources_of(domain, entry);
    if (resources.empty() && !domain.resources.empty()) return false; // the policy takes nothing there
    const bool known = std::all_of(entry.methods.begin(), entry.methods.end(), [&](const std::string& method) {
        return resources.empty() || std::any_of(resources.begin(), resources.end(), [&](const policy::Resource* each) {
                   return each->methods.empty() || each->methods.count(method) != 0;
               });
    });
    return known && std::all_of(resources.begin(), resources.end(), [&](const policy::Resource* resource) {
               if (!resource->audiences.empty() && !has(resource->audiences, edge.audience)) return false;
               return std::all_of(resource->methods.begin(), resource->methods.end(), [&](const auto& method) {
                   const auto& [name, scopes] = method;
                   const bool guarded = entry.methods.empty() || has(entry.methods, name);
                   return !guarded || std::all_of(scopes.begin(), scopes.end(),
                                                  [&](const auto& scope) { return has(edge.scopes, scope); });
               });
           });
}

} // namespace

bool is_known(Service::State state) { return state == Service::State::guarded || state == Service::State::open; }

bool is_believed_unsigned(const accept::UnsignedInput& input) {
    return input.must_equal.empty() && input.protected_by.empty();
}

const accept::UnsignedInput* believed_unsigned(const Service& service) {
    if (service.entry == nullptr) return nullptr;
    const auto& inputs = service.entry->unsigned_inputs;
    const auto found = std::find_if(inputs.begin(), inputs.end(), is_believed_unsigned);
    return found == inputs.end() ? nullptr : &*found;
}

bool is_decidable(const Service& service) { return is_known(service.state) && !believed_unsigned(service); }

Population Estate::population() const {
    Population out;
    for (const Service& service : services) {
        ++out.all;
        if (service.state != Service::State::unguarded) ++out.read;
    }
    return out;
}

std::vector<std::string> DomainKeys::readings() const {
    std::vector<KeyIdentity> all = identities;
    for (const Further& each : further) all.push_back(each.identity);
    return readings_of(all);
}

std::vector<const policy::TrustEdge*> trust_edges(const Estate& estate, std::size_t source, std::size_t service) {
    const Service& target = estate.services[service];
    const Estate::TrustBySource& edges = estate.trust[target.domain];
    const auto found = edges.find(source);
    if (found == edges.end()) return {};
    std::vector<const policy::TrustEdge*> out = found->second;
    std::erase_if(out, [&](const policy::TrustEdge* edge) {
        return target.entry && !leads_to(*edge, estate.domain(target.domain), *target.entry);
    });
    return out;
}

Estate make_estate(const policy::Policy& policy, const policy::KeyReader& keys, Time now,
                   std::vector<accept::Verifier> further, Evidence evidence) {
    Estate estate;
    const policy::KeyReader reader = remembering(keys, estate);
    estate.policy = &policy;
    estate.now = now;
    for (const policy::Domain& domain : policy.domains) estate.keys.push_back(read_keys(domain, reader));
    for (const std::string& file : policy.revocation_keys) // a key of a domain may lie open there
        (void)reader({policy::KeyLocation::Kind::file, file});
    std::unordered_map<std::string_view, std::size_t> index;
    for (std::size_t i = 0; i < policy.domains.size(); ++i) index.emplace(policy.domains[i].name, i);
    estate.trust.resize(policy.domains.size());
    for (const policy::TrustEdge& edge : policy.trust) {
        const auto from = index.find(edge.from), to = index.find(edge.to);
        if (from != index.end() && to != index.end()) estate.trust[to->second][from->second].push_back(&edge);
    }
    const std::size_t declared = policy.verifiers.size();
    for (const policy::DeclaredVerifier& verifier : policy.verifiers)
        estate.verifiers.push_back(policy::lower(verifier, reader));
    for (Verifier& verifier : further) estate.verifiers.push_back(std::move(verifier));
    estate.policy_only = estate.verifiers.empty();
    if (estate.policy_only) {
        for (const policy::Domain& domain : policy.domains)
            estate.verifiers.push_back(policy::lower(policy, domain, reader));
    }
    for (Verifier& verifier : estate.verifiers) open_paths(verifier);
    share_caches(estate.verifiers);
    identify_keys(estate);
    find_further_keys(estate, index);

    for (std::size_t v = 0; v < estate.verifiers.size(); ++v) {
        const Verifier& verifier = estate.verifiers[v];
        const auto domain = index.find(verifier.domain);
        if (domain == index.end()) continue; // loading refuses such a policy
        for (const Entry& entry : verifier.entries) {
            const bool by_hand = v < declared && !policy.verifiers[v].imported;
            estate.services.push_back(service_of(domain->second, verifier, entry,
                                                 by_hand || estate.policy_only ? Evidence::policy : evidence));
        }
    }
    if (!estate.policy_only) add_unguarded(estate);
    tell_apart(estate.services);
    find_factored_keys(estate);
    publish_public_texts(estate);
    estate.entered = std::make_shared<const EnteredExchanges>(entered_exchanges(estate));
    return estate;
}

} // namespace jwtdomain::audit
