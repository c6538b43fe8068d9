#include "cli/explain/examples.h"

#include <vector>

namespace jwtdomain::cli {
namespace {

using enum Reason;
using enum ChangeTo;

// clang-format off
constexpr std::string_view kDeep = "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"; // 32, and the object around it
constexpr std::string_view kIssuers = R"(["https://auth.prod.example"])";
constexpr std::string_view kTwoAudiences = R"(["https://api.prod.example", "https://api.staging.example"])";
constexpr std::string_view kKey = R"({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"})";

constexpr auto kSettings = std::to_array<SettingInfo>({
    {Setting::plain, "", ""},
    {Setting::two_keys, "prod has two keys, k1 and k2, both for ES256", "prod has two keys, k1 and k2, both for ES256"},
    {Setting::more_algorithms, "prod allows RS256 and HS256 too, but has no such key", "prod allows RS256 and HS256 too, but has no such key"},
    {Setting::keys_unread, "the key set of prod can be read", "the key set of prod cannot be read"},
    {Setting::signed_by_staging, "signed with the key of prod", "signed with the key of staging"},
    {Setting::role_required, "the policy of prod says match: {role: reader}", "the policy of prod says match: {role: reader}"},
    {Setting::needs_scope, "asked for with --scope write", "asked for with --scope write"},
    {Setting::edge_scopes, "a trust edge lets it in, with scopes: [read, write]", "a trust edge lets it in, with scopes: [read, write]"},
    {Setting::edge_expired, "a trust edge lets it in, which has not expired", "a trust edge lets it in, which expired yesterday"},
    {Setting::token_revoked, "the jti 1 is not on the list of revocations", "the jti 1 is on the list of revocations"},
    {Setting::foreign_proof, "sent as a bearer token", "sent with a DPoP proof of a key to which it is not bound"},
    {Setting::resource_nowhere, "asked for: GET https://api.prod.example/orders", "asked for: GET https://api.prod.example/invoices"},
    {Setting::resource_of_staging, "asked for: GET https://api.prod.example/orders", "asked for: GET https://api.staging.example/orders"},
    {Setting::method_not_listed, "asked for: GET https://api.prod.example/orders", "asked for: DELETE https://api.prod.example/orders"},
    {Setting::no_paths, "prod has an issuer and keys", "nothing of prod accepts a token"},
    {Setting::twin_domain, "no other domain accepts it; --domain auto", "a domain twin has the issuer, audience and key of prod; --domain auto"},
    {Setting::no_domain_takes_it, "--domain auto", "--domain auto"},
    {Setting::two_domains_known, "the policy has the domains prod and staging", "the policy has the domains prod and staging"},
});

