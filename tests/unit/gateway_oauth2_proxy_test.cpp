// oauth2-proxy in the normal form: each thing that its source says of a setting, and each that is not known.
#include <doctest/doctest.h>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using policy::KeyLocation;
using test::claim;
using test::dropped;

namespace {

using Names = std::vector<std::string>;

const std::string kProvider = "provider = \"oidc\"\nskip_jwt_bearer_tokens = true\n";
const std::string kClient = kProvider + "client_id = \"c\"\noidc_issuer_url = \"https://id.example\"\n";

std::vector<DeclaredVerifier> verifiers(const Result<gateway::Import>& import) {
    if (!import) FAIL(describe(import.error()));
    CHECK(import->type == "oauth2-proxy");
    auto out = gateway::verifiers_of(*import, "prod");
    if (!out) FAIL(describe(out.error()));
    return std::move(*out);
}

std::vector<DeclaredVerifier> read(const std::string& text, const std::string& file = "oauth2-proxy.cfg") {
    return verifiers(gateway::read({.file = file, .text = text}, "oauth2-proxy"));
}

const DeclaredVerifier& tokens(const std::vector<DeclaredVerifier>& all) {
    for (const DeclaredVerifier& each : all) {
        if (each.name.ends_with("bearer tokens")) return each;
    }
    FAIL("no entry for bearer tokens");
    return all.front();
}

std::vector<DeclaredPath> paths(const std::string& text) {
    const auto all = read(text);
    CAPTURE(text);
    CAPTURE(tokens(all).why);
    REQUIRE(tokens(all).guard == Entry::Guard::paths);
    return tokens(all).accepts;
}

// Of the provider, with further settings.
DeclaredPath path(const std::string& lines) {
    const auto all = paths(kClient + lines);
    REQUIRE(all.size() == 1);
    return all.front();
}

std::string why_opaque(const std::string& text) {
    const auto all = read(text);
    REQUIRE(all.size() == 1);
    CHECK(all.front().guard == Entry::Guard::opaque);
    return all.front().why;
}

} // namespace

TEST_CASE("gateway/oauth2-proxy: the example is recognised and read") {
    const auto all =
        verifiers(gateway::read({.file = "oauth2-proxy.cfg", .text = test::gateway_data("oauth2-proxy.cfg")}));
    REQUIRE(all.size() == 2);
    CHECK(all[0].guard == Entry::Guard::open);
    CHECK(all[0].name == "GET=^/healthz$");
    CHECK(all[0].where.line == 17);
    REQUIRE(all[1].accepts.size() == 2);
    const DeclaredPath &own = all[1].accepts[0], &further = all[1].accepts[1];
    CHECK(own.issuer.allowed.exact == Names{"https://id.example.com/realms/prod"});
    CHECK(own.audience.any_of.exact == Names{"orders-prod", "https://orders.example.com"});
    CHECK(own.keys.front().location.value == "https://id.example.com/realms/prod/.well-known/openid-configuration");
    CHECK(own.dropped.empty());
    CHECK(further.issuer.allowed.exact == Names{"https://ci.example.com"});
    CHECK(further.dropped.empty());
}

TEST_CASE("gateway/oauth2-proxy: issuer, audience and exp are required; nbf has five minutes") {
    const DeclaredPath out = path("");
    CHECK(out.issuer.allowed.exact == Names{"https://id.example"});
    CHECK(!out.issuer.absent_ok);
    CHECK(out.audience.any_of.exact == Names{"c"});
    CHECK(!out.audience.absent_ok);
    CHECK(out.time.expiry == accept::Presence::required);
    CHECK(out.time.not_before);
    CHECK(!out.time.issued_at);
    CHECK(out.time.leeway == 300);
    CHECK(out.kid == accept::KidRule::hint);
    CHECK(out.type.any);
    CHECK(out.dialect.duplicates == json::Duplicates::last);
    CHECK(out.dialect.any_case == Names{"iss", "exp", "nbf"}); // aud is read by its name
    CHECK(out.principal == std::vector<Names>{{"sub"}});
    CHECK(out.dropped.empty());
    REQUIRE(claim(out, {"email_verified"}) != nullptr);
    CHECK(claim(out, {"email_verified"})->absent_ok);
    CHECK(path("insecure_oidc_allow_unverified_email = true").claims.empty());
    CHECK(path("oidc_email_claim = \"upn\"").claims.empty());
    CHECK(path("user_id_claim = \"upn\"").claims.empty());
}

