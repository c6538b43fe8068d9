#include "jwtdomain/jwt/reason.h"

#include <array>

namespace jwtdomain {
namespace {

using enum Reason;
using enum Stage;

constexpr auto kReasons = std::to_array<ReasonInfo>({
    // shape
    {token_too_large, "token-too-large", shape, "The token is longer than 1 MiB",
     "Send a token, not a document; put large data behind a reference", ""},
    {token_parts, "token-parts", shape, "It is not three base64url parts separated by two dots",
     "Pass the whole compact JWS: header.claims.signature", "RFC 7515 7.1"},
    {token_encrypted, "token-encrypted", shape,
     "It is an encrypted token (JWE); being able to decrypt it would not show who made it",
     "Decrypt it and verify the signed token inside", "RFC 7516 3.1"},
    {token_serialization, "token-serialization", shape,
     "It is a JWS in JSON serialization; a JWT is always in compact serialization", "Send the compact form",
     "RFC 7519 3"},
    {token_is_refresh, "token-is-refresh", shape,
     "It is a refresh token: only `jwtdomain refresh` takes it, no resource does", "Exchange it for an access token",
     ""},
    {encoding_character, "encoding-character", shape, "A part holds a character outside the base64url alphabet",
     "Look for a truncated, wrapped or URL-encoded copy; `jwtdomain inspect` says what it sees", "RFC 7515 2"},
    {encoding_padding, "encoding-padding", shape, "A part is padded with '='; base64url in a JWS has no padding",
     "Let the issuer encode without padding", "RFC 7515 2"},
    {encoding_noncanonical, "encoding-noncanonical", shape,
     "A part has a second spelling: unused bits of its last character are not zero, or its length is impossible",
     "Treat it as tampered; a correct encoder gives one spelling only", "RFC 4648 3.5"},
    // header
    {header_not_json, "header-not-json", header, "The header is not JSON", "Look for a truncated token",
     "RFC 7515 5.2"},
    {header_not_object, "header-not-object", header, "The header is JSON but not an object",
     "The issuer must put a JSON object there", "RFC 7515 4"},
    {header_duplicate_name, "header-duplicate-name", header,
     "The header has one name twice, so that two parsers can read two different tokens",
     "Treat it as an attack or a broken issuer", "RFC 7515 4"},
    {header_invalid_utf8, "header-invalid-utf8", header, "The header is not UTF-8",
     "Treat it as an attack or a broken issuer", "RFC 7515 4"},
    {header_too_deep, "header-too-deep", header, "The header is nested deeper than 32 levels, or has too many values",
     "Treat it as an attack", "RFC 8725 3.7"},
    {alg_missing, "alg-missing", header, "The header has no alg, or one that is not a string",
     "The issuer must set alg", "RFC 7515 4.1.1"},
    {alg_none, "alg-none", header, "The token says that it is not signed (alg none, in whatever spelling)",
     "Reject it: anybody can make one", "RFC 8725 3.2"},
    {alg_unknown, "alg-unknown", header, "The algorithm is not one that we know",
     "`jwtdomain explain algorithms` lists them", "RFC 7518 3.1"},
    {alg_not_allowed, "alg-not-allowed", header, "The algorithm is not on the list of this domain",
     "Sign with an allowed algorithm, or add it to `algorithms`", "RFC 8725 3.1"},
    {alg_key_mismatch, "alg-key-mismatch", header, "The key that the token names is for another algorithm",
     "A key is used with exactly one algorithm; look for an algorithm confusion attack", "RFC 8725 3.1"},
    {crit_unknown, "crit-unknown", header, "The header demands (crit) an extension that we do not understand",
     "A verifier must reject it", "RFC 7515 4.1.11"},
    {crit_malformed, "crit-malformed", header,
     "crit is empty, not a list of names, repeats one, or names a parameter that is absent or defined by the RFCs "
     "themselves",
     "The issuer must mend it", "RFC 7515 4.1.11"},
    {b64_false, "b64-false", header, "The payload is declared unencoded (b64 false), which a JWT must not be",
     "The issuer must drop b64", "RFC 7797 7"},
    {zip_present, "zip-present", header, "The header asks for decompression (zip), which a signed JWT does not have",
     "The issuer must drop zip", "RFC 7516 4.1.3"},
    {kid_malformed, "kid-malformed", header, "kid is not a string", "The issuer must mend it", "RFC 7515 4.1.4"},
    {typ_missing, "typ-missing", header, "The token does not say what kind it is (typ)",
     "Let the issuer set typ, or list `absent` in the domain's `types`", "RFC 9068 4"},
    {typ_mismatch, "typ-mismatch", header,
     "The token is of another kind: an ID token, a logout token or the like is not an access token",
     "Send an access token, or add the media type to `types`", "RFC 8725 3.11"},
    {typ_malformed, "typ-malformed", header, "typ is not a string", "The issuer must mend it", "RFC 7515 4.1.9"},
    // key and signature
    {keys_unavailable, "keys-unavailable", key, "The keys of this domain could not be read",
     "See the error beside it; nothing is accepted meanwhile", ""},
    {key_unknown, "key-unknown", key, "The kid is not that of a key of this domain",
     "The token is of another domain, or the key set is out of date", "RFC 7515 4.1.4"},
    {key_ambiguous, "key-ambiguous", key,
     "The token has no kid and more than one key of the domain could have signed it", "Let the issuer set kid",
     "RFC 7515 4.1.4"},
    {key_missing, "key-missing", key, "The domain has no key for this algorithm; a domain without keys accepts nothing",
     "Publish a key, or sign with an algorithm that has one", "RFC 7517 5"},
    {signature_missing, "signature-missing", signature, "The signature is empty", "Reject it: anybody can make one",
     "RFC 7515 5.2"},
    {signature_length, "signature-length", signature, "The signature has not the length that its algorithm gives",
     "Look for a truncated token, or one glued to something else", "RFC 7518 3.4"},
    {signature_invalid, "signature-invalid", signature, "The signature was not made over these octets with that key",
     "The token was changed, or signed by somebody else's key", "RFC 7515 5.2"},
    // claims
    {claims_not_json, "claims-not-json", claims, "The claims are not JSON",
     "Look for a nested, encrypted or truncated token", "RFC 7519 7.2"},
    {claims_not_object, "claims-not-object", claims, "The claims are JSON but not an object",
     "The issuer must put a JSON object there", "RFC 7519 7.2"},
    {claims_duplicate_name, "claims-duplicate-name", claims,
     "The claims have one name twice, so that two parsers can read two different tokens",
     "Treat it as an attack or a broken issuer", "RFC 7519 4"},
    {claims_invalid_utf8, "claims-invalid-utf8", claims, "The claims are not UTF-8",
     "Treat it as an attack or a broken issuer", "RFC 7519 7.2"},
    {claims_too_deep, "claims-too-deep", claims, "The claims are nested deeper than 32 levels, or have too many values",
     "Treat it as an attack", "RFC 8725 3.7"},
    {iss_missing, "iss-missing", claims, "The token does not say who issued it (iss)", "Let the issuer set iss",
     "RFC 7519 4.1.1"},
    {iss_malformed, "iss-malformed", claims, "iss is not a string",
     "Treat it as an attack: an array of issuers has fooled verifiers", "RFC 7519 4.1.1"},
    {iss_mismatch, "iss-mismatch", claims, "The issuer is not that of this domain, compared octet by octet",
     "The token is of another domain, or the policy's `issuer` is not what the issuer really writes", "RFC 8725 3.8"},
    {aud_missing, "aud-missing", claims, "The token does not say for whom it is (aud)",
     "Let the issuer set aud; without it the token works everywhere", "RFC 8725 3.9"},
    {aud_malformed, "aud-malformed", claims, "aud is neither a string nor an array of strings",
     "The issuer must mend it", "RFC 7519 4.1.3"},
    {aud_empty, "aud-empty", claims, "aud is an empty array or an empty string", "The issuer must name an audience",
     "RFC 7519 4.1.3"},
    {aud_mismatch, "aud-mismatch", claims, "The token is for somebody else: no audience of this domain is in aud",
     "Ask the issuer for a token for this audience", "RFC 7519 4.1.3"},
    {aud_foreign, "aud-foreign", claims,
     "Beside this domain the token names an audience that is not of this domain, so whoever receives it there can "
     "replay it here",
     "Ask for one audience at a time, or declare the value in `neutral_audiences`", "RFC 9700 2.3"},
    {domain_missing, "domain-missing", claims, "The token does not carry the domain claim", "Let the issuer set it",
     ""},
    {domain_malformed, "domain-malformed", claims, "The domain claim is not a string", "The issuer must mend it", ""},
    {domain_mismatch, "domain-mismatch", claims, "The domain claim names another domain",
     "The token belongs there, not here", ""},
    {exp_missing, "exp-missing", claims, "The token never expires (no exp)", "Let the issuer set exp", "RFC 9068 2.2"},
    {exp_malformed, "exp-malformed", claims, "exp is not a number of seconds",
     "The issuer must mend it: a string has been ignored by verifiers", "RFC 7519 4.1.4"},
    {exp_negative, "exp-negative", claims, "exp is not after 1970: some verifiers take such a value for none",
     "Treat it as an attack or a broken issuer", "RFC 7519 4.1.4"},
    {expired, "expired", claims, "The token has expired", "Ask for a new one", "RFC 7519 4.1.4"},
    {nbf_malformed, "nbf-malformed", claims, "nbf is not a number of seconds", "The issuer must mend it",
     "RFC 7519 4.1.5"},
    {not_yet_valid, "not-yet-valid", claims, "The token is not valid yet (nbf)", "Wait, or compare the clocks",
     "RFC 7519 4.1.5"},
    {iat_missing, "iat-missing", claims, "The token does not say when it was issued (iat)", "Let the issuer set iat",
     "RFC 9068 2.2"},
    {iat_malformed, "iat-malformed", claims, "iat is not a number of seconds", "The issuer must mend it",
     "RFC 7519 4.1.6"},
    {iat_future, "iat-future", claims, "The token was issued in the future", "Compare the clocks", "RFC 7519 4.1.6"},
    {lifetime_negative, "lifetime-negative", claims, "The token expires before it was issued",
     "The issuer must mend it", ""},
    {lifetime_exceeded, "lifetime-exceeded", claims, "The token lives longer than this domain allows",
     "Ask for a shorter life, or raise `lifetime`", "RFC 8725 3.12"},
    {claim_missing, "claim-missing", claims, "A required claim is absent",
     "Let the issuer set it, or take it off `required`", "RFC 7519 4"},
    {claim_malformed, "claim-malformed", claims, "A claim has a type in which it cannot be compared",
     "The issuer must mend it", ""},
    {claim_mismatch, "claim-mismatch", claims, "A claim has a value that this domain does not take",
     "See `match` in the domain's policy", ""},
    {trust_expired, "trust-expired", claims, "The trust edge by which this domain took such tokens has expired",
     "Renew the edge, or drop it", ""},
    {revoked, "revoked", claims, "The token, its subject, its key or its domain is revoked",
     "Ask for a new token once the cause is gone", "RFC 7009 2"},
    // scope and resource
    {scope_missing, "scope-missing", resource, "The token lacks a scope that is needed here",
     "Ask for a token with that scope", "RFC 6750 3.1"},
    {scope_malformed, "scope-malformed", resource, "The scope claim is neither a string nor an array of strings",
     "The issuer must mend it", "RFC 9068 2.2.3"},
    {scope_foreign, "scope-foreign", resource, "The token carries a scope that the trust edge does not allow",
     "Ask for fewer scopes", ""},
    {resource_unknown, "resource-unknown", resource, "No domain of the policy has this resource",
     "Add it to a domain's `resources`", ""},
    {resource_foreign, "resource-foreign", resource, "The resource belongs to another domain",
     "Verify with that domain", ""},
    {method_unknown, "method-unknown", resource, "The resource does not list this method",
     "Add it to the resource's `methods`", ""},
    // whole domain
    {domain_no_path, "domain-no-path", domain, "Nothing in this domain accepts any token",
     "Give the domain keys and an issuer", ""},
    {domain_ambiguous, "domain-ambiguous", domain, "Several domains accept this token, so it is bound to none",
     "Separate them: `jwtdomain audit` shows how", ""},
    {domain_none, "domain-none", domain, "No domain of the policy accepts this token",
     "See the reasons of the nearest domain", ""},
    // observations
    {header_jku, "header-jku", observation, "The header names a URL for keys (jku); it is never followed",
     "Verifiers must ignore it", "RFC 8725 3.10"},
    {header_jwk, "header-jwk", observation, "The header brings its own key (jwk); it is never trusted",
     "Verifiers must ignore it", "RFC 8725 3.10"},
    {header_x5u, "header-x5u", observation, "The header names a URL for certificates (x5u); it is never followed",
     "Verifiers must ignore it", "RFC 8725 3.10"},
    {header_x5c, "header-x5c", observation, "The header brings its own certificates (x5c); they are never trusted",
     "Verifiers must ignore them", "RFC 7515 4.1.6"},
    {kid_suspicious, "kid-suspicious", observation, "kid looks like a path, a URL, a query or holds control characters",
     "Look keys up by exact match in a set, nothing else", "RFC 8725 3.10"},
    {nested_token, "nested-token", observation, "The payload is itself a token", "Verify the inner one as well",
     "RFC 7519 5.2"},
    {trailing_junk, "trailing-junk", observation, "There are further characters around the token",
     "Copy the token only", ""},
    {sub_missing, "sub-missing", observation, "The token names no subject (sub)", "Let the issuer set sub",
     "RFC 9068 2.2"},
    {jti_missing, "jti-missing", observation, "The token has no identifier (jti), so it cannot be revoked by itself",
     "Let the issuer set jti", "RFC 9068 2.2"},
    {nbf_missing, "nbf-missing", observation, "The token has no nbf; that is usual", "Nothing to do", "RFC 7519 4.1.5"},
    {aud_spans_domains, "aud-spans-domains", observation, "aud names audiences of several domains of the policy",
     "Issue one token for each domain", "RFC 9700 2.3"},
    {disclosure_unreferenced, "disclosure-unreferenced", observation,
     "A disclosure of the SD-JWT is referenced by no digest", "Verifiers must reject it", "RFC 9901 7.1"},
    {secret_in_claims, "secret-in-claims", observation,
     "A claim looks like a password or a private key: claims are readable by everybody",
     "Take it out and change the secret", "RFC 7519 12"},
});

constexpr bool in_order() {
    for (std::size_t i = 0; i < kReasons.size(); ++i) {
        if (static_cast<std::size_t>(kReasons[i].reason) != i) return false;
    }
    return true;
}
static_assert(in_order(), "the table follows the enum");

} // namespace

std::span<const ReasonInfo> reasons() { return kReasons; }

const ReasonInfo& info(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

std::optional<Reason> find_reason(std::string_view code) {
    for (const ReasonInfo& entry : kReasons) {
        if (entry.code == code) return entry.reason;
    }
    return std::nullopt;
}

} // namespace jwtdomain
