#include <algorithm>
#include <array>
#include <optional>

#include "jwtdomain/jwt/inspect_detail.h"

namespace jwtdomain::inspect::detail {
namespace {

struct TypeInfo {
    std::string_view type; // media type without "application/", in lower case
    std::string_view text;
    Expects expects = Expects::everything;
};

constexpr auto kTypes = std::to_array<TypeInfo>({
    {"at+jwt", "access token (RFC 9068)"},
    {"dpop+jwt", "DPoP proof (RFC 9449)", Expects::little},
    {"kb+jwt", "key binding of an SD-JWT (RFC 9901)", Expects::little},
    {"logout+jwt", "logout token (OpenID Connect)", Expects::no_expiry},
    {"secevent+jwt", "security event (RFC 8417)", Expects::no_expiry},
    {"token-introspection+jwt", "answer of an introspection (RFC 9701)", Expects::little},
    {"oauth-authz-req+jwt", "authorization request (RFC 9101)"},
    {"oauth-id-jag+jwt", "identity assertion for another domain"},
    {"client-authentication+jwt", "client authentication (RFC 7523)"},
    {"entity-statement+jwt", "OpenID Federation statement"},
    {"statuslist+jwt", "status list", Expects::little},
    {"dc+sd-jwt", "credential (SD-JWT VC)", Expects::little},
    {"vc+sd-jwt", "credential (SD-JWT VC)", Expects::little},
    {"sd-jwt", "SD-JWT (RFC 9901)", Expects::little},
    {"passport", "caller identity (RFC 8225)", Expects::little},
});

std::string media_type(std::string_view typ) {
    std::string type(typ);
    std::transform(type.begin(), type.end(), type.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    constexpr std::string_view kPrefix = "application/";
    if (type.compare(0, kPrefix.size(), kPrefix) == 0) type.erase(0, kPrefix.size());
    return type;
}

std::string_view string_of(json::Value object, std::string_view name) {
    const auto value = object.find(name);
    return value && value->is(json::Kind::string) ? value->text() : std::string_view{};
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

bool ends_with(std::string_view text, std::string_view suffix) {
    return text.size() >= suffix.size() && text.substr(text.size() - suffix.size()) == suffix;
}

// The text between `prefix` and the next '/'; nullopt if it does not start so.
std::optional<std::string> segment_after(std::string_view text, std::string_view prefix) {
    if (!starts_with(text, prefix)) return std::nullopt;
    text.remove_prefix(prefix.size());
    return std::string(text.substr(0, text.find('/')));
}

Kind kind_of_claims(json::Value claims) {
    const std::string_view typ = string_of(claims, "typ"); // Keycloak's
    if (typ == "Bearer") return {"access token"};
    if (typ == "ID") return {"ID token (OpenID Connect)"};
    if (typ == "Refresh" || typ == "Offline") return {"refresh token"};
    if (typ == "Logout") return {"logout token", Expects::no_expiry};
    const std::string_view use = string_of(claims, "token_use"); // Cognito's
    if (use == "access") return {"access token"};
    if (use == "id") return {"ID token (OpenID Connect)"};
    if (claims.find("kubernetes.io")) return {"Kubernetes service account token"};
    if (claims.find("htm") && claims.find("htu")) return {"DPoP proof (RFC 9449)", Expects::little};
    if (claims.find("sd_hash")) return {"key binding of an SD-JWT (RFC 9901)", Expects::little};
    if (claims.find("events")) return {"security event (RFC 8417)", Expects::no_expiry};
    if (claims.find("vct") || claims.find("_sd")) return {"credential (SD-JWT)", Expects::little};
    if (starts_with(string_of(claims, "sub"), "spiffe://")) return {"JWT-SVID (SPIFFE)"};
    if (claims.find("job_workflow_ref")) return {"GitHub Actions token"};
    if (claims.find("scope") || claims.find("scp") || claims.find("permissions")) return {"access token"};
    for (const char* const name : {"nonce", "at_hash", "c_hash", "auth_time"}) {
        if (claims.find(name)) return {"ID token (OpenID Connect)"};
    }
    if (claims.find("client_id") || claims.find("azp") || claims.find("roles")) return {"access token"};
    return {};
}

} // namespace

Kind kind_of(json::Value header, const json::Value* claims) {
    const std::string type = media_type(string_of(header, "typ"));
    const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeInfo& t) { return t.type == type; });
    if (found != kTypes.end()) return {std::string(found->text), found->expects};
    if (ends_with(type, "+sd-jwt")) return {"SD-JWT (RFC 9901)", Expects::little};
    return claims ? kind_of_claims(*claims) : Kind{};
}

std::string issuer_kind_of(json::Value claims) {
    const std::string_view iss = string_of(claims, "iss");
    if (const std::size_t realms = iss.find("/realms/"); realms != std::string_view::npos && starts_with(iss, "http")) {
        return "Keycloak, realm " + segment_after(iss.substr(realms), "/realms/").value_or("");
    }
    for (const char* const prefix : {"https://login.microsoftonline.com/", "https://sts.windows.net/"}) {
        if (const auto tenant = segment_after(iss, prefix)) return "Entra, tenant " + *tenant;
    }
    if (starts_with(iss, "https://cognito-idp.") && iss.find(".amazonaws.com/") != std::string_view::npos) {
        return "Cognito, pool " + std::string(iss.substr(iss.rfind('/') + 1));
    }
    if (const auto project = segment_after(iss, "https://securetoken.google.com/"))
        return "Firebase, project " + *project;
    if (iss == "https://accounts.google.com" || iss == "accounts.google.com") return "Google";
    if (iss == "https://appleid.apple.com") return "Apple";
    if (iss == "https://token.actions.githubusercontent.com") return "GitHub Actions";
    if (iss == "https://gitlab.com") return "GitLab";
    if (claims.find("kubernetes.io")) return "Kubernetes";
    if (const auto domain = segment_after(string_of(claims, "sub"), "spiffe://"))
        return "SPIFFE, trust domain " + *domain;
    const std::string host = segment_after(iss, "https://").value_or("");
    if (ends_with(host, ".auth0.com")) return "Auth0";
    for (const char* const suffix : {".okta.com", ".oktapreview.com", ".okta-emea.com"}) {
        if (ends_with(host, suffix)) return "Okta";
    }
    return {};
}

} // namespace jwtdomain::inspect::detail