TEST_CASE("gateway/oauth2-proxy: Google's issuer has two names") {
    const auto all = paths(kProvider + "client_id = \"c\"\noidc_issuer_url = \"https://accounts.google.com\"");
    CHECK(all.front().issuer.allowed.exact == Names{"https://accounts.google.com", "accounts.google.com"});
}

TEST_CASE("gateway/oauth2-proxy: keys are those of the metadata, unless discovery is skipped") {
    // jwks_url is not looked at with discovery
    const DeclaredPath with = path("oidc_jwks_url = \"https://id.example/jwks\"");
    CHECK(with.keys.front().location.value == "https://id.example/.well-known/openid-configuration");
    REQUIRE(with.algorithms);
    CHECK(with.algorithms->size() == 14); // what the metadata names is not known: of public keys and of secrets
    CHECK(with.keys.front().algorithms);  // whatever a key says of itself
    const DeclaredPath without = path("oidc_jwks_url = \"https://id.example/jwks\"\nskip_oidc_discovery = true");
    CHECK(without.keys.front().location.value == "https://id.example/jwks");
    CHECK(*without.algorithms == std::vector{Algorithm::RS256});
    const DeclaredPath listed = path("oidc_enabled_signing_algs = [ \"ES256\", \"PS256\", \"none\" ]");
    CHECK(*listed.algorithms == std::vector{Algorithm::ES256, Algorithm::PS256});
    const DeclaredPath files = path("skip_oidc_discovery = true\noidc_public_key_files = [\"/etc/a.pem\", \"b.pem\"]");
    REQUIRE(files.keys.size() == 2);
    CHECK(files.keys[0].location.kind == KeyLocation::Kind::file);
    CHECK(files.keys[1].location.value == "b.pem");
    CHECK(files.kid == accept::KidRule::ignored);
    // skipped, and no place of keys: nobody can read them
    CHECK(path("skip_oidc_discovery = true").keys.front().location.value.find("not said") != std::string::npos);
    CHECK(path("skip_oidc_discovery = \"${SKIP}\"").keys.front().location.value.find("later") != std::string::npos);
}

TEST_CASE("gateway/oauth2-proxy: skipping the verification of issuers waives iss for the provider alone") {
    const auto all = paths(kClient + "insecure_oidc_skip_issuer_verification = true\n"
                                     "extra_jwt_issuers = [\"https://ci.example=d\"]");
    REQUIRE(all.size() == 2);
    CHECK(all[0].issuer.allowed.any);
    CHECK(all[0].issuer.absent_ok);
    CHECK(all[0].dropped.empty());
    CHECK(all[1].issuer.allowed.exact == Names{"https://ci.example"});
    // entra-id does not hold bearer tokens against its tenants
    const auto entra = paths("provider = \"entra-id\"\nskip_jwt_bearer_tokens = true\nclient_id = \"c\"\n"
                             "oidc_issuer_url = \"https://login.microsoftonline.com/common/v2.0\"\n"
                             "insecure_oidc_skip_issuer_verification = true\nentra_id_allowed_tenants = [\"t\"]");
    CHECK(entra.front().issuer.allowed.any);
    CHECK(path("insecure_oidc_skip_issuer_verification = \"${X}\"").issuer.allowed.any);
    CHECK(!path("insecure_oidc_skip_issuer_verification = false").issuer.allowed.any);
}

