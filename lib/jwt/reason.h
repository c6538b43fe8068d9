// Reason codes: why a token was rejected, or what is odd about it. Public and stable: scripts branch on them
// (`verify --expect reject:aud-mismatch`). One table; documentation and explain pages come out of it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace jwtdomain {

enum class Reason : std::uint8_t {
    // shape
    token_too_large,
    token_parts,
    token_encrypted,
    token_serialization,
    token_is_refresh,
    encoding_character,
    encoding_padding,
    encoding_noncanonical,
    // header
    header_not_json,
    header_not_object,
    header_duplicate_name,
    header_invalid_utf8,
    header_too_deep,
    alg_missing,
    alg_none,
    alg_unknown,
    alg_not_allowed,
    alg_key_mismatch,
    crit_unknown,
    crit_malformed,
    b64_false,
    zip_present,
    kid_malformed,
    typ_missing,
    typ_mismatch,
    typ_malformed,
    // key and signature
    keys_unavailable,
    key_unknown,
    key_ambiguous,
    key_missing,
    signature_missing,
    signature_length,
    signature_invalid,
    // claims
    claims_not_json,
    claims_not_object,
    claims_duplicate_name,
    claims_invalid_utf8,
    claims_too_deep,
    iss_missing,
    iss_malformed,
    iss_mismatch,
    aud_missing,
    aud_malformed,
    aud_empty,
    aud_mismatch,
    aud_foreign,
    domain_missing,
    domain_malformed,
    domain_mismatch,
    exp_missing,
    exp_malformed,
    exp_negative,
    expired,
    nbf_malformed,
    not_yet_valid,
    iat_missing,
    iat_malformed,
    iat_future,
    lifetime_negative,
    lifetime_exceeded,
    claim_missing,
    claim_malformed,
    claim_mismatch,
    trust_expired,
    revoked,
    proof_invalid,
    // scope and resource
    scope_missing,
    scope_malformed,
    scope_foreign,
    resource_unknown,
    resource_foreign,
    method_unknown,
    // whole domain
    domain_no_path,
    domain_ambiguous,
    domain_none,
    // seen by inspect only: these reject nothing by themselves
    header_jku,
    header_jwk,
    header_x5u,
    header_x5c,
    kid_suspicious,
    nested_token,
    trailing_junk,
    sub_missing,
    jti_missing,
    nbf_missing,
    aud_spans_domains,
    disclosure_unreferenced,
    disclosure_malformed,
    secret_in_claims,
};

// Where in the order of verification it arises.
enum class Stage : std::uint8_t { shape, header, key, signature, claims, resource, domain, observation };

struct ReasonInfo {
    Reason reason;
    std::string_view code; // "aud-mismatch"
    Stage stage;
    std::string_view sentence; // what it means, one sentence
    std::string_view fix;      // what to do about it
    std::string_view source;   // RFC and section; may be empty
};

// One observation about one token. `detail` may quote the token: escape it on its way out.
struct Finding {
    Reason reason;
    std::string detail; // what was found and what was expected; may be empty
};

std::span<const ReasonInfo> reasons(); // in the order of the enum
const ReasonInfo& info(Reason reason);
std::optional<Reason> find_reason(std::string_view code);

} // namespace jwtdomain
