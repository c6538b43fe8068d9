#include "jwtdomain/jwt/names.h"

#include <algorithm>
#include <array>

namespace jwtdomain {
namespace {

constexpr auto kTime = NameShape::time;

constexpr auto kClaims = std::to_array<NameInfo>({
    {"iss", "issuer", "RFC 7519"},
    {"sub", "subject", "RFC 7519"},
    {"aud", "audience", "RFC 7519"},
    {"exp", "expires", "RFC 7519", kTime},
    {"nbf", "not before", "RFC 7519", kTime},
    {"iat", "issued", "RFC 7519", kTime},
    {"jti", "token id", "RFC 7519"},
    {"scope", "scopes", "RFC 8693"},
    {"client_id", "client", "RFC 8693"},
    {"act", "acting party", "RFC 8693"},
    {"may_act", "may act for it", "RFC 8693"},
    {"cnf", "sender's key", "RFC 7800"},
    {"authorization_details", "authorization", "RFC 9396"},
    {"entitlements", "entitlements", "RFC 9068"},
    {"roles", "roles", "RFC 9068"},
    {"groups", "groups", "RFC 9068"},
    {"events", "security events", "RFC 8417"},
    {"toe", "time of the event", "RFC 8417", kTime},
    {"txn", "transaction", "RFC 8417"},
    {"htm", "HTTP method", "RFC 9449"},
    {"htu", "HTTP URI", "RFC 9449"},
    {"ath", "access token hash", "RFC 9449"},
    {"nonce", "request's nonce", "OpenID Connect"},
    {"azp", "issued to", "OpenID Connect"},
    {"auth_time", "logged in", "OpenID Connect", kTime},
    {"acr", "login class", "OpenID Connect"},
    {"amr", "login methods", "OpenID Connect, RFC 8176"},
    {"at_hash", "access token hash", "OpenID Connect"},
    {"c_hash", "code hash", "OpenID Connect"},
    {"s_hash", "state hash", "FAPI"},
    {"sid", "session", "OpenID Connect"},
    {"name", "full name", "OpenID Connect"},
    {"given_name", "given name", "OpenID Connect"},
    {"family_name", "family name", "OpenID Connect"},
    {"middle_name", "middle name", "OpenID Connect"},
    {"nickname", "nickname", "OpenID Connect"},
    {"preferred_username", "user name", "OpenID Connect"},
    {"profile", "profile page", "OpenID Connect"},
    {"picture", "picture", "OpenID Connect"},
    {"website", "web site", "OpenID Connect"},
    {"email", "e-mail address", "OpenID Connect"},
    {"email_verified", "address verified", "OpenID Connect"},
    {"gender", "gender", "OpenID Connect"},
    {"birthdate", "date of birth", "OpenID Connect"},
    {"zoneinfo", "time zone", "OpenID Connect"},
    {"locale", "locale", "OpenID Connect"},
    {"phone_number", "phone number", "OpenID Connect"},
    {"phone_number_verified", "number verified", "OpenID Connect"},
    {"address", "postal address", "OpenID Connect"},
    {"updated_at", "profile changed", "OpenID Connect", kTime},
    {"sub_jwk", "subject's key", "OpenID Connect"},
    {"_claim_names", "claims elsewhere", "OpenID Connect"},
    {"_claim_sources", "where they are", "OpenID Connect"},
    {"_sd", "hidden claims", "RFC 9901"},
    {"_sd_alg", "hash of digests", "RFC 9901"},
    {"sd_hash", "hash of the SD-JWT", "RFC 9901"},
    {"vct", "credential type", "SD-JWT VC"},
    {"vc", "credential", "W3C VC"},
    {"vp", "presentation", "W3C VC"},
    {"status", "status", "Token Status List"},
    {"token_introspection", "introspection", "RFC 9701"},
    {"jcard", "contact card", "RFC 9560"},
    // of common issuers
    {"scp", "scopes", "Entra, Okta"},
    {"appid", "client", "Entra"},
    {"appidacr", "client login", "Entra"},
    {"azpacr", "client login", "Entra"},
    {"tid", "tenant", "Entra"},
    {"oid", "object id", "Entra"},
    {"upn", "user principal", "Entra"},
    {"unique_name", "user name", "Entra"},
    {"idtyp", "app or user", "Entra"},
    {"idp", "user's provider", "Entra"},
    {"wids", "tenant roles", "Entra"},
    {"ver", "format version", "Entra, Okta"},
    {"uti", "token id", "Entra"},
    {"rh", "Entra internal", "Entra"},
    {"aio", "Entra internal", "Entra"},
    {"xms_tcdt", "tenant made", "Entra", kTime},
    {"typ", "kind of token", "Keycloak"},
    {"session_state", "session", "Keycloak"},
    {"realm_access", "realm roles", "Keycloak"},
    {"resource_access", "client roles", "Keycloak"},
    {"allowed-origins", "origins for CORS", "Keycloak"},
    {"clientHost", "client host", "Keycloak"},
    {"clientAddress", "client address", "Keycloak"},
    {"token_use", "kind of token", "Cognito"},
    {"origin_jti", "its refresh token", "Cognito"},
    {"event_id", "login event", "Cognito"},
    {"username", "user name", "Cognito"},
    {"cognito:username", "user name", "Cognito"},
    {"cognito:groups", "groups", "Cognito"},
    {"cid", "client", "Okta"},
    {"uid", "user", "Okta"},
    {"permissions", "permissions", "Auth0"},
    {"gty", "grant", "Auth0"},
    {"org_id", "organization", "Auth0"},
    {"kubernetes.io", "workload", "Kubernetes"},
    {"repository", "repository", "GitHub Actions"},
    {"ref", "branch or tag", "GitHub Actions"},
    {"job_workflow_ref", "workflow", "GitHub Actions"},
    {"domain", "security domain", "jwtdomain"},
});

constexpr auto kHeaders = std::to_array<NameInfo>({
    {"alg", "algorithm", "RFC 7515"},
    {"typ", "kind of token", "RFC 7515"},
    {"cty", "kind of payload", "RFC 7515"},
    {"kid", "name of the key", "RFC 7515"},
    {"jku", "URL of the key set", "RFC 7515"},
    {"jwk", "the key itself", "RFC 7515"},
    {"x5u", "certificate URL", "RFC 7515"},
    {"x5c", "certificate chain", "RFC 7515"},
    {"x5t", "certificate SHA-1", "RFC 7515"},
    {"x5t#S256", "certificate hash", "RFC 7515"},
    {"crit", "must understand", "RFC 7515"},
    {"b64", "payload encoded", "RFC 7797"},
    {"enc", "encryption", "RFC 7516"},
    {"zip", "compression", "RFC 7516"},
    {"epk", "ephemeral key", "RFC 7518"},
    {"apu", "party U", "RFC 7518"},
    {"apv", "party V", "RFC 7518"},
    {"iv", "init. vector", "RFC 7518"},
    {"tag", "tag", "RFC 7518"},
    {"p2s", "salt", "RFC 7518"},
    {"p2c", "iterations", "RFC 7518"},
    {"url", "request URL", "RFC 8555"},
    {"nonce", "request's nonce", "RFC 8555"},
    {"ppt", "PASSporT", "RFC 8225"},
    {"svt", "validation token", "RFC 9321"},
    {"trust_chain", "trust chain", "OpenID Federation"},
});

const NameInfo* find(std::span<const NameInfo> table, std::string_view name) {
    const auto found = std::find_if(table.begin(), table.end(), [&](const NameInfo& n) { return n.name == name; });
    return found == table.end() ? nullptr : &*found;
}

} // namespace

std::span<const NameInfo> claim_names() { return kClaims; }
std::span<const NameInfo> header_names() { return kHeaders; }

const NameInfo* find_claim_name(std::string_view name) { return find(kClaims, name); }

const NameInfo* find_header_name(std::string_view name) {
    const NameInfo* const header = find(kHeaders, name);
    return header ? header : find_claim_name(name);
}

} // namespace jwtdomain
