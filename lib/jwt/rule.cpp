#include "jwtdomain/jwt/rule.h"

#include <array>

namespace jwtdomain {
namespace {

using enum Severity;

// clang-format off
constexpr auto kRules = std::to_array<RuleInfo>({
    {"ALG-01", "none-accepted", critical,
     "A verifier takes tokens whose alg is none, or checks no signature at all, and anybody can write these",
     "List the algorithms that are accepted, octet by octet; a list of forbidden ones always misses a spelling", "RFC 8725 3.1; RFC 9068 4; OWASP ASVS 5.0 9.1.2"},
    {"ALG-02", "mixed-mac-and-signature", critical,
     "One acceptance path allows both HMAC and signatures, so that the token chooses what the verifier does with a key "
     "that everybody knows",
     "Give each kind of algorithm a path of its own, with its own keys and issuer, or drop HMAC", "RFC 8725 3.1; OWASP ASVS 5.0 9.1.2"},
    {"ALG-03", "alg-not-bound-to-key", high,
     "Neither the path nor the key says which algorithm it is for, so that the token chooses one",
     "Write alg into the key, or list on the path the one algorithm that its issuer uses", "RFC 8725 3.1"},
    {"ALG-04", "token-supplied-key", critical,
     "A verifier takes the key that a token brings along in its header, or fetches it from where the header says, so that whoever writes a token chooses its key",
     "Do not look at jwk, jku, x5c and x5u: take keys only from what the configuration says of each issuer", "RFC 8725 3.10; OWASP ASVS 5.0 9.1.3"},
    {"ALG-05", "issuer-derived-key-fetch", critical,
     "A verifier fetches keys from where a token says, before anything of it is verified, so that whoever writes a token chooses its key",
     "List the issuers that are taken, and fetch keys only from what the configuration says of each", "RFC 8725 3.8; RFC 8725 3.10; OWASP ASVS 5.0 9.1.3"},
    {"ALG-06", "kid-injection", high,
     "A kid holds what is harmful where a path, a query or a URL is made of it",
     "Name keys by their thumbprint, and look a kid up octet by octet among the keys that are known", "RFC 8725 3.10"},
    {"ALG-07", "crit-not-enforced", high,
     "A verifier does not look at crit, or a token has one that no verifier may take, so that what an issuer marked as "
     "essential is passed over",
     "Reject tokens with a crit that is malformed or names what is not understood", "RFC 7515 4.1.11"},
    {"ALG-08", "unencoded-payload", high,
     "A JWT has an unencoded payload, which verifiers that do not know b64 read as something else than was signed",
     "Encode the payload: a JWT has no b64", "RFC 7797 7"},
    {"ALG-09", "encryption-mistaken-for-signature", critical,
     "A verifier takes a token that is encrypted to its public key as if that proved who wrote it, though anybody can encrypt to it",
     "Require a signed token inside the encrypted one, and verify it with the issuer's key", "RFC 8725 3.3"},
    {"ALG-10", "unbounded-work", high,
     "A token makes its verifier do work without bound: iterations of a key derivation, or unpacking",
     "Cap p2c and refuse zip before anything is computed", "RFC 8725bis (draft) 3.13; RFC 8725bis (draft) 3.15"},
    {"ALG-11", "degenerate-signature-accepted", critical,
     "A verifier takes a signature that nobody made, such as one of zeros, so that everybody mints what they like",
     "Update the library that verifies: r and s of ECDSA must not be zero, and S of EdDSA must be canonical", "RFC 8725 2.1; RFC 8032 5.1.7"},
    {"ALG-12", "signer-header-unchecked", critical,
     "A verifier takes keys that a service signs with for all of its customers, so that each of them can have tokens "
     "signed: only the signer in the header says for whom, and that a verifier compares it cannot be said here",
     "Compare signer with the load balancer's ARN as a whole, let nothing but the balancer reach the service, and say so "
     "in ignores.yaml; or verify the access token of the issuer itself", "RFC 8725 3.8; OWASP ASVS 5.0 9.1.3"},
    {"AUD-01", "audience-unchecked", critical,
     "A verifier does not look at the audience, so that it takes tokens that were minted for another service",
     "Require the audience that names this service", "RFC 8725 3.9; RFC 9068 4"},
    {"AUD-02", "audience-only-if-present", high,
     "A verifier compares the audience only where there is one, so that a token without aud passes everywhere",
     "Refuse tokens without aud", "RFC 8725 3.9; SPIFFE JWT-SVID 3.2"},
    {"AUD-03", "shared-audience", critical,
     "Two domains share an audience, so that the audience no longer says which of the two a token is for",
     "Give each domain an audience of its own, for example the URL of its API", "RFC 9068 5; RFC 8725 3.9"},
    {"AUD-04", "token-spans-domains", critical,
     "A token names audiences of several domains, so that each of them can present it to the others",
     "Ask for one token for each domain", "RFC 9700 2.3; SPIFFE JWT-SVID 7.2"},
    {"AUD-05", "wide-audience", medium,
     "An audience names an environment, a tenant or nothing at all, so that every service there answers to it",
     "Name the service, for example by the URL of its API", "SPIFFE JWT-SVID 3.2; OWASP ASVS 5.0 9.2.4"},
    {"AUD-06", "audience-match-broken", high,
     "An audience is not compared as a whole and octet by octet, so that others pass for it",
     "Compare each value of aud with the service's own as it is, and take both a string and a list of strings", "RFC 7519 4.1.3; RFC 8725 3.9"},
    {"CLM-01", "tenant-not-bound-to-issuer", critical,
     "The domain claim does not say for certain which domain a token is of: nothing ties its value to the issuer and the key, or it looks like "
     "the value of another domain",
     "Let every acceptance path ask for exactly the value of its own domain, and choose values that nobody takes for one another", "RFC 8725 3.8"},
    {"CLM-02", "domain-from-unsigned-context", critical,
     "A service takes the domain of a request from a part that no signature covers, so that a token of one domain acts in whichever its bearer names",
     "Take the domain from a claim of the verified token, or compare what the request says with that claim", "OWASP ASVS 5.0 8.4.1; RFC 8725 3.8"},
    {"CLM-03", "identity-from-mutable-claim", critical,
     "A service knows people by a claim that each issuer or tenant writes as it likes, so that one of them can name somebody of another",
     "Know people by iss and sub together, or by the tenant and its unchangeable id; use email for showing only", "RFC 8725 3.8; OWASP ASVS 5.0 10.3.3"},
    {"CLM-04", "subject-not-issuer-scoped", high,
     "A verifier goes by the subject and takes several issuers, though each of them names its subjects as it likes",
     "Make one acceptance path for each issuer, with the subjects of that one", "RFC 8725 3.8; RFC 9700 4.15"},
    {"CLM-05", "workload-trust-too-wide", critical,
     "A verifier trusts an issuer that serves everybody and does not say exactly whose workload it means",
     "Require the exact subject, or the repository and the environment, besides the audience", "RFC 8725 3.8"},
    {"CLM-06", "empty-means-match", high,
     "A claim that is absent, empty or an empty list meets what a verifier asks of it",
     "Require the claim, and leave no empty value in the configuration", "RFC 8725 3.8; OWASP ASVS 5.0 8.4.1"},
    {"CLM-07", "claim-name-divergence", medium,
     "A verifier reads a claim under another name than its domain writes it, so that what it looks for is never there or never meant",
     "Read the name that the policy declares, or declare the name that is written", "RFC 9068 2.2.3"},
    {"CLM-08", "scope-not-gating", medium,
     "What guards a resource does not look at the scopes that the policy asks for there",
     "Require the scopes at the verifier, or make sure that the service behind it does", "OWASP ASVS 5.0 10.3.2; RFC 9700 2.3; RFC 9068 5"},
    {"ISS-01", "issuer-unchecked", critical,
     "A verifier takes tokens of every issuer, or without one, so that only the key says whose token it is",
     "Require the issuer, octet by octet", "RFC 9068 4; RFC 8725 3.8"},
    {"ISS-02", "issuer-not-exact", high,
     "A verifier matches the issuer by a pattern, and the pattern holds more than the one issuer that is meant",
     "Write the issuer itself, to be compared octet by octet", "RFC 7519 2; RFC 9068 4; RFC 8725 3.8"},
    {"ISS-03", "undeclared-issuer-trusted", critical,
     "A verifier takes the issuer of another domain, and no trust edge in the policy says so",
     "Take it out, or declare a trust edge with an audience, scopes and an end", "RFC 8725 3.8; OWASP ASVS 5.0 9.1.3"},
    {"ISS-04", "keys-not-bound-to-issuer", critical,
     "A path holds the keys of several domains, so that whoever signs for one of them signs under the issuer of another",
     "Make one path for each issuer, with the keys of that one alone", "RFC 8725 3.8; SPIFFE Federation 7.3"},
    {"ISS-05", "issuer-type-confusion", high,
     "iss, sub or jti is something else than a string, and a verifier that takes a list finds in it what it looks for",
     "Refuse tokens in which iss, sub or jti is not a string", "RFC 7519 4.1.1"},
    {"ISS-06", "multi-tenant-issuer-template", critical,
     "A verifier takes the issuers of many tenants and does not ask which of them a token is of",
     "Require the tenant's claim with the values that are yours, besides the issuer", "RFC 8725 3.8; RFC 9068 4"},
    {"ISS-07", "look-alike-issuers", medium,
     "The issuers of two domains differ only in what somebody's comparison ignores: case, a trailing slash, a default port, "
     "percent-encoding or letters that look alike",
     "Choose issuers that differ in a host name or a path segment", "RFC 7519 2; RFC 8725 3.8"},
    {"ISS-08", "one-issuer-two-domains", high,
     "Two domains have the same issuer, so that only the audience or another claim keeps their tokens apart",
     "Give each domain an issuer of its own, or make sure that both require disjoint audiences", "RFC 9068 5"},
    {"ISS-09", "unknown-issuer-becomes-anonymous", critical,
     "A token of an issuer that a verifier does not know counts as no token, and the request passes where a bad token would not",
     "Refuse a token that no issuer of the verifier answers for, also where requests without a token are let in", "RFC 8725 3.8; OWASP ASVS 5.0 9.1.3"},
    {"JWK-01", "duplicate-kid-in-set", medium,
     "Two keys of one set have the same kid, so that the name does not say which one is meant",
     "Give every key a kid of its own, for example its thumbprint", "RFC 7517 4.5"},
    {"JWK-02", "merged-bundle", critical,
     "The keys of two domains come from one place or meet on one acceptance path, so that a token of either is signed "
     "by a key that the other takes",
     "Publish a set for each domain, and let a path take the keys of one issuer alone", "SPIFFE Federation 4.2; SPIFFE Federation 7.3; RFC 8725 3.8"},
    {"JWK-03", "removed-key-still-accepted", high,
     "A key has been taken out of the set that its domain publishes, and a verifier still takes it: a cache that only adds, or a copy that nobody replaced",
     "Let verifiers replace the keys that they hold by what is published, and drop what is gone", "OWASP ASVS 5.0 9.1.3; OWASP ASVS 5.0 13.3.4"},
    {"JWK-04", "key-fetch-leaves-origin", high,
     "A verifier fetches its keys without TLS, from an address that is not public, or from another host than the issuer's",
     "Fetch keys by https from the issuer's host, or name the other place in the domain's `jwks`", "RFC 8725 3.10; FAPI 2.0 Security Profile 5.4.2-1"},
    {"JWK-05", "discovery-issuer-mismatch", high,
     "A verifier found its keys through metadata that names another issuer than the one it takes, be it by a slash",
     "Configure the issuer exactly as its metadata names it, and refuse metadata that names another one", "RFC 9068 4; OWASP ASVS 5.0 10.5.3"},
    {"JWK-06", "per-key-issuer-ignored", critical,
     "A key says that it is for tokens of one issuer, and a verifier takes tokens of other issuers by it",
     "Require that iss is the issuer of the key, with the tenant of the token in the place of {tenantid}", "RFC 8725 3.8"},
    {"JWK-07", "kid-fallback", medium,
     "A verifier tries several keys on a token, so that its kid does not say whose key has signed",
     "Require kid, and take a token by the key of that name only", "RFC 8725 3.8"},
    {"KEY-01", "shared-signing-key", critical,
     "One key is published for two domains, so that whoever signs for the one signs for the other",
     "Make a new key for one of them with `jwtdomain keygen --domain NAME`, and take the shared one out of its key set",
     "SPIFFE Trust Domain and Bundle 6.2; RFC 8725 3.8"},
    {"KEY-02", "shared-hmac-secret", critical,
     "One HMAC secret is used by two domains or audiences, and who can verify with it can sign with it",
     "Make a secret for each domain and audience, or sign with a private key", "RFC 8725 3.8; OWASP ASVS 5.0 11.1.1"},
    {"KEY-03", "kid-collision", medium,
     "One kid names different keys in the sets of two domains, so that a verifier that keeps keys by name takes one "
     "for the other",
     "Name keys by their thumbprint, and keep the keys of each issuer apart", "RFC 7517 4.5"},
    {"KEY-04", "related-moduli", critical,
     "The modulus of an RSA key can be factored, since it shares a prime with another key or its primes are close to "
     "each other, so that everybody can compute the private key",
     "Replace these keys, and whatever generated them", "OWASP ASVS 5.0 11.6.1"},
    {"KEY-05", "publicly-known-key", critical,
     "A key is public: it stands in a specification, a manual or the source of a program, with its private half",
     "Make a new key with `jwtdomain keygen --domain NAME`, and revoke the tokens of the known one", "RFC 8725 3.5; OWASP ASVS 5.0 13.3.1"},
    {"KEY-06", "weak-key", high,
     "A key is too weak: a secret that can be guessed, an RSA key that is too small, or a point that is not on its "
     "curve",
     "Make a new key with `jwtdomain keygen --domain NAME`", "RFC 8725 3.4; RFC 8725 3.5; FAPI 2.0 Security Profile 5.4.1"},
    {"KEY-07", "private-material-published", critical,
     "A key set that is published, or is to be, holds a private or a symmetric key, so that whoever reads it can sign",
     "Take the key for stolen: make a new one, publish its public half (`jwtdomain jwks` writes no other), and revoke the old one",
     "OWASP ASVS 5.0 13.3.1"},
    {"KEY-08", "client-key-reused-across-domains", medium,
     "A client proves possession of one key to two domains, so that a proof that one of them asked for fits the other",
     "Let clients make a key for each domain", "RFC 9449 6.1"},
    {"KEY-09", "retired-key-still-trusted", high,
     "A key has ended by what it, its certificate or the age that its domain allows says, and a verifier still takes it",
     "Remove the key from the set and from what verifiers keep (`jwtdomain rotate --domain NAME`)", "OWASP ASVS 5.0 13.3.4"},
    {"KEY-10", "one-key-two-uses", high,
     "One key is used with algorithms of two families, so that a weakness of either reaches the tokens of the other",
     "Give each algorithm a key of its own, and name the algorithm in the key", "RFC 8725 3.1"},
    {"LIF-01", "no-or-long-expiry", high,
     "Tokens are taken that never expire, or that live for longer than their domain says",
     "Require exp, and keep the life of a token within that of its domain", "RFC 9068 2.2; RFC 9068 4; OWASP ASVS 5.0 9.2.1"},
    {"LIF-02", "clock-slack", medium,
     "A verifier takes tokens long after their end or before their beginning",
     "Let clocks differ by a minute at most, and look at nbf", "RFC 9068 4"},
    {"LIF-03", "sender-constraint-missing-or-downgraded", high,
     "The policy binds tokens to a key of the client, and a verifier takes them from whoever holds them",
     "Require cnf/jkt, and check the DPoP proof", "RFC 9449 7.2; OWASP ASVS 5.0 10.3.5"},
    {"LIF-04", "caller-chooses-domain", critical,
     "A client of one domain can get a token for another: its issuer lets it choose the audience, or exchanges lead there",
     "Limit the audiences that the issuance profile allows to the domain's own, and declare where exchanges may end", "OWASP ASVS 5.0 9.2.4"},
    {"PAR-01", "json-differential", high,
     "A name stands twice in one object, or a verifier lets it, so that one token says two things to two readers",
     "Refuse JSON in which a name stands twice", "RFC 7515 4; RFC 7515 10.12; RFC 8725 3.7"},
    {"PAR-02", "non-canonical-encoding", medium,
     "A token can be spelt in several ways that decode alike, which escapes lists of revoked tokens and caches that go by its text",
     "Refuse base64url with padding, other alphabets or stray bits, and list tokens by issuer and jti", "RFC 7515 2"},
    {"REF-01", "refresh-not-bound", critical,
     "Refresh tokens are not tied to the client, domain and audience that they were given for",
     "Declare the clients of the domain, each with its scopes and audiences", "RFC 9700 4.14.2"},
    {"REF-02", "no-replay-defence", high,
     "A refresh token that was used or stolen works again, or is protected in a way that the domain's profile forbids",
     "Bind refresh tokens to a key of the client, or rotate them with a short grace", "RFC 9700 2.2.2; RFC 9700 4.14.2; OWASP ASVS 5.0 10.4.5"},
    {"REF-03", "unbounded-refresh", medium,
     "Refresh tokens live too long to be an end, or do not die when nobody uses them",
     "Set refresh: absolute to some weeks at most, and refresh: idle well below it", "OWASP ASVS 5.0 10.4.8; RFC 9700 4.14.2"},
    {"RUN-01", "off-diagonal-accept", critical,
     "What runs takes a token of another domain, whatever its configuration says",
     "Find out by audit which path takes it, close that, and probe again", "OWASP ASVS 5.0 9.2.3; RFC 8725 3.9"},
    {"RUN-02", "validation-cache-crosses-context", critical,
     "Verifiers of two domains share the results of verification, so that a token which one has let in is verified for the other",
     "Give each verifier a cache of its own, or put into the cache's key whatever the verification depends on", "OWASP ASVS 5.0 9.1.1; RFC 8725 3.3"},
    {"RUN-03", "fail-open", critical,
     "A verifier decides by claims of tokens whose signature it does not look at, so that whoever writes the right ones is let in",
     "Verify a token before any of its claims is read, and refuse it where that cannot be done", "RFC 8725 3.3; OWASP ASVS 5.0 9.1.1; OWASP ASVS 5.0 16.5.3"},
    {"RUN-04", "uncovered-path", high,
     "A route, listener or host is guarded by nothing: every request passes, with and without a token",
     "Guard it by the rule for all requests, or state in ignores.yaml that it is public", "OWASP ASVS 5.0 8.4.1; RFC 8725 3.8"},
    {"RUN-05", "forwarded-claims-trusted", critical,
     "A service believes who is calling, or what they may do, from a part of the request that no signature covers, and whoever reaches it can write that",
     "Let the service verify the token itself, or let only the gateway reach it (mTLS) and the gateway overwrite these headers", "RFC 8725 3.3; OWASP ASVS 5.0 8.4.1"},
    {"TYP-01", "kind-not-checked", high,
     "A verifier does not look at typ, so that an ID token or any other kind passes for an access token",
     "Require typ at+jwt, or the claim by which the issuer tells its kinds apart", "RFC 9068 4; RFC 8725 3.11"},
    {"TYP-02", "kinds-not-mutually-exclusive", high,
     "One and the same token passes for two kinds, so that what was meant for another use opens an API",
     "Give each kind a typ of its own, and require it", "RFC 8725 3.12; OWASP ASVS 5.0 9.2.2"},
    {"TYP-03", "serialization-confusion", high,
     "A verifier takes a token that is not the compact serialization of three parts, so that others can read in it what nobody has verified",
     "Take the compact serialization alone, and refuse whatever is around it", "RFC 8725bis (draft) 3.14; SPIFFE JWT-SVID 5.1"},
});
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 1; i < kRules.size(); ++i) {
        if (!(kRules[i - 1].id < kRules[i].id)) return false;
    }
    return true;
}
static_assert(in_order(), "the table is ordered by id, each once");

} // namespace

std::span<const RuleInfo> rules() { return kRules; }

const RuleInfo* find_rule(std::string_view id_or_name) {
    for (const RuleInfo& rule : kRules) {
        if (rule.id == id_or_name || rule.name == id_or_name) return &rule;
    }
    return nullptr;
}

std::string_view name_of(Severity severity) {
    switch (severity) {
    case critical: return "critical";
    case high: return "high";
    case medium: return "medium";
    case low: return "low";
    case info: return "info";
    }
    return {};
}

} // namespace jwtdomain
