// What an audit looks at: the domains of a policy with their keys, and the services that guard their resources, all in
// the normal form. Made once; everything else in this room refers to it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/audit/factored.h"
#include "jwtdomain/audit/key_identity.h"
#include "jwtdomain/policy/lower.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::audit {

// How a verdict is known.
enum class Evidence : std::uint8_t {
    policy, // declared only
    config, // a deployed configuration was read
    probed, // a running verifier answered
};
std::string_view name_of(Evidence evidence);

struct DomainKeys {
    std::vector<Jwk> keys; // as published
    std::vector<SkippedKey> skipped;
    std::vector<KeyIdentity> identities; // of `keys`, in their order
    std::string unresolved;              // why they could not be read; empty if they were

    // Keys that may be the domain's, too: those of its set that we do not use, those that the policy calls its own
    // elsewhere, and those that its services take and nobody publishes.
    struct Further {
        KeyIdentity identity;
        std::string why; // "it is not used: for encryption (use is enc)"
    };
    std::vector<Further> further;
    std::string unread; // why a key of the set could not be read; empty if they all could

    // What it published before, and does not any more: these are among `further`, too.
    struct Removed {
        Jwk key;
        KeyIdentity identity;
        std::string set; // the earlier set that has it
    };
    std::vector<Removed> removed;

    std::vector<std::string> readings() const; // of all of them, as readings_of() gives them
    // Is it known which keys the domain has?
    bool known() const { return unresolved.empty() && unread.empty(); }
    // It publishes no key any more, which revokes every token of it.
    bool revoked() const { return keys.empty() && unresolved.empty(); }
};

// One thing that is guarded, and by what.
struct Service {
    enum class State : std::uint8_t {
        guarded,   // by the paths of `entry`, which may be none: then nothing is accepted
        open,      // declared to take every request
        opaque,    // by something that the normal form cannot say
        unguarded, // no verifier was given for it
    };
    std::size_t domain = 0; // in Policy::domains
    std::string name;       // for reports: "prod", "https://api.prod.example/orders GET"
    State state = State::guarded;
    std::string why; // of open, opaque and unguarded
    const accept::Entry* entry = nullptr;
    Evidence evidence = Evidence::policy;
    Location where;
};

// Is it known what guards the service: by which paths, or that nothing does?
bool is_known(Service::State state);

// The first of what the service believes of a request that nothing signed is compared with, and that whoever sends the
// request can write; nullptr: nothing. Then what it lets happen is not what its paths say, and nothing is proved of it.
const accept::UnsignedInput* believed_unsigned(const Service& service);
bool is_believed_unsigned(const accept::UnsignedInput& input);

// Can anything be proved of it: is it known, and does it believe nothing unsigned?
bool is_decidable(const Service& service);

struct Population {
    std::size_t read = 0, all = 0; // services whose verifier was read, of all
    bool operator==(const Population&) const = default;
};

struct EnteredExchanges;

// Refers to the policy, which must outlive it. Not to be copied: services point into `verifiers`.
struct Estate {
    const policy::Policy* policy = nullptr;
    Time now = 0;
    // No verifier was given: the policy is only held against itself, and can be consistent, not isolated.
    bool policy_only = false;
    std::vector<DomainKeys> keys; // for each domain
    std::deque<accept::Verifier> verifiers;
    std::unordered_map<const accept::Path*, PathKeys> path_keys;
    std::unordered_set<std::string> published_secrets;  // KeyIdentity::own of keys whose secret half everybody can have
    std::unordered_set<std::string> published_readings; // their KeyIdentity::others
    std::string unread_secret;       // where a private key is published that cannot be read; empty: nowhere
    std::vector<std::string> moduli; // PublicKey::identity() of RSA keys in any set that was read, used or not
    std::vector<FactoredKey> factored;
    bool sets_hold_secrets = false; // in some key set that was read there is a private key
    std::vector<Service> services;
    std::shared_ptr<const EnteredExchanges> entered; // entered_exchanges.h
    using TrustBySource = std::map<std::size_t, std::vector<const policy::TrustEdge*>>;
    std::vector<TrustBySource> trust; // edges into each domain

    Estate() = default;
    Estate(Estate&&) noexcept = default;
    Estate& operator=(Estate&&) noexcept = default;
    Estate(const Estate&) = delete;
    Estate& operator=(const Estate&) = delete;

    const policy::Domain& domain(std::size_t index) const { return policy->domains[index]; }
    const std::string& name(std::size_t index) const { return policy->domains[index].name; }
    Population population() const;
};

// The trust edges from a domain to the domain of a service whose tokens the policy lets in there: of a resource that
// takes certain audiences, or needs scopes, not all are.
std::vector<const policy::TrustEdge*> trust_edges(const Estate& estate, std::size_t source, std::size_t service);

// Reads the keys of every domain, lowers the verifiers that the policy declares, or, if it declares none, the domains
// themselves. Verifiers of `further` (gateways that were read) count as declared ones; `evidence` is theirs.
Estate make_estate(const policy::Policy& policy, const policy::KeyReader& keys, Time now,
                   std::vector<accept::Verifier> further = {}, Evidence evidence = Evidence::config);

} // namespace jwtdomain::audit
