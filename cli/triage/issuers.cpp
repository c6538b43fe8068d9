// What the makers of issuers say themselves of ending a token before its time.
#include <array>

#include "cli/triage/steps.h"

namespace jwtdomain::cli {
namespace {

struct IssuerSteps {
    std::string_view kind; // the name of the preset
    std::string_view text;
};

constexpr std::array kIssuerSteps{
    // learn.microsoft.com/graph/api/user-revokesigninsessions; entra/identity-platform/access-tokens
    IssuerSteps{"entra", "revoke the user's sessions (revokeSignInSessions), or remove the credential of the "
                         "application: that stops new tokens, and this one lives until it expires"},
    // developer.okta.com/docs/guides/revoke-tokens
    IssuerSteps{"okta", "revoke it at the authorization server (POST .../v1/revoke): those who check its signature "
                        "alone do not hear of it"},
    // auth0.com/docs/secure/tokens/revoke-tokens; .../manage-access-tokens
    IssuerSteps{"auth0", "revoke the grant and its refresh tokens: Auth0 cannot revoke an access token, which lives "
                         "until it expires, or until the tenant's signing key is rotated and revoked"},
    // docs.aws.amazon.com/cognito/latest/developerguide/token-revocation.html
    IssuerSteps{"cognito", "revoke the refresh token, or sign the user out (AdminUserGlobalSignOut): those who check "
                           "the signature alone do not hear of it"},
    // docs.github.com/actions/security-for-github-actions (OpenID Connect)
    IssuerSteps{"github-actions", "cancel the workflow's run, and take away what its token was exchanged for: the "
                                  "token itself cannot be revoked"},
    // kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin (bound tokens)
    IssuerSteps{"kubernetes", "delete the Pod, Secret or ServiceAccount that it is bound to: a TokenReview refuses it "
                              "then, and those who check its signature alone do not hear of it"},
    // keycloak.org/docs/latest/server_admin (revocation policies)
    IssuerSteps{"keycloak", "sign the user out, and push a not-before of the realm or client: those who check the "
                            "signature alone do not hear of it"},
};

} // namespace

std::string_view end_at_issuer(std::string_view kind) {
    for (const IssuerSteps& each : kIssuerSteps) {
        if (each.kind == kind) return each.text;
    }
    return "end the session there";
}

} // namespace jwtdomain::cli
