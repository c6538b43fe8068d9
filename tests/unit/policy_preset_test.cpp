#include <doctest/doctest.h>

#include <set>

#include "jwtdomain/base/document.h"
#include "jwtdomain/policy/lower.h"
#include "jwtdomain/policy/presets.h"
#include "jwtdomain/policy/yaml_text.h"
#include "policy_memory.h"

using namespace jwtdomain;
using namespace jwtdomain::policy;
using Strings = std::vector<std::string>;

namespace {

Sample sample(const std::string& header, const std::string& claims) {
    json::Document h, c;
    REQUIRE(!h.parse(header));
    REQUIRE(!c.parse(claims));
    return sample_of(h.root(), c.root());
}

// The preset's file, loaded and lowered with the keys of the set.
struct Made {
    std::string text;
    Domain domain;
    accept::Path path;
};

Made made(const std::string& preset, PresetInput input, const JwkSet& keys = {}) {
    input.domain = "prod";
    auto text = write_preset(preset, input);
    if (!text) FAIL(describe(text.error()) << "; " << text.error().hint);
    const test::Files files{{"p/policy.yaml", "version: 1\n"}, {"p/domains/prod.yaml", *text}};
    auto policy = load("p", test::reader_of(files));
    if (!policy) FAIL(describe(policy.error()) << "; " << policy.error().hint << "\n" << *text);
    const Domain domain = policy->domains.at(0);
    auto verifier = lower(*policy, domain, [&](const KeyLocation&) -> Result<JwkSet> { return keys; });
    return {*text, domain, std::move(verifier.entries.at(0).paths.at(0))};
}

PresetInput input(const std::string& issuer, const Strings& audiences, const std::string& jwks = "jwks/prod.json") {
    PresetInput in;
    in.issuer = issuer;
    in.audiences = audiences;
    in.jwks = jwks;
    return in;
}

const accept::ClaimRule* rule(const accept::Path& path, const Strings& claim) {
    for (const auto& r : path.claims) {
        if (r.path == claim && r.role == accept::ClaimRule::Role::plain) return &r;
    }
    return nullptr;
}

bool required(const accept::Path& path, const std::string& claim) {
    for (const auto& r : path.claims) {
        if (r.path == Strings{claim} && r.role == accept::ClaimRule::Role::required) return true;
    }
    return false;
}

std::string refusal(const std::string& preset, PresetInput in) {
    in.domain = "prod";
    const auto text = write_preset(preset, in);
    return text ? "accepted" : describe(text.error()) + "; " + text.error().hint;
}

Jwk rsa_key(const std::string& kid) {
    static const PrivateKey key = PrivateKey::generate(KeyType::rsa).value();
    JwkMetadata metadata;
    metadata.kid = kid;
    return Jwk{.key = key.public_key(), .metadata = std::move(metadata)};
}

} // namespace

TEST_CASE("policy/preset: every preset writes a file that loads, for its own issuer") {
    for (const PresetInfo& preset : presets()) {
        const std::string name(preset.name);
        PresetInput in = input(std::string(preset.issuer), {"https://api.example.com"});
        if (name == "entra") in.issuer = "https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0";
        const Made file = made(name, in);
        CHECK(file.domain.foreign);
        CHECK(file.domain.domain_claim.empty());
        CHECK(!file.domain.issue.declared);
        CHECK(file.path.time.expiry == accept::Presence::required);
        CHECK(file.path.audience.any_of.exact == Strings{"https://api.example.com"});
        CHECK(file.path.exact());
        CHECK(file.text.find(": \n") == std::string::npos);
        in.jwks.clear();
        if (name != "spiffe") CHECK(made(name, in).domain.keys.kind == KeyLocation::Kind::discovery);
    }
}

