// The policy: the declared truth about all domains. A plain value; loading, checking and lowering stand beside it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jwtdomain/accept/normal.h"
#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::policy {

// Where the public keys of a domain are found.
struct KeyLocation {
    enum class Kind : std::uint8_t { none, file, url, discovery, text } kind = Kind::none;
    std::string value; // a path relative to the policy's directory; a URL; for discovery the issuer; the set itself
};

struct Resource {
    std::string uri;
    std::map<std::string, std::vector<std::string>>
        methods;                        // method -> scopes, all of them needed; empty: any method, no scope
    std::vector<std::string> audiences; // those of the domain's that this resource takes; empty: all of them
    Location where;
};

// Which values something may take.
struct Allowed {
    enum class Kind : std::uint8_t { any, own, list } kind = Kind::any; // own: the domain's, for audiences
    std::vector<std::string> values;
};

// An upper bound on what a domain's issuer can mint.
struct IssuanceProfile {
    Allowed audiences{Allowed::Kind::own, {}};
    Allowed scopes{Allowed::Kind::any, {}};
    std::map<std::string, Allowed> claims; // by format_claim_path() of where they are
    bool other_claims = true;              // claims not listed may be minted
    std::optional<Seconds> lifetime;       // else the domain's
    bool declared = false;                 // false for a foreign issuer that says nothing: everything is possible
};

struct Client {
    bool confidential = false;
    bool disabled = false;
    std::optional<std::vector<std::string>> scopes, audiences;
};

struct RefreshRules {
    enum class Mode : std::uint8_t { off, rotate, bind, bind_retry } mode = Mode::off;
    Seconds idle = 8 * 3600, absolute = 7 * 86400, grace = 30;
};

// How the signing keys of a domain are replaced.
struct RotationRules {
    Seconds cache = 7200;         // the longest that a consumer keeps the key set: AWS keeps it two hours
    std::optional<Seconds> every; // how long a key signs; nullopt: until somebody replaces it
};
constexpr Seconds kLivesPerKey = 6; // a key signs for at least so many lives of a token

enum class SenderConstraint : std::uint8_t { none, dpop };
enum class Profile : std::uint8_t { none, fapi2 };

struct Domain {
    std::string name; // "prod/tenant-a"
    std::string parent;
    std::string issuer;           // empty only with issuer_optional: then `match` binds the token to the domain
    bool issuer_optional = false; // SPIFFE JWT-SVIDs may have no iss
    std::vector<std::string> audiences;
    std::vector<std::string> neutral_audiences; // may stand beside the domain's own ("account")
    std::vector<std::string>
        audience_fallback;          // claims read in this order where aud is absent ("client_id" for Cognito)
    bool audience_optional = false; // aud may be absent, or hold neutral values only
    std::vector<std::string> types; // media types; "absent" stands for no typ header; "any" alone: not checked
    std::vector<Algorithm> algorithms;
    std::string domain_claim; // name of the claim that carries the domain; empty: none
    std::string domain_value;
    std::string scope_claim;
    Seconds lifetime = 600; // of exp - iat where iat is required, else of what remains
    Seconds leeway = 30;
    std::vector<std::string> required;    // claim paths; iss, aud and exp are so by the rules above
    std::vector<accept::ClaimRule> match; // further claims that a token must have
    KeyLocation keys;
    std::vector<KeyLocation> earlier_keys; // sets that stood there before: what is in one of them alone was removed
    std::vector<Resource> resources;
    std::map<std::string, Client> clients;
    IssuanceProfile issue;
    RefreshRules refresh;
    RotationRules rotation;
    SenderConstraint sender_constraint = SenderConstraint::none;
    Profile profile = Profile::none;
    bool foreign = false; // the issuer is somebody else's: nothing is minted for it here
    Location where;
};

struct TrustEdge {
    std::string from, to;
    std::string audience;
    std::vector<std::string> scopes; // a token may carry only these
    std::string reason, owner;
    Time expires = 0;
    Location where;
};

struct ExchangeEdge {
    std::string from, to;
    std::string audience;
    std::vector<std::string> scopes;
    std::string kind; // "rfc8693", "rfc7523", "session"
    std::string reason, owner;
    Location where;
};

// Keys that a hand-written verifier uses.
struct DeclaredKeys {
    KeyLocation location;
    std::optional<std::vector<Algorithm>> algorithms; // nullopt: the path's
    std::optional<std::string> kid;                   // only the key of that kid
    std::string owner;                                // the domain that it is of, for reports
    std::string named_by = {};                        // the claim that stands in the place in braces; empty: none
    std::optional<std::string> metadata_issuer = {};  // whose the metadata says it is that led there
};

// One way in which a hand-written verifier accepts a token: a path of the normal form whose keys have not been read.
struct DeclaredPath {
    std::string name;
    bool signature_unchecked = false;
    std::vector<DeclaredKeys> keys;
    std::optional<std::vector<Algorithm>> algorithms; // nullopt: the key's own, else all that fit it
    accept::KidRule kid = accept::KidRule::must_match;
    accept::TypeRule type;
    accept::IssuerRule issuer;
    accept::AudienceRule audience;
    accept::TimeRule time;
    std::vector<accept::ClaimRule> claims;
    std::vector<std::vector<std::string>> principal; // claims that together name who the token is of
    bool key_issuer_checked = false;                 // iss must be the issuer that the key names, if it names one
    accept::Dialect dialect;
    std::vector<std::string> dropped; // constraints that the form cannot say
    Location where;
    std::vector<std::pair<std::string, Location>> places; // of its members, by name
};

// What guards a resource of a domain: written by hand in the normal form, or a gateway's configuration.
struct DeclaredVerifier {
    std::string domain;
    std::string name;
    std::string resource;             // empty: all of the domain's
    std::vector<std::string> methods; // empty: all
    std::string type;                 // "istio", ...; empty for a hand-written one
    std::string path;                 // of a gateway's configuration, relative to the policy's directory
    accept::Entry::Guard guard = accept::Entry::Guard::paths;
    std::string why; // of open and opaque
    std::vector<DeclaredPath> accepts;
    bool imported = false;  // type and path say where the rest of this was read
    bool anonymous = false; // a token of an issuer that none of them takes counts as no token at all, and passes
    std::vector<accept::UnsignedInput> unsigned_inputs;
    Location where;
};

// Where `revoke` puts the list of a policy that names none.
inline constexpr std::string_view kRevocationList = "revocations.jws";

struct Policy {
    std::string directory;            // that holds policy.yaml
    std::string file;                 // policy.yaml or policy.json, with the directory
    std::vector<std::string> include; // which domain files it reads
    Domain prototype;                 // what a domain has that says nothing: the policy's `claims` and `defaults`
    bool partial = false;             // only the domains that were asked for were read
    int version = 1;
    std::vector<Domain> domains; // in the order of files and templates; names are unique
    std::vector<TrustEdge> trust;
    std::vector<ExchangeEdge> exchange;
    std::vector<DeclaredVerifier> verifiers;
    std::string revocations; // a file, relative to the directory; kRevocationList if it is there; empty: none
    std::vector<std::string>
        revocation_keys; // key files that may sign it; empty: each domain's own keys for its own entries

    const Domain* find(std::string_view name) const;
};

} // namespace jwtdomain::policy
