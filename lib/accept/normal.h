// The normal form: one data model for everything that accepts tokens. A policy's domain, a hand-written verifier and an
// imported gateway are all lowered into it, and only the engine (accept/engine.h) evaluates it.
//
// Lowering owes soundness: what the real verifier accepts is a subset of its normal form. Where a constraint was left
// out, the path is not exact and says what was dropped.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jwtdomain/base/json.h"
#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain::accept {

// A language of strings, compared octet by octet.
enum class Match : std::uint8_t {
    equal,
    prefix,
    suffix,
    contains,
    glob,  // '*' is any run of octets, '?' one octet
    regex, // found anywhere in the string; accept/automaton.h says which expressions there are
};

class Automaton;

struct Pattern {
    Match match = Match::equal;
    std::string text;
    // Of a regular expression, made of `text` by compile() (accept/automaton.h). Without it every match compiles the
    // expression anew; one that does not compile matches nothing.
    std::shared_ptr<const Automaton> automaton = {};
};

struct Strings {
    bool any = false;
    std::vector<std::string> exact;
    std::vector<Pattern> patterns;
    bool contains(std::string_view value) const;
    bool empty() const { return !any && exact.empty() && patterns.empty(); }
};

// Which keys, each with what it may be used for: one joint field, since they only hold together.
struct KeyUse {
    VerificationKey key;
    std::vector<Algorithm> algorithms; // those the path allows on this key
    std::optional<std::string> kid;
    std::string owner; // the domain or source that it came from, for reports
    std::vector<std::string> aliases =
        {}; // PublicKey::identity() of keys that others may read in its place: the x5c leaf
    // The key verifies tokens of this issuer alone, whose iss is then a string; "{tenantid}" stands for one segment of
    // a path (Entra). nullopt: the path does not ask whose key it is.
    std::optional<std::string> issuer = {};
};

// Where a path's keys come from: whoever controls it can put in keys of their own.
struct KeyOrigin {
    std::string location;   // as the configuration says: a file, a URL; discovery: the issuer
    std::string owner = {}; // the domain that it is of, if known
    bool by_issuer = false; // found through the issuer's own metadata, so that issuer and keys are one fact
    // The claim of the token, of which nothing is verified yet, that stands in `location` in braces; empty: none.
    std::string named_by = {};
    std::optional<std::string> metadata_issuer = {}; // whose the metadata says it is that led to the keys
    bool operator==(const KeyOrigin&) const = default;
};

enum class KeySource : std::uint8_t {
    keys,       // KeyUse entries, all known
    unresolved, // a URL or file that was not read: nothing can be accepted or proved
    // Fetched from where the token says. Whoever writes a token chooses the key that it is verified with, and there is
    // one for every signature: any will do, as long as there is one and its algorithm is allowed.
    of_token,
    none, // signatures are not checked
};

enum class KidRule : std::uint8_t {
    must_match, // a token's kid selects; without one the key must be the only usable one (our own verifiers)
    hint,       // without a kid on either side every usable key is tried; a kid that is on none: refused
    ignored,    // every usable key is tried
};

struct Signing {
    KeySource source = KeySource::keys;
    std::vector<KeyUse> keys;
    std::optional<std::vector<Algorithm>> algorithms; // the path's own list; nullopt: whatever its keys allow
    KidRule kid = KidRule::must_match;
    std::vector<KeyOrigin> origins;
    std::string why; // of unresolved: what failed
    // Keys of its sources that are for something else by what stands beside them, which others may not look at. The
    // engine does not use them.
    std::vector<SkippedKey> passed_over = {};
};

struct IssuerRule {
    Strings allowed;
    std::vector<std::string> except = {}; // none of these, whatever `allowed` says
    bool absent_ok = false;
};

enum class AudienceComparison : std::uint8_t {
    exact,
    without_scheme_and_slash, // Envoy: "http(s)://" and one trailing '/' are dropped on both sides
    without_slash,            // ASP.NET: one trailing '/' is ignored
};

struct AudienceRule {
    bool any = false;                                  // not checked at all: the rest is ignored
    bool must_be_absent = false;                       // Vault roles without bound audiences
    Strings any_of;                                    // at least one value is in it
    std::vector<std::string> all_of;                   // every one of these is among the values
    std::optional<std::vector<std::string>> subset_of; // every value is one of these
    bool absent_ok = false;
    bool empty_ok = false;
    bool string_only = false;
    AudienceComparison comparison = AudienceComparison::exact;
    std::vector<std::string> fallback_claims; // read in this order where `aud` is absent ("client_id")
};

struct TypeRule {
    bool any = false;
    std::vector<std::string> allowed; // media types (RFC 7515 4.1.9): compared without "application/" and case
    bool absent_ok = false;
};

enum class Presence : std::uint8_t { required, optional, unchecked };