constexpr auto kReasonExamples = std::to_array<ReasonExample>({
    // shape
    {token_too_large, {{{token, "", "HEADER.MEBIBYTE.SIGNATURE"}}}},
    {token_parts, {{{token, "", "HEADER.CLAIMS"}}}},
    {token_encrypted, {{{token, "", "HEADER.AAAA.AAAA.AAAA.AAAA"}}}},
    {token_serialization, {{{token, "", R"({"protected": "HEADER", "payload": "CLAIMS"})"}}}},
    {token_is_refresh, {{{token, "", "jdr1.prod.f.1.AAAA.deadbeef"}}}},
    {encoding_character, {{{token, "", "HEADER.CLAIMS.SIGNATURE%0A"}}}},
    {encoding_padding, {{{token, "", "HEADER.CLAIMS.SIGNATURE=="}}}},
    {encoding_noncanonical, {{{token, "", "HEADER.CLAIMS.SIGNATUREAAA"}}}},
    // header
    {header_not_json, {{{header_text, "", R"({"alg": "ES256")"}}}},
    {header_not_object, {{{header_text, "", R"(["ES256"])"}}}},
    {header_duplicate_name, {{{header_again, R"("\u0061lg")", R"("none")"}}}},
    {header_invalid_utf8, {{{header, "kid", "\"k1\xff\""}}}},
    {header_too_deep, {{{header, "x", kDeep}}}},
    {alg_missing, {{{header, "alg", ""}}}},
    {alg_none, {{{header, "alg", R"("nOnE")"}, {token, "", "HEADER.CLAIMS."}}}},
    {alg_unknown, {{{header, "alg", R"("ES999")"}}}},
    {alg_not_allowed, {{{header, "alg", R"("HS256")"}}}},
    {alg_key_mismatch, {{{header, "alg", R"("HS256")"}}}, Setting::more_algorithms},
    {crit_unknown, {{{header, "crit", R"(["tenant"])"}, {header, "tenant", R"("prod")"}}}},
    {crit_malformed, {{{header, "crit", "[]"}}}},
    {b64_false, {{{header, "b64", "false"}, {header, "crit", R"(["b64"])"}}}},
    {zip_present, {{{header, "zip", R"("DEF")"}}}},
    {kid_malformed, {{{header, "kid", "1"}}}},
    {typ_missing, {{{header, "typ", ""}}}},
    {typ_mismatch, {{{header, "typ", R"("logout+jwt")"}}}},
    {typ_malformed, {{{header, "typ", R"(["at+jwt"])"}}}},
    // key and signature
    {keys_unavailable, {}, Setting::keys_unread},
    {key_unknown, {{{header, "kid", R"("staging-7")"}}}},
    {key_ambiguous, {{{header, "kid", ""}}}, Setting::two_keys},
    {key_missing, {{{header, "kid", ""}, {header, "alg", R"("RS256")"}}}, Setting::more_algorithms},
    {signature_missing, {{{token, "", "HEADER.CLAIMS."}}}},
    {signature_length, {{{token, "", "HEADER.CLAIMS.AAAAAAAAAAAAAAAA"}}}},
    {signature_invalid, {}, Setting::signed_by_staging},
    // claims
    {claims_not_json, {{{claims_text, "", "hello"}}}},
    {claims_not_object, {{{claims_text, "", R"(["alice"])"}}}},
    {claims_duplicate_name, {{{claims_again, R"("aud")", R"("https://api.staging.example")"}}}},
    {claims_invalid_utf8, {{{claims, "sub", "\"alice\xc0\x80\""}}}},
    {claims_too_deep, {{{claims, "x", kDeep}}}},
    {iss_missing, {{{claims, "iss", ""}}}},
    {iss_malformed, {{{claims, "iss", kIssuers}}}},
    {iss_mismatch, {{{claims, "iss", R"("https://auth.prod.example/")"}}}},
    {aud_missing, {{{claims, "aud", ""}}}},
    {aud_malformed, {{{claims, "aud", R"({"api": "https://api.prod.example"})"}}}},
    {aud_empty, {{{claims, "aud", "[]"}}}},
    {aud_mismatch, {{{claims, "aud", R"("https://api.staging.example")"}}}},
    {aud_foreign, {{{claims, "aud", kTwoAudiences}}}},
    {domain_missing, {{{claims, "domain", ""}}}},
    {domain_malformed, {{{claims, "domain", R"(["prod"])"}}}},
    {domain_mismatch, {{{claims, "domain", R"("staging")"}}}},
    {exp_missing, {{{claims, "exp", ""}}}},
    {exp_malformed, {{{claims, "exp", R"("1700000300")"}}}},
    {exp_negative, {{{claims, "exp", "-1"}}}, Setting::plain, lifetime_negative},
    {expired, {{{claims, "iat", "1699999000"}, {claims, "exp", "1699999300"}}}},
    {nbf_malformed, {{{claims, "nbf", R"("now")"}}}},
    {not_yet_valid, {{{claims, "nbf", "1700000200"}}}},
    {iat_missing, {{{claims, "iat", ""}, {claims, "nbf", ""}}}},
    {iat_malformed, {{{claims, "iat", R"("2023-11-14")"}}}},
    {iat_future, {{{claims, "iat", "1700000200"}}}},
    {lifetime_negative, {{{claims, "iat", "1700000020"}, {claims, "exp", "1700000015"}}}},
    {lifetime_exceeded, {{{claims, "exp", "1700086400"}}}},
    {claim_missing, {{{claims, "sub", ""}}}},
    {claim_malformed, {{{claims, "role", R"(["reader"])"}}}, Setting::role_required},
    {claim_mismatch, {{{claims, "role", R"("admin")"}}}, Setting::role_required},
    {trust_expired, {}, Setting::edge_expired},
    {revoked, {}, Setting::token_revoked},
    {proof_invalid, {}, Setting::foreign_proof},
    // scope and resource
    {scope_missing, {{{claims, "scope", R"("read")"}}}, Setting::needs_scope},
    {scope_malformed, {{{claims, "scope", "7"}}}, Setting::needs_scope},
    {scope_foreign, {{{claims, "scope", R"("read write admin")"}}}, Setting::edge_scopes},
    {resource_unknown, {}, Setting::resource_nowhere},
    {resource_foreign, {}, Setting::resource_of_staging},
    {method_unknown, {}, Setting::method_not_listed},
    // whole domain
    {domain_no_path, {}, Setting::no_paths},
    {domain_ambiguous, {}, Setting::twin_domain},
    {domain_none, {{{claims, "iss", R"("https://auth.dev.example")"}, {claims, "aud", R"("https://api.dev.example")"}}}, Setting::no_domain_takes_it},
    // observations
    {header_jku, {{{header, "jku", R"("https://keys.evil.example/jwks.json")"}}}},
    {header_jwk, {{{header, "jwk", kKey}}}},
    {header_x5u, {{{header, "x5u", R"("https://keys.evil.example/x5c.pem")"}}}},
    {header_x5c, {{{header, "x5c", R"(["MIIB"])"}}}},
    {kid_suspicious, {{{header, "kid", R"("../../dev/null")"}}}},
    {nested_token, {{{claims_text, "", "HEADER.CLAIMS.SIGNATURE"}}}},
    {trailing_junk, {{{token, "", "HEADER.CLAIMS.SIGNATURE and more"}}}},
    {sub_missing, {{{claims, "sub", ""}}}},
    {jti_missing, {{{claims, "jti", ""}}}},
    {nbf_missing, {{{claims, "nbf", ""}}}},
    {aud_spans_domains, {{{claims, "aud", kTwoAudiences}}}, Setting::two_domains_known},
    {disclosure_unreferenced, {{{token, "", "HEADER.CLAIMS.SIGNATURE~WyJzYWx0Iiwicm9sZSIsImFkbWluIl0~"}}}},
    {disclosure_malformed, {{{claims, "_sd", R"(["vquYe--cAN_DAbSQ3bRTIVF-fWprs9MdJZiYt9Rjk9g"])"}, {token, "", "HEADER.CLAIMS.SIGNATURE~e30~"}}}},
    {secret_in_claims, {{{claims, "password", R"("correct horse battery staple")"}}}},
});

struct Member {
    std::string name, value; // JSON, both
};

std::vector<Member> clean_header() { return {{"\"typ\"", "\"at+jwt\""}, {"\"kid\"", "\"k1\""}, {"\"alg\"", "\"ES256\""}}; }

std::vector<Member> clean_claims() {
    return {{"\"iss\"", "\"https://auth.prod.example\""}, {"\"aud\"", "\"https://api.prod.example\""},
            {"\"domain\"", "\"prod\""}, {"\"sub\"", "\"alice\""}, {"\"role\"", "\"reader\""}, {"\"scope\"", "\"read write\""},
            {"\"jti\"", "\"1\""}, {"\"iat\"", "1700000000"}, {"\"nbf\"", "1700000000"}, {"\"exp\"", "1700000300"}};
}
// clang-format on

void set(std::vector<Member>& members, const Change& change) {
    const std::string name = "\"" + std::string(change.name) + "\"";
    for (auto member = members.begin(); member != members.end(); ++member) {
        if (member->name != name) continue;
        if (change.value.empty()) {
            members.erase(member);
        } else {
            member->value = change.value;
        }
        return;
    }
    members.push_back({name, std::string(change.value)});
}

std::string object(const std::vector<Member>& members) {
    std::string text = "{\n";
    for (const Member& member : members) {
        text += "  " + member.name + ": " + member.value + (&member == &members.back() ? "\n" : ",\n");
    }
    return text + "}";
}

constexpr bool in_order() {
    for (std::size_t i = 0; i < kSettings.size(); ++i) {
        if (static_cast<std::size_t>(kSettings[i].setting) != i) return false;
    }
    for (std::size_t i = 0; i < kReasonExamples.size(); ++i) {
        if (static_cast<std::size_t>(kReasonExamples[i].reason) != i) return false;
    }
    return true;
}
static_assert(in_order(), "the tables follow their enums");

} // namespace

const SettingInfo& info(Setting setting) { return kSettings[static_cast<std::size_t>(setting)]; }

std::span<const ReasonExample> reason_examples() { return kReasonExamples; }

ExampleToken good_token() { return {.header = object(clean_header()), .claims = object(clean_claims())}; }

ExampleToken bad_token(const ReasonExample& example) {
    std::vector<Member> head = clean_header(), body = clean_claims();
    ExampleToken made;
    for (const Change& change : example.changes) {
        switch (change.to) {
        case ChangeTo::nothing: break;
        case ChangeTo::header: set(head, change); break;
        case ChangeTo::claims: set(body, change); break;
        case ChangeTo::header_again: head.push_back({std::string(change.name), std::string(change.value)}); break;
        case ChangeTo::claims_again: body.push_back({std::string(change.name), std::string(change.value)}); break;
        case ChangeTo::header_text: made.header = change.value; break;
        case ChangeTo::claims_text: made.claims = change.value; break;
        case ChangeTo::token: made.token = change.value; break;
        }
    }
    if (made.header.empty()) made.header = object(head);
    if (made.claims.empty()) made.claims = object(body);
    return made;
}

} // namespace jwtdomain::cli