TEST_CASE("gateway/oauth2-proxy: further audiences hold for every issuer, client_id for its own") {
    const auto all = paths(kClient + "oidc_extra_audiences = [\"x\"]\n"
                                     "extra_jwt_issuers = [\"https://ci.example=d=e\", \"https://b.example=\"]");
    REQUIRE(all.size() == 3);
    CHECK(all[0].audience.any_of.exact == Names{"c", "x"});
    CHECK(all[1].audience.any_of.exact == Names{"d=e", "x"}); // behind the first '='
    CHECK(all[1].keys.front().location.value == "https://ci.example/.well-known/openid-configuration");
    CHECK(all[2].audience.any); // an empty audience
    CHECK(dropped(all[2], "one of its audiences"));
    CHECK(why_opaque(kClient + "extra_jwt_issuers = [\"https://ci.example\"]").find("lacks") != std::string::npos);
    CHECK(why_opaque(kClient + "extra_jwt_issuers = [\"${ISSUER}=d\"]").find("later") != std::string::npos);
    CHECK(paths(kClient + "extra_jwt_issuers = \"https://a.example=d,https://b.example=d\"").size() == 3);
}

TEST_CASE("gateway/oauth2-proxy: the first claim of an audience that is there is the one that counts") {
    const DeclaredPath one = path("oidc_audience_claims = [\"aud\", \"client_id\"]");
    CHECK(one.audience.any_of.exact == Names{"c"});
    CHECK(one.audience.fallback_claims == Names{"client_id"});
    const auto all = paths(kClient + "oidc_audience_claims = [\"azp\", \"aud\", \"client_id\"]");
    REQUIRE(all.size() == 2);
    CHECK(all[0].audience.any);
    REQUIRE(claim(all[0], {"azp"}) != nullptr);
    CHECK(claim(all[0], {"azp"})->test == accept::ClaimTest::has_any);
    CHECK(claim(all[0], {"azp"})->values.exact == Names{"c"});
    CHECK(claim(all[1], {"azp"})->test == accept::ClaimTest::absent);
    CHECK(all[1].audience.fallback_claims == Names{"client_id"});
    const DeclaredPath other = path("oidc_audience_claims = [\"client_id\"]");
    CHECK(other.audience.any);
    CHECK(other.dropped.empty());
    for (const char* odd : {"\"/a\"", "\"\"", "\"${CLAIM}\""}) {
        CAPTURE(odd);
        const DeclaredPath unread = path(std::string("oidc_audience_claims = [") + odd + "]");
        CHECK(unread.audience.any);
        CHECK(dropped(unread, "oidc_audience_claims"));
    }
}

TEST_CASE("gateway/oauth2-proxy: groups are members of their claim, for the kinds whose groups are no others") {
    const DeclaredPath out = path("allowed_groups = [\"admin\", \"\", \"/dev\"]\noidc_groups_claim = \"roles\"");
    REQUIRE(claim(out, {"roles"}) != nullptr);
    CHECK(claim(out, {"roles"})->values.exact == Names{"admin", "/dev"});
    CHECK(out.dropped.empty());
    CHECK(claim(path("allowed_groups = [\"\"]"), {"groups"}) == nullptr); // no restriction
    // a further issuer's are in `groups`, whatever the provider's are in
    const auto all = paths(kClient + "allowed_groups = [\"a\"]\noidc_groups_claim = \"roles\"\n"
                                     "extra_jwt_issuers = [\"https://ci.example=d\"]");
    CHECK(claim(all[1], {"groups"}) != nullptr);
    // 7 is a number in the token, too; a dot may go into an object; Keycloak's roles are groups, too
    for (const char* odd : {"allowed_groups = [\"7\"]", "allowed_groups = [\"true\"]", "allowed_groups = [\"${G}\"]",
                            "allowed_groups = [\"a\"]\noidc_groups_claim = \"realm.roles\""}) {
        CAPTURE(odd);
        CHECK(dropped(path(odd), "allowed_groups"));
        CHECK(claim(path(odd), {"groups"}) == nullptr);
    }
    const auto keycloak = paths("provider = \"keycloak-oidc\"\nskip_jwt_bearer_tokens = true\nclient_id = \"c\"\n"
                                "oidc_issuer_url = \"https://id.example\"\nallowed_groups = [\"a\"]");
    CHECK(dropped(keycloak.front(), "allowed_groups"));
}

TEST_CASE("gateway/oauth2-proxy: domains of addresses are no separator: a token may have no address") {
    CHECK(path("email_domains = [\"*\"]").dropped.empty());
    CHECK(path("email_domains = [\"*\", \"example.com\"]").dropped.empty());
    CHECK(dropped(path("email_domains = [\"example.com\"]"), "email_domains"));
    CHECK(dropped(path("email_domains = \"example.com\""), "email_domains"));
    CHECK(dropped(path("authenticated_emails_file = \"/etc/emails\""), "authenticated_emails_file"));
}

