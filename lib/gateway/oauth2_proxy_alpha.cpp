// The configuration that oauth2-proxy calls alpha: its providers, by the names of the .cfg file, which says the rest.
#include <algorithm>
#include <array>

#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/oauth2_proxy.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::oauth2_proxy {
namespace {

using document::Kind;

struct Name {
    std::string_view alpha, older; // alpha in lower case: case does not count there; older empty: of no matter here
};

constexpr std::array kProvider{
    Name{"clientid", "client_id"},
    Name{"provider", "provider"},
    Name{"allowedgroups", "allowed_groups"},
    Name{"id", ""},
    Name{"name", ""},
    Name{"clientsecret", ""},
    Name{"clientsecretfile", ""},
    Name{"azureconfig", ""},
    Name{"microsoftentraidconfig", ""},
    Name{"adfsconfig", ""},
    Name{"bitbucketconfig", ""},
    Name{"githubconfig", ""},
    Name{"gitlabconfig", ""},
    Name{"googleconfig", ""},
    Name{"logingovconfig", ""},
    Name{"cafiles", ""},
    Name{"usesystemtruststore", ""},
    Name{"loginurl", ""},
    Name{"loginurlparameters", ""},
    Name{"authrequestresponsemode", ""},
    Name{"redeemurl", ""},
    Name{"profileurl", ""},
    Name{"skipclaimsfromprofileurl", ""},
    Name{"resource", ""},
    Name{"validateurl", ""},
    Name{"scope", ""},
    Name{"prompt", ""},
    Name{"code_challenge_method", ""},
    Name{"additionalclaims", ""},
    Name{"backendlogouturl", ""},
};

constexpr std::array kOidc{
    Name{"issuerurl", "oidc_issuer_url"},
    Name{"insecureallowunverifiedemail", "insecure_oidc_allow_unverified_email"},
    Name{"insecureskipissuerverification", "insecure_oidc_skip_issuer_verification"},
    Name{"insecureskipnonce", ""},
    Name{"skipdiscovery", "skip_oidc_discovery"},
    Name{"jwksurl", "oidc_jwks_url"},
    Name{"publickeyfiles", "oidc_public_key_files"},
    Name{"emailclaim", "oidc_email_claim"},
    Name{"groupsclaim", "oidc_groups_claim"},
    Name{"useridclaim", "user_id_claim"},
    Name{"audienceclaims", "oidc_audience_claims"},
    Name{"extraaudiences", "oidc_extra_audiences"},
    Name{"enabledsigningalgs", "oidc_enabled_signing_algs"},
};

constexpr std::array kKeycloak{Name{"groups", "keycloak_groups"}, Name{"roles", "allowed_roles"}};

void refuse(Settings& out, std::string why, Mark at) {
    if (!out.fault.empty()) return;
    out.fault = std::move(why);
    out.at = at;
}

// "$X" is put in, too, from the environment.
Node substituted(Node value) {
    if (value.kind == Kind::string && value.text.find('$') != std::string::npos && !is_unresolved(value))
        value.text = "${}";
    for (Node& each : value.elements) each = substituted(std::move(each));
    return value;
}

template <std::size_t N> void take(const Node& from, const std::array<Name, N>& names, Settings& out) {
    if (from.kind != Kind::object) {
        if (from.kind != Kind::null) refuse(out, "a part of a provider that is no object", from.mark);
        return;
    }
    for (std::size_t i = 0; i < from.names.size(); ++i) {
        const std::string name = lower_case(from.names[i].text);
        const Node& value = from.elements[i];
        const auto known =
            std::find_if(names.begin(), names.end(), [&](const Name& each) { return each.alpha == name; });
        if (known == names.end()) {
            refuse(out, "a setting of a provider that is not known here: " + plain_name(from.names[i].text),
                   from.names[i].mark);
        } else if (!known->older.empty() && value.kind != Kind::null) {
            if (out.node.find(known->older) != nullptr) refuse(out, "a setting stands twice", from.names[i].mark);
            put(out.node, std::string(known->older), substituted(value));
        }
    }
}

Settings provider_of(const Node& node) {
    Settings out{.node = object(node.mark)};
    if (node.kind != Kind::object) {
        refuse(out, "a provider that is no object", node.mark);
        return out;
    }
    Node plain = object(node.mark);
    for (std::size_t i = 0; i < node.names.size(); ++i) {
        const std::string name = lower_case(node.names[i].text);
        if (name == "oidcconfig") {
            take(node.elements[i], kOidc, out);
        } else if (name == "keycloakconfig") {
            take(node.elements[i], kKeycloak, out);
        } else {
            plain.names.push_back(node.names[i]);
            plain.elements.push_back(node.elements[i]);
        }
    }
    take(plain, kProvider, out);
    return out;
}

} // namespace

std::optional<std::vector<Settings>> providers_of(const Node& document) {
    const Node* const providers = member(&document, "providers");
    if (providers == nullptr || providers->kind != Kind::array || providers->elements.empty()) return std::nullopt;
    std::vector<Settings> out;
    for (const Node& each : providers->elements) {
        const bool ours =
            each.kind == Kind::object && (each.find("clientID") != nullptr || each.find("oidcConfig") != nullptr);
        if (!ours) return std::nullopt;
        out.push_back(provider_of(each));
    }
    return out;
}

} // namespace jwtdomain::gateway::oauth2_proxy
