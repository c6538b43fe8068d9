// What stock issuers write into their tokens, by their own documentation.
#include <algorithm>

#include "jwtdomain/policy/preset_draft.h"
#include "jwtdomain/policy/yaml_text.h"

namespace jwtdomain::policy::preset {

namespace {

std::string without_slash(std::string url) {
    while (!url.empty() && url.back() == '/') url.pop_back();
    return url;
}

// An issuer as its product writes it, unless a real token says otherwise.
void end_issuer(const PresetInput& input, Draft& draft, bool slash) {
    if (input.exact_issuer || (input.sample && input.sample->text("iss") == draft.issuer)) return;
    draft.issuer = without_slash(draft.issuer) + (slash ? "/" : "");
}

bool starts_with(const std::string& text, std::string_view start) { return text.compare(0, start.size(), start) == 0; }

bool ends_with(const std::string& text, std::string_view end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// The host of a URL, or what stands between "://" and the next '/'.
std::string host_of(const std::string& url) {
    const std::size_t start = url.find("://");
    if (start == std::string::npos) return url;
    const std::size_t end = url.find('/', start + 3);
    return url.substr(start + 3, end == std::string::npos ? end : end - start - 3);
}

bool is_guid(const std::string& text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool hex = std::string_view("0123456789abcdefABCDEF").find(text[i]) != std::string_view::npos;
        if (dash ? text[i] != '-' : !hex) return false;
    }
    return true;
}

std::string guid_in(const std::string& url) {
    std::string part;
    for (const char c : url + "/") {
        if (c != '/') {
            part += c;
            continue;
        }
        if (is_guid(part)) return part;
        part.clear();
    }
    return {};
}

std::optional<std::string> sampled(const PresetInput& input, const std::string& claim) {
    return input.sample ? input.sample->text(claim) : std::nullopt;
}

tl::unexpected<Error> needs_audience(const char* what, const char* hint) { return fail(Fault::usage, what, hint); }

} // namespace

Result<Draft> keycloak(const PresetInput& input, Draft draft) {
    end_issuer(input, draft, false);
    draft.heading = {"Access tokens of a Keycloak realm."};
    draft.issuer_note = "https://HOST/realms/REALM; before Keycloak 17 https://HOST/auth/realms/REALM";
    draft.neutral = {"account"};
    draft.neutral_note = "added for users who have roles in the client 'account'";
    draft.types = {"JWT"};
    draft.types_note = "at+jwt, if the client is set to it";
    draft.lifetime = 300;
    draft.lifetime_note = "Access Token Lifespan of the realm or the client";
    draft.required = {"iat", "jti", "sub", "azp"};
    draft.match = {{"typ", "Bearer", "an access token; ID tokens have ID here, DPoP-bound ones DPoP"}};
    draft.jwks_note = "its key for encryption stands in the same set and is left out";
    if (draft.audiences.empty()) {
        draft.audience_optional = true;
        draft.audience_note =
            "a stock realm writes no audience for your API: add an audience mapper, then name it here";
        if (auto azp = sampled(input, "azp"))
            draft.match.push_back({"azp", yaml_list({*azp}), "the clients that may call"});
    } else {
        draft.audience_note = "an audience mapper of the client writes it";
    }
    return draft;
}

Result<Draft> auth0(const PresetInput& input, Draft draft) {
    end_issuer(input, draft, true);
    if (draft.audiences.empty())
        return needs_audience("Auth0 tokens need an audience",
                              "give the API's identifier: --audience https://api.example.com");
    draft.heading = {"Access tokens of an Auth0 tenant for an API of your own."};
    draft.issuer_note = "with the slash at its end";
    draft.audience_note = "the identifier of the API";
    draft.neutral = {without_slash(draft.issuer) + "/userinfo"}; // an exact issuer may have no slash
    draft.neutral_note = "stands beside the API where the scope openid was asked for";
    draft.types = {"JWT", "at+jwt"};
    draft.types_note = "JWT in the Auth0 profile, at+jwt in the RFC 9068 profile of the API";
    draft.lifetime = 86400;
    draft.lifetime_note = "the API's default";
    draft.required = {"iat", "sub"}; // jti and client_id only in the RFC 9068 profile, azp only in the other
    return draft;
}

Result<Draft> okta(const PresetInput& input, Draft draft) {
    end_issuer(input, draft, false);
    if (draft.audiences.empty() && ends_with(draft.issuer, "/oauth2/default")) draft.audiences = {"api://default"};
    if (draft.audiences.empty())
        return needs_audience("Okta tokens need an audience",
                              "give that of the authorization server: --audience api://default");
    draft.heading = {"Access tokens of an Okta custom authorization server."};
    if (draft.issuer.find("/oauth2/") == std::string::npos) {
        draft.heading.emplace_back("The issuer below is the org authorization server: its access tokens are made for "
                                   "Okta alone, and may change.");
    }
    draft.issuer_note = "https://ORG.okta.com/oauth2/ID";
    draft.types = {"absent"};
    draft.types_note = "custom authorization servers write no typ";
    draft.scope = "scp";
    draft.scope_note = "a list";
    draft.lifetime = 3600;
    draft.lifetime_note = "set in the access policy: 5m to 24h";
    draft.required = {"iat", "jti", "sub", "cid"};
    return draft;
}

Result<Draft> entra(const PresetInput& input, Draft draft) {
    const bool old = draft.issuer.find("sts.windows.net") != std::string::npos;
    if (!old) end_issuer(input, draft, false);
    const std::string tenant = guid_in(draft.issuer);
    if (tenant.empty()) {
        return fail(Fault::usage, "'" + draft.issuer + "' does not name a tenant of Entra by its id",
                    "tokens have https://login.microsoftonline.com/TENANT-ID/v2.0, not common or organizations");
    }
    if (draft.audiences.empty())
        return needs_audience("Entra tokens need an audience",
                              "give the client id of the API (version 2.0), or its application id URI (version 1.0)");
    draft.heading = {"Access tokens of one Microsoft Entra tenant for an API of your own.",
                     "Tokens of applications without a user have roles in place of scp."};
    draft.issuer_note =
        old ? "tokens of version 1.0" : "tokens of version 2.0; the manifest of the API says which it gets";
    draft.audience_note = old ? "the application id URI of the API" : "the client id of the API";
    draft.types = {"JWT"};
    draft.scope = "scp";
    draft.lifetime = 7200;
    draft.life_varies = true;
    draft.lifetime_note =
        "60 to 90 minutes at random, dated some minutes back; up to 29h with continuous access evaluation";
    draft.required = {"iat", "nbf", "sub"}; // there is no jti
    draft.match = {{"tid", yaml_string(tenant), "the tenant, which the issuer names too"},
                   {"ver", old ? "\"1.0\"" : "\"2.0\"", ""}};
    draft.jwks_note = "its keys have no alg; one that is marked for another issuer is left out";
    return draft;
}

Result<Draft> cognito(const PresetInput& input, Draft draft) {
    end_issuer(input, draft, false);
    if (draft.audiences.empty()) {
        if (auto client = sampled(input, "client_id")) draft.audiences = {*client};
    }
    if (draft.audiences.empty())
        return needs_audience("Cognito tokens need the id of an app client", "give it: --audience CLIENT-ID");
    draft.heading = {"Access tokens of an Amazon Cognito user pool."};
    draft.issuer_note = "https://cognito-idp.REGION.amazonaws.com/POOL-ID";
    draft.audience_note = "ids of app clients; of a resource server, where resource binding is used";
    draft.fallback = {"client_id"};
    draft.fallback_note = "access tokens name the client there, and have no aud";
    draft.types = {"absent"};
    draft.lifetime = 3600;
    draft.lifetime_note = "set for each app client: 5m to 24h";
    draft.required = {"iat", "jti", "sub", "client_id"};
    draft.match = {{"token_use", "access", "ID tokens have id here"}};
    return draft;
}

Result<Draft> kubernetes(const PresetInput& input, Draft draft) {
    draft.heading = {"Service account tokens of one Kubernetes cluster."};
    draft.issuer_note = "--service-account-issuer of the API server";
    const bool default_audience = draft.audiences.empty() || draft.audiences == std::vector<std::string>{draft.issuer};
    if (draft.audiences.empty()) draft.audiences = {draft.issuer};
    draft.types = {"absent"};
    draft.required = {"iat", "nbf", "sub"}; // jti since Kubernetes 1.30
    draft.match = {{"sub", "{prefix: \"system:serviceaccount:\"}", "system:serviceaccount:NAMESPACE:NAME"}};
    if (input.sample && !input.sample->kubernetes_namespace.empty()) {
        draft.match.push_back(
            {"/kubernetes.io/namespace", yaml_list({input.sample->kubernetes_namespace}), "as in the sample"});
    } else {
        draft.heading.emplace_back(
            "Narrow `match` to the namespaces that may call: /kubernetes.io/namespace: [orders]");
    }
    draft.lifetime_note = "expirationSeconds of the projected volume";
    if (default_audience) {
        draft.audience_note = "the API server's own: better a projected volume with an audience of yours";
        draft.lifetime = 366 * 86400;
        draft.lifetime_note = "mounted tokens for the API server live for a year";
    }
    return draft;
}

Result<Draft> github_actions(const PresetInput& input, Draft draft) {
    if (draft.issuer.empty()) draft.issuer = "https://token.actions.githubusercontent.com";
    end_issuer(input, draft, false);
    constexpr std::string_view kGitHub = "https://github.com/";
    auto owner = sampled(input, "repository_owner");
    for (const std::string& audience : draft.audiences) {
        const std::string rest = starts_with(audience, kGitHub) ? audience.substr(kGitHub.size()) : std::string();
        if (!owner && !rest.empty() && rest.find('/') == std::string::npos) owner = rest;
    }
    if (draft.audiences.empty())
        return needs_audience("GitHub's tokens need an audience",
                              "the default is that of the owner: --audience https://github.com/OWNER");
    draft.heading = {
        "OIDC tokens of GitHub Actions. All of GitHub shares this issuer, and anybody can ask for any audience:",
        "only `match` binds a token to what is yours. Keep repository or sub in it."};
    draft.audience_note = "https://github.com/OWNER, unless the workflow asks for another";
    draft.types = {"JWT"};
    draft.lifetime = 300;
    draft.required = {"iat", "nbf", "jti", "sub", "repository", "repository_owner"};
    draft.match = {{"repository_owner", yaml_list({owner.value_or("CHANGE-ME")}),
                    owner ? "" : "no token passes until this is yours"}};
    if (auto repository = sampled(input, "repository"))
        draft.match.push_back({"repository", yaml_list({*repository}), "as in the sample"});
    if (auto environment = sampled(input, "environment"))
        draft.match.push_back({"environment", yaml_list({*environment}), "as in the sample"});
    return draft;
}

Result<Draft> spiffe(const PresetInput& input, Draft draft) {
    constexpr std::string_view kScheme = "spiffe://";
    std::string trust_domain = host_of(draft.issuer);
    if (starts_with(draft.issuer, kScheme)) draft.issuer.clear();
    if (auto sub = sampled(input, "sub"); sub && starts_with(*sub, kScheme)) trust_domain = host_of(*sub);
    if (trust_domain.empty())
        return fail(Fault::usage, "no SPIFFE trust domain", "give it: --issuer spiffe://prod.example.com");
    if (draft.audiences.empty())
        return needs_audience("JWT-SVIDs need an audience",
                              "give what workloads ask for: --audience spiffe://prod.example.com/orders");
    if (draft.issuer.empty() && input.jwks.empty()) {
        return fail(Fault::usage, "a SPIFFE trust domain needs its bundle",
                    "give it: --jwks FILE, from spire-server bundle show -format spiffe");
    }
    draft.heading = {"JWT-SVIDs of one SPIFFE trust domain."};
    draft.issuer_optional = true;
    draft.issuer_note = "JWT-SVIDs need no iss; it is checked where it is there";
    draft.types = {"JWT", "JOSE", "absent"};
    draft.algorithms = {"ES256", "ES384", "RS256"};
    draft.algorithms_note = "SPIRE makes ES256 unless told otherwise";
    draft.lifetime = 300;
    draft.lifetime_note = "of what remains, since iat is optional; default_jwt_svid_ttl of SPIRE";
    draft.required = {"sub"};
    draft.match = {{"sub", "{prefix: " + yaml_string("spiffe://" + trust_domain + "/") + "}", "the trust domain"}};
    return draft;
}

} // namespace jwtdomain::policy::preset

namespace jwtdomain::policy {

std::optional<std::string> preset_of(const std::string& issuer, std::string_view jwks_uri) {
    const std::string host = preset::host_of(issuer);
    const auto below = [&](std::string_view parent) { return host == parent.substr(1) || host.ends_with(parent); };
    if (host == "token.actions.githubusercontent.com") return "github-actions";
    if (host == "login.microsoftonline.com" || host == "sts.windows.net") return "entra";
    if (host.starts_with("cognito-idp.") && below(".amazonaws.com")) return "cognito";
    if (below(".auth0.com")) return "auth0";
    if (below(".okta.com") || below(".oktapreview.com") || below(".okta-emea.com")) return "okta";
    if (jwks_uri.ends_with("/openid/v1/jwks")) return "kubernetes";
    if (issuer.find("/realms/") != std::string::npos && jwks_uri.ends_with("/protocol/openid-connect/certs"))
        return "keycloak";
    return std::nullopt;
}

} // namespace jwtdomain::policy