TEST_CASE("policy/preset: keycloak") {
    const auto keys = [] {
        JwkSet set{{rsa_key("sig"), rsa_key("enc")}, {}};
        set.keys[0].metadata.use = "sig";
        set.keys[0].metadata.algorithm = "RS256";
        set.keys[1].metadata.use = "enc";
        set.keys[1].metadata.algorithm = "RSA-OAEP";
        return set;
    }();
    const Made plain = made("keycloak", input("https://sso.example.com/realms/prod/", {}), keys);
    CHECK(plain.path.issuer.allowed.exact == Strings{"https://sso.example.com/realms/prod"});
    CHECK(plain.path.type.allowed == Strings{"JWT"});
    CHECK(plain.path.audience.absent_ok);
    CHECK(plain.path.audience.any_of.exact == Strings{"account"});
    CHECK(rule(plain.path, {"typ"})->values.exact == Strings{"Bearer"}); // keeps ID tokens out
    REQUIRE(plain.path.signing.keys.size() == 1);
    CHECK(plain.path.signing.keys[0].kid == "sig");

    PresetInput in = input("https://sso.example.com/realms/prod", {});
    in.sample = sample(
        R"({"alg":"PS256","typ":"JWT","kid":"k"})",
        R"({"iss":"https://sso.example.com/realms/prod","aud":["orders-api","account"],"exp":160,"iat":100,"jti":"j","sub":"s","azp":"orders-web","typ":"Bearer","scope":"email"})");
    const Made sampled = made("keycloak", in);
    CHECK(!sampled.path.audience.absent_ok);
    CHECK(sampled.path.audience.any_of.exact == Strings{"orders-api"});
    CHECK(sampled.path.audience.subset_of == Strings{"orders-api", "account"});
    CHECK(sampled.path.time.longest_life == 60);
    CHECK(sampled.domain.algorithms == std::vector{Algorithm::PS256});

    in.sample = sample(
        R"({"alg":"RS256","typ":"JWT"})",
        R"({"iss":"https://sso.example.com/realms/prod","aud":"account","exp":400,"iat":100,"azp":"orders-web"})");
    const Made stock = made("keycloak", in);
    CHECK(stock.path.audience.absent_ok);
    CHECK(rule(stock.path, {"azp"})->values.exact == Strings{"orders-web"});
    CHECK(!required(stock.path, "jti"));
}

TEST_CASE("policy/preset: auth0") {
    const Made file = made("auth0", input("https://example.eu.auth0.com", {"https://api.example.com"}));
    CHECK(file.path.issuer.allowed.exact == Strings{"https://example.eu.auth0.com/"});
    CHECK(file.path.audience.subset_of == Strings{"https://api.example.com", "https://example.eu.auth0.com/userinfo"});
    CHECK(file.path.type.allowed == Strings{"JWT", "at+jwt"});
    CHECK(file.path.time.longest_life == 86400);
    CHECK(!required(file.path, "jti"));
}

TEST_CASE("policy/preset: okta") {
    const Made file = made("okta", input("https://dev-1.okta.com/oauth2/default", {}));
    CHECK(file.path.audience.any_of.exact == Strings{"api://default"});
    CHECK(file.path.type.allowed.empty());
    CHECK(file.path.type.absent_ok);
    CHECK(file.domain.scope_claim == "scp");
    CHECK(made("okta", input("https://dev-1.okta.com", {"x"})).text.find("org authorization server") !=
          std::string::npos);
    CHECK(refusal("okta", input("https://dev-1.okta.com/oauth2/aus1", {})).find("need an audience") !=
          std::string::npos);
}

TEST_CASE("policy/preset: entra") {
    const std::string tenant = "11111111-2222-3333-4444-555555555555";
    JwkSet keys{{rsa_key("ours"), rsa_key("theirs"), rsa_key("plain")}, {}};
    keys.keys[0].metadata.issuer = "https://login.microsoftonline.com/{tenantid}/v2.0";
    keys.keys[1].metadata.issuer = "https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0";
    const Made file = made(
        "entra",
        input("https://login.microsoftonline.com/" + tenant + "/v2.0", {"22222222-2222-3333-4444-555555555555"}), keys);
    CHECK(rule(file.path, {"tid"})->values.exact == Strings{tenant});
    CHECK(rule(file.path, {"ver"})->values.exact == Strings{"2.0"});
    REQUIRE(file.path.signing.keys.size() == 2); // keys without alg; not those of another tenant
    CHECK(file.path.signing.keys[0].kid == "ours");
    CHECK(file.path.signing.keys[0].algorithms == std::vector{Algorithm::RS256});
    CHECK(file.domain.scope_claim == "scp");
    CHECK(!required(file.path, "jti"));
    const Made old = made("entra", input("https://sts.windows.net/" + tenant + "/", {"api://orders"}));
    CHECK(old.path.issuer.allowed.exact == Strings{"https://sts.windows.net/" + tenant + "/"});
    CHECK(rule(old.path, {"ver"})->values.exact == Strings{"1.0"});
    CHECK(refusal("entra", input("https://login.microsoftonline.com/common/v2.0", {"x"}))
              .find("not common or organizations") != std::string::npos);
}

TEST_CASE("policy/preset: cognito") {
    const Made file = made("cognito", input("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc", {"client1"}));
    CHECK(file.path.audience.fallback_claims == Strings{"client_id"});
    CHECK(rule(file.path, {"token_use"})->values.exact == Strings{"access"});
    CHECK(file.path.type.absent_ok);
    PresetInput in = input("", {});
    in.sample = sample(
        R"({"kid":"k","alg":"RS256"})",
        R"({"sub":"s","iss":"https://cognito-idp.eu-west-1.amazonaws.com/p","client_id":"c9","token_use":"access","scope":"orders/read","exp":3700,"iat":100,"jti":"j","username":"u"})");
    CHECK(made("cognito", in).path.audience.any_of.exact == Strings{"c9"});
    CHECK(refusal("cognito", input("https://cognito-idp.eu-west-1.amazonaws.com/p", {})).find("app client") !=
          std::string::npos);
}

TEST_CASE("policy/preset: kubernetes") {
    const Made file = made("kubernetes", input("https://kubernetes.default.svc.cluster.local", {"orders"}));
    CHECK(file.path.time.longest_life == 3600);
    CHECK(rule(file.path, {"sub"})->values.patterns.at(0).text == "system:serviceaccount:");
    CHECK(file.path.type.absent_ok);
    CHECK(file.path.type.allowed.empty());
    const Made mounted = made("kubernetes", input("https://kubernetes.default.svc.cluster.local", {}));
    CHECK(mounted.path.audience.any_of.exact == Strings{"https://kubernetes.default.svc.cluster.local"});
    CHECK(*mounted.path.time.longest_life >= 31536007);
    PresetInput in = input("https://k", {});
    in.sample = sample(
        R"({"alg":"RS256","kid":"k"})",
        R"({"iss":"https://k","aud":["orders"],"exp":3700,"iat":100,"nbf":100,"sub":"system:serviceaccount:shop:web","kubernetes.io":{"namespace":"shop","serviceaccount":{"name":"web"}}})");
    CHECK(rule(made("kubernetes", in).path, {"kubernetes.io", "namespace"})->values.exact == Strings{"shop"});
}

TEST_CASE("policy/preset: github-actions passes nothing until the owner is known") {
    const Made file = made("github-actions", input("", {"https://github.com/acme"}));
    CHECK(file.path.issuer.allowed.exact == Strings{"https://token.actions.githubusercontent.com"});
    CHECK(rule(file.path, {"repository_owner"})->values.exact == Strings{"acme"});
    CHECK(file.path.time.longest_life == 300);
    const Made other = made("github-actions", input("", {"sts.amazonaws.com"}));
    CHECK(rule(other.path, {"repository_owner"})->values.exact == Strings{"CHANGE-ME"});
    CHECK(other.text.find("no token passes until this is yours") != std::string::npos);
}

TEST_CASE("policy/preset: spiffe") {
    const Jwk svid = [] {
        Jwk key = rsa_key("b1");
        key.metadata.use = "jwt-svid";
        return key;
    }();
    const Made file = made("spiffe", input("spiffe://prod.example.com", {"orders"}), JwkSet{{svid}, {}});
    CHECK(file.domain.issuer.empty());
    CHECK(file.path.issuer.allowed.any);
    CHECK(file.path.issuer.absent_ok);
    CHECK(rule(file.path, {"sub"})->values.patterns.at(0).text == "spiffe://prod.example.com/");
    CHECK(!file.path.time.longest_life);
    CHECK(file.path.time.longest_remaining == 300);
    CHECK(file.path.signing.keys.size() == 1);
    const Made discovered = made("spiffe", input("https://oidc.prod.example.com", {"orders"}, ""));
    CHECK(discovered.path.issuer.allowed.exact == Strings{"https://oidc.prod.example.com"});
    CHECK(discovered.path.issuer.absent_ok);
    CHECK(refusal("spiffe", input("spiffe://prod.example.com", {"orders"}, "")).find("needs its bundle") !=
          std::string::npos);
}

TEST_CASE("policy/preset: what is wrong is said") {
    CHECK(refusal("keyclaok", input("https://x", {})).find("did you mean 'keycloak'?") != std::string::npos);
    CHECK(refusal("zzz", input("https://x", {})).find("presets: keycloak auth0") != std::string::npos);
    CHECK(refusal("keycloak", input("", {})).find("needs an issuer") != std::string::npos);
    CHECK(refusal("kubernetes", input("kubernetes/serviceaccount", {}, "")).find("give them: --jwks FILE") !=
          std::string::npos);
    for (const char* issuer : {"https://x?a", "https://x/#a"})
        CHECK(refusal("keycloak", input(issuer, {"x"})).find("no query and no fragment") != std::string::npos);
    CHECK(check_issuer("kubernetes/serviceaccount?").has_value()); // no URL
    PresetInput in = input("https://a", {"x"});
    in.sample = sample(R"({"alg":"RS256"})", R"({"iss":"https://b","aud":"x"})");
    CHECK(refusal("kubernetes", in).find("the sample is of the issuer https://b") != std::string::npos);
    in.sample = sample(R"({"alg":"RS256"})", R"({"iss":"https://a","aud":"y"})");
    CHECK(refusal("kubernetes", in).find("does not name the audience x") != std::string::npos);
}

TEST_CASE("policy/preset: whose issuer it is, is seen by its URLs, where nobody else has them") {
    const auto kind = [](const char* issuer, const char* keys = "https://keys.example/") {
        return preset_of(issuer, keys).value_or("");
    };
    CHECK(kind("https://token.actions.githubusercontent.com") == "github-actions");
    CHECK(kind("https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0") == "entra");
    CHECK(kind("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x") == "cognito");
    CHECK(kind("https://eu.auth0.com/") == "auth0");
    CHECK(kind("https://a.okta.com/oauth2/default") == "okta");
    CHECK(kind("https://kubernetes.default.svc", "https://10.0.0.1:6443/openid/v1/jwks") == "kubernetes");
    CHECK(kind("https://id.example/realms/a", "https://id.example/realms/a/protocol/openid-connect/certs") ==
          "keycloak");
    for (const char* own :
         {"https://id.example/realms/a", "https://auth0.com.example/", "https://notokta.com",
          "https://x.example/login.microsoftonline.com", "https://cognito-idp.example/", "id.example", ""})
        CHECK(kind(own).empty());
}

TEST_CASE("policy/preset: what an issuer says of itself is written as it says it") {
    PresetInput in = input("https://a.okta.com/x/", {"api"});
    in.exact_issuer = true;
    in.algorithms = {"ES256", "RS256"};
    const Made file = made("okta", in);
    CHECK(file.domain.issuer == "https://a.okta.com/x/");
    CHECK(file.domain.algorithms == std::vector{Algorithm::ES256, Algorithm::RS256});
}

TEST_CASE("policy/preset: a hostile sample stays inside its strings") {
    PresetInput in = input("https://a", {});
    in.sample = sample(
        R"({"alg":"RS256","typ":"x: y\nforeign: false"})",
        R"({"iss":"https://a","aud":["a\"]\nissuer_optional: true # ","\u0007x: {","*y"],"iat":1,"exp":2,"nbf":1,"sub":"s"})");
    const Made file = made("kubernetes", in);
    CHECK(!file.domain.issuer_optional);
    CHECK(file.domain.audiences == Strings{"a\"]\nissuer_optional: true # ", "\ax: {", "*y"});
    CHECK(file.path.type.allowed.empty());
}

TEST_CASE("policy/yaml: strings are read back as they were written") {
    for (const char* text :
         {"plain", "https://x/y", "true", "null", "1",  "-",  "a: b", "a #b", "#",   "",   "é",
          "'",     "\"\\",        "[a]",  "{a}",  "*a", "&a", "!a",   "a:",   "0x1", "~",  "2027-01-01",
          "No",    "a\tb",        " a ",  "<<",   "=",  "?",  "%",    "@a",   "`",   ">-", "|"}) {
        const auto node = document::parse(
            "v: [" + yaml_string(text) + "]\n" + yaml_string(std::string("k") + text) + ": 1\n", "x.yaml");
        REQUIRE_MESSAGE(node.has_value(), text);
        CHECK(node->elements.at(0).elements.at(0).kind == document::Kind::string);
        CHECK(node->elements.at(0).elements.at(0).text == text);
        CHECK(node->names.at(1).text == std::string("k") + text);
    }
}