TEST_CASE("gateway/oauth2-proxy: what needs no session passes without a token") {
    const auto all =
        read(kClient + "skip_auth_routes = [\"GET=^/a\", \"!=^/api\", \"${R}\"]\nskip_auth_regex = \"^/b\"\n"
                       "skip_auth_preflight = true\ntrusted_ips = [\"10.0.0.0/8\"]");
    Names open;
    for (const DeclaredVerifier& each : all) {
        if (each.guard == Entry::Guard::open) open.push_back(each.name);
    }
    CHECK(open == Names{"GET=^/a", "!=^/api", "^/b", "requests from 10.0.0.0/8", "OPTIONS"});
    CHECK(all.size() == 7); // with the route that is not known, and the tokens
    CHECK(read(kClient + "skip_auth_preflight = false").size() == 1);
    CHECK(read(kClient + "skip_auth_preflight = \"${X}\"").front().guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/oauth2-proxy: without bearer tokens there are sessions alone, which are not proven") {
    CHECK(why_opaque("provider = \"oidc\"\nclient_id = \"c\"").find("cookie") != std::string::npos);
    CHECK(why_opaque("client_id = \"c\"\nskip_jwt_bearer_tokens = false").find("cookie") != std::string::npos);
    CHECK(paths("provider = \"oidc\"\nclient_id = \"c\"\nskip_jwt_bearer_tokens = \"${X}\"").size() == 1);
}

TEST_CASE("gateway/oauth2-proxy: kinds of providers") {
    // Google's and others' tokens are no JWTs that it verifies; with an issuer older versions do
    const std::string rest =
        "skip_jwt_bearer_tokens = true\nclient_id = \"c\"\nextra_jwt_issuers = \"https://a.example=d\"\n";
    CHECK(paths("provider = \"github\"\n" + rest).size() == 1);
    CHECK(paths(rest).size() == 1);
    CHECK(paths("provider = \"github\"\noidc_issuer_url = \"https://id.example\"\n" + rest).size() == 2);
    // nothing is accepted: no key verifies anything
    const auto none = paths("provider = \"google\"\nskip_jwt_bearer_tokens = true\nclient_id = \"c\"");
    CHECK(none.front().keys.front().location.kind == KeyLocation::Kind::text);
    CHECK(why_opaque("skip_jwt_bearer_tokens = true").find("elsewhere") != std::string::npos);
}

TEST_CASE("gateway/oauth2-proxy: what something else puts in is never taken for its text") {
    for (const char* placeholder : {"\"${X}\"", "{{ .Values.x }}", "\"$(X)\"", "\"{{ x }}\""}) {
        CAPTURE(placeholder);
        const std::string value(placeholder);
        const auto issuer = paths(kProvider + "client_id = \"c\"\noidc_issuer_url = " + value).front();
        CHECK(issuer.issuer.allowed.any);
        CHECK(dropped(issuer, "oidc_issuer_url"));
        CHECK(issuer.keys.front().location.kind == KeyLocation::Kind::file);
        const auto client = paths(kProvider + "oidc_issuer_url = \"https://id.example\"\nclient_id = " + value).front();
        CHECK(client.audience.any);
        CHECK(dropped(client, "client_id"));
        CHECK(path("oidc_extra_audiences = [" + value + "]").audience.any);
    }
    // from the environment
    const auto bare = paths(kProvider).front();
    CHECK(bare.audience.any);
    CHECK(bare.issuer.allowed.any);
    CHECK(bare.dropped.size() == 2);
}

TEST_CASE("gateway/oauth2-proxy: what is not known is opaque") {
    CHECK(why_opaque(kClient + "oidc_trust_everybody = true").find("oidc_trust_everybody") != std::string::npos);
    CHECK(why_opaque(kClient + "client_id = \"d\"").find("twice") != std::string::npos);
    CHECK(why_opaque(kClient + "[table]\na = 1").find("no setting") != std::string::npos);
    CHECK(why_opaque(kClient + "upstreams = [ \"a\" ").find("without an end") != std::string::npos);
    CHECK(why_opaque(kClient + "scope = \"a").find("without an end") != std::string::npos);
    std::string many;
    for (int i = 0; i < 2000; ++i) many += "a" + std::to_string(i) + " = 1\n";
    CHECK(why_opaque(many).find("more settings") != std::string::npos);
    CHECK(why_opaque("a = " + std::string(100, '[')).find("lists in lists") != std::string::npos);
}

TEST_CASE("gateway/oauth2-proxy: TOML as it reads it") {
    const auto all =
        paths("\xEF\xBB\xBF# c\r\nPROVIDER = 'oidc' # c\r\n\r\nskip_jwt_bearer_tokens = true\r\n"
              "client_id = \"a\\\"b\"\njwt_key = \"\"\"\n-----\n\"\"\"\n"
              "oidc_issuer_url = \"https://id.example\" \noidc_extra_audiences = [\n  'x', # c\n  'any',\n]\n");
    REQUIRE(all.size() == 1);
    CHECK(all[0].audience.any_of.exact == Names{"a\"b", "x"});
    CHECK(all[0].audience.any_of.contains("any")); // no word of the form
    CHECK(!all[0].audience.any_of.contains("other"));
}

TEST_CASE("gateway/oauth2-proxy: whose file it is") {
    const auto type = [](const std::string& text, const std::string& file) {
        const auto import = gateway::read({.file = file, .text = text});
        return import ? import->type : std::string();
    };
    CHECK(type(kClient, "anything.conf") == "oauth2-proxy");
    CHECK(type("client_id = \"x\"\n", "x.cfg").empty());
    CHECK(type("[server]\nclient_id = \"x\"\nprovider = \"y\"\n", "x.toml").empty());
    CHECK(type("client_id=x\nclient_secret=y\n", "application.properties").empty());
    CHECK(type("client_id: x\nprovider: oidc\n", "x.yaml").empty());
    CHECK(type("{\"client_id\": \"x\", \"provider\": \"y\"}", "x.json").empty());
    CHECK(type("providers:\n- clientID: c\n  provider: oidc\n", "alpha.yaml") == "oauth2-proxy");
    CHECK(type("providers:\n- name: x\n", "x.yaml").empty());
}

TEST_CASE("gateway/oauth2-proxy: providers in YAML, by themselves and with the .cfg file beside them") {
    const std::string alpha = "providers:\n- provider: oidc\n  clientID: c\n  ClientSecret: s\n  oidcConfig:\n"
                              "    issuerURL: https://id.example\n    extraAudiences: [x]\n";
    const auto alone = read(alpha, "alpha.yaml");
    REQUIRE(alone.size() == 2);
    CHECK(alone[0].accepts.front().audience.any_of.exact == Names{"c", "x"});
    CHECK(alone[0].accepts.front().issuer.allowed.exact == Names{"https://id.example"});
    CHECK(alone[1].guard == Entry::Guard::opaque); // what the other file says

    Names others;
    const auto together = gateway::read_together({{.file = "d/alpha.yaml", .text = alpha},
                                                  {.file = "d/core.cfg",
                                                   .text = "skip_jwt_bearer_tokens = true\nemail_domains = \"*\"\n"
                                                           "extra_jwt_issuers = \"https://a.example=d\""}},
                                                 {}, {}, others);
    REQUIRE(together.size() == 1);
    const auto both = verifiers(together.front().import);
    REQUIRE(both.size() == 1);
    REQUIRE(both[0].accepts.size() == 2);
    CHECK(both[0].accepts[1].audience.any_of.exact == Names{"d", "x"});
    CHECK(both[0].accepts[0].where.file == "d/alpha.yaml");

    const auto odd = read(alpha + "    trustEverybody: true\n", "alpha.yaml");
    CHECK(odd.front().guard == Entry::Guard::opaque);
    const auto put_in =
        read("providers:\n- clientID: $CLIENT\n  provider: oidc\n  oidcConfig: {issuerURL: \"$$x\"}\n", "alpha.yaml");
    CHECK(put_in.front().accepts.front().audience.any);
    CHECK(put_in.front().accepts.front().issuer.allowed.any);
}