struct TimeRule {
    Presence expiry = Presence::required;
    bool negative_expiry_ok = false; // a saturating subtraction accepts exp < 0
    bool zero_expiry_absent = false; // exp within the first second of 1970 is as none: where 0 says that it is unset
    bool malformed_absent = false;   // exp, nbf or iat that is no number is as none
    bool not_before = true;          // nbf is checked where it is present
    bool issued_at = true;           // iat in the future is refused
    // exp - iat, or exp - nbf where there is no iat. They must then be there: exp whatever `expiry` says.
    std::optional<Seconds> longest_life;
    std::optional<Seconds> longest_remaining; // exp - now
    Seconds leeway = 0;
    std::optional<Time> path_ends; // the path itself stops accepting then (a dated trust edge)
};

enum class ClaimShape : std::uint8_t {
    scalar, // a string, number or boolean, compared as its text
    list,   // an array of strings, or one string as a list of one
    words,  // a string of words separated by spaces, or an array of strings (RFC 8693 4.2 scope)
};

enum class ClaimTest : std::uint8_t {
    present,
    absent,
    in,      // the scalar is in the language
    has_any, // some member is in the language
    has_all, // every value of `values.exact` is a member
    all_in,  // every member is in the language
};

struct ClaimRule {
    std::vector<std::string> path; // names from the claims downward: {"kubernetes.io", "namespace"}
    ClaimShape shape = ClaimShape::scalar;
    ClaimTest test = ClaimTest::present;
    Strings values;
    bool absent_ok = false;
    // What the claim is to the policy, which decides the reason code of a failure.
    enum class Role : std::uint8_t { plain, domain, scope, required } role = Role::plain;
};

// How this verifier reads a token. The default is our own, strict reading.
struct Dialect {
    json::Duplicates duplicates = json::Duplicates::reject;
    std::vector<std::string> any_case = {}; // registered claims whose names are read in any case, the last of them all
    bool lenient_base64 = false;            // takes padding, the standard alphabet and non-zero trailing bits
    bool issuer_array_ok = false;           // an array with one acceptable issuer passes
    bool ignores_crit = false;              // and b64, which stands in it
    bool ignores_alg = false;  // the algorithm is the path's or the key's; what the header says is not looked at
    bool accepts_none = false; // alg "none" with an empty signature passes
    // What is encrypted to the verifier's public key passes without a signature inside, though anybody can encrypt. The
    // engine does not decrypt: to it such a token is its content, with alg "none" and an empty signature.
    bool accepts_encrypted = false;
    bool accepts_json = false; // the JSON serialization (RFC 7515 section 7.2.2) is taken beside the compact one
    bool reads_in_any_case(std::string_view claim) const;
    std::string cache = {}; // verification results are shared among paths with the same non-empty name
};

struct Path {
    std::string name; // for reports: "prod", "trust ci -> prod", "policy.yaml:31"
    Location where;
    Signing signing;
    TypeRule type;
    IssuerRule issuer;
    AudienceRule audience;
    TimeRule time;
    std::vector<ClaimRule> claims;
    std::vector<std::vector<std::string>> principal = {}; // claims that together name who the token is of; for reports
    bool anonymous = false;      // what passes here counts as a request without a token; for reports
    bool signature_only = false; // the payload is not looked at: it need not even be JSON
    Dialect dialect;
    // Where its parts are said, by their names in the policy ("audience"); empty of those that are worked out.
    std::vector<std::pair<std::string, Location>> places = {};
    const Location& place_of(std::string_view part) const; // that of the path, where it has none
    std::vector<std::string> dropped; // constraints of the source that are not in this path; empty means exact
    bool exact() const { return dropped.empty(); }
};

// What the service behind takes for the caller's domain, subject or scope from a part of the request that no signature
// covers. Nothing is accepted or refused by it: the paths say what is taken whatever stands there. For reports.
struct UnsignedInput {
    enum class Part : std::uint8_t {
        header,
        query,
        path,
        cookie,
        body,
        token, // a claim of a token that nobody verifies
    } part = Part::header;
    enum class Decides : std::uint8_t { domain, subject, scope } decides = Decides::domain;
    std::string name;              // of the header, parameter, cookie, member or claim
    std::string must_equal = {};   // the claim of the verified token that it is compared with; empty: none
    std::string protected_by = {}; // what keeps everybody but the gateway from writing it; empty: nothing
    Location where = {};
};

// One thing that is guarded: a resource with its methods, a route, a role.
struct Entry {
    enum class Guard : std::uint8_t { paths, open, opaque };
    std::string resource;             // absolute URI, route or role name; empty: everything
    std::vector<std::string> methods; // empty: all
    Guard guard = Guard::paths;
    std::string why; // of opaque and open
    std::vector<Path> paths;
    std::vector<UnsignedInput> unsigned_inputs = {};
};

struct Verifier {
    std::string domain;
    std::string name;
    Location where;
    std::vector<Entry> entries;
};

} // namespace jwtdomain::accept
