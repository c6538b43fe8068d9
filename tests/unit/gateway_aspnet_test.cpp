// ASP.NET Core's settings in the normal form: each thing that the source of JwtBearer and of Microsoft.Identity.Web
// says of a setting, and each that is not known.
#include <doctest/doctest.h>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using policy::KeyLocation;
using test::dropped;

namespace {

using Names = std::vector<std::string>;

const std::string kTenant = "11111111-2222-3333-4444-555555555555";

std::vector<DeclaredVerifier> read(const std::string& text) {
    return test::imported("aspnet", "appsettings.json", text);
}

DeclaredVerifier entry(const std::string& settings) {
    const auto all = read(R"({"Authentication": {"Schemes": {"Bearer": {)" + settings + "}}}}");
    REQUIRE(all.size() == 1);
    CHECK(all.front().name == "scheme bearer");
    return all.front();
}

DeclaredPath path(const std::string& settings) {
    const DeclaredVerifier out = entry(settings);
    CAPTURE(out.why);
    REQUIRE(out.accepts.size() == 1);
    return out.accepts.front();
}

DeclaredVerifier entra(const std::string& settings) {
    const auto all = read(R"({"AzureAd": {)" + settings + "}}");
    REQUIRE(all.size() == 1);
    CHECK(all.front().name == "AzureAd");
    return all.front();
}

} // namespace

TEST_CASE("gateway/aspnet: the example is recognised and read") {
    const auto all = test::imported("aspnet", "appsettings.json", test::gateway_data("aspnet.json"));
    REQUIRE(all.size() == 1);
    const DeclaredPath& bearer = all[0].accepts.front();
    CHECK(bearer.issuer.allowed.exact == Names{"orders-issuer"});
    CHECK(bearer.audience.any_of.exact == Names{"https://api.example.com", "orders"});
    CHECK(bearer.keys.size() == 1); // that of another issuer is not read
    CHECK(bearer.dropped.empty());
    CHECK(bearer.where.line == 7);
}

TEST_CASE("gateway/aspnet: AzureAd of one tenant: both versions, for both names of the client") {
    const DeclaredPath out =
        entra(R"("Instance": "https://login.microsoftonline.com/", "TenantId": ")" + kTenant + R"(", "ClientId": "c")")
            .accepts.front();
    CHECK(out.issuer.allowed.exact ==
          Names{"https://login.microsoftonline.com/" + kTenant + "/v2.0", "https://sts.windows.net/" + kTenant + "/"});
    CHECK(out.audience.any_of.exact == Names{"c", "api://c"});
    CHECK(out.keys.front().location.value ==
          "https://login.microsoftonline.com/" + kTenant + "/v2.0/.well-known/openid-configuration");
    CHECK(dropped(out, "that the token has scopes"));
    // beside a scheme, which switches comparisons off
    for (const DeclaredVerifier& each : read(R"({"Authentication": {"Schemes": {"Bearer": {"ValidIssuer": "i"}}},
                                                 "AzureAd": {"TenantId": "common", "ClientId": "c"}})"))
        CHECK(each.guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/aspnet: exp must be there, with five minutes; one slash at the end of aud does not count") {
    const DeclaredPath out = path(R"("ValidAudience": "a", "ValidIssuers": ["i", "j"])");
    CHECK(out.time.expiry == accept::Presence::required);
    CHECK(out.time.not_before);
    CHECK(!out.time.issued_at);
    CHECK(out.time.leeway == 300);
    CHECK(out.kid == accept::KidRule::ignored);
    CHECK(out.type.any);
    CHECK(out.issuer.allowed.exact == Names{"i", "j"});
    CHECK(!out.issuer.absent_ok);
    CHECK(out.audience.any_of.exact == Names{"a"});
    CHECK(out.audience.comparison == accept::AudienceComparison::without_slash);
    CHECK(!out.audience.absent_ok);
    CHECK(out.dropped.empty());
    // without keys: they are in user secrets or in code
    CHECK(out.keys.front().location.kind == KeyLocation::Kind::file);
}

TEST_CASE("gateway/aspnet: Authority compares no issuer, and lets that of its metadata pass beside the others") {
    const DeclaredPath bare = path(R"("Authority": "https://id.example/", "Audience": "a")");
    CHECK(bare.issuer.allowed.any);
    CHECK(bare.issuer.absent_ok);
    CHECK(bare.audience.any); // Audience is not read
    CHECK(bare.dropped.empty());
    CHECK(bare.keys.front().location.value == "https://id.example/.well-known/openid-configuration");
    REQUIRE(bare.algorithms);
    CHECK(bare.algorithms->size() == 12);
    CHECK(bare.keys.front().algorithms); // whatever a key says of itself
    const DeclaredPath with = path(R"("Authority": "https://id.example", "ValidIssuer": "https://id.example")");
    CHECK(with.issuer.allowed.any);
    CHECK(dropped(with, "ValidIssuer"));
    CHECK(path(R"("MetadataAddress": "https://id.example/m", "Authority": "https://other.example")")
              .keys.front()
              .location.value == "https://id.example/m");
}

TEST_CASE("gateway/aspnet: signing keys of the issuers, each for all of them") {
    const std::string keys = R"("SigningKeys": [{"Issuer": "i", "Value": "YWJj"}, {"Issuer": "other", "Value": "YWJj"},
                                                {"Issuer": "j", "Value": "*"}, {"Value": "YWJj"}, {"Issuer": "i"}])";
    const DeclaredPath out = path(R"("ValidIssuer": "i", "ValidIssuers": ["j"], )" + keys);
    REQUIRE(out.keys.size() == 3);
    CHECK(out.keys[0].location.value == R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(out.keys[1].location.kind == KeyLocation::Kind::file); // no base64
    CHECK(path(R"("ValidIssuer": "${I}", )" + keys).keys.size() == 4);
    CHECK(path(R"("Authority": "https://id.example", "ValidIssuer": "i", )" + keys).keys.size() == 3);
}

TEST_CASE("gateway/aspnet: what some versions do not look at") {
    CHECK(path(R"("ValidIssuer": "i", "ValidateIssuer": "true")").dropped.empty());
    const DeclaredPath issuer = path(R"("ValidIssuer": "i", "ValidateIssuer": false)");
    CHECK(issuer.issuer.allowed.any);
    CHECK(dropped(issuer, "ValidIssuer"));
    const DeclaredPath audience = path(R"("ValidAudience": "a", "ValidateAudience": "False")");
    CHECK(audience.audience.any);
    CHECK(dropped(audience, "ValidAudience"));
}

TEST_CASE("gateway/aspnet: what something else puts in is never taken for its text") {
    for (const char* placeholder : {"\"${X}\"", "\"#{X}#\"", "\"{{ x }}\"", "null", "\"\"", "\"{tenant}\""}) {
        CAPTURE(placeholder);
        const std::string value(placeholder);
        const DeclaredPath issuer = path(R"("ValidIssuer": )" + value);
        CHECK(issuer.issuer.allowed.any);
        CHECK(dropped(issuer, "ValidIssuer"));
        const DeclaredPath audience = path(R"("ValidAudiences": ["a", )" + value + "]");
        CHECK(audience.audience.any);
        CHECK(dropped(audience, "ValidAudience"));
        CHECK(path(R"("Authority": )" + value).keys.front().location.kind == KeyLocation::Kind::file);
        const DeclaredPath tenant = entra(R"("ClientId": "c", "TenantId": )" + value).accepts.front();
        CHECK(tenant.issuer.allowed.any);
        CHECK(tenant.keys.front().location.kind == KeyLocation::Kind::file);
        CHECK(entra(R"("TenantId": "common", "ClientId": )" + value).accepts.front().audience.any);
    }
}

TEST_CASE("gateway/aspnet: what is not known is opaque") {
    CHECK(entry(R"("ValidIssuer": "i", "TrustEverybody": true)").guard == Entry::Guard::opaque);
    CHECK(entry(R"("ValidIssuer": "i", "ForwardDefault": "other")").guard == Entry::Guard::opaque);
    CHECK(entry(R"("Authority": "https://id.example", "ClientSecret": "s")").guard == Entry::Guard::opaque);
    CHECK(entra(R"("TenantId": "common", "TokenValidationParameters": {"ValidIssuer": "x"})").guard ==
          Entry::Guard::opaque);
    CHECK(entra(R"("TenantId": "common", "SignUpSignInPolicyId": "x")").guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/aspnet: AzureAd of every tenant, of a tenant by name, of another cloud") {
    const DeclaredPath common = entra(R"("TenantId": "common", "ClientId": "c")").accepts.front();
    CHECK(common.issuer.allowed.contains("https://login.microsoftonline.com/" + kTenant + "/v2.0"));
    CHECK(common.issuer.allowed.contains("https://sts.windows.net/" + kTenant + "/"));
    CHECK(!common.issuer.allowed.contains("https://login.example/" + kTenant + "/v2.0"));
    CHECK(!dropped(common, "TenantId"));
    const DeclaredPath named = entra(R"("TenantId": "contoso.example", "ClientId": "c")").accepts.front();
    CHECK(named.issuer.allowed.contains("https://sts.windows.net/" + kTenant + "/"));
    CHECK(dropped(named, "TenantId"));
    const DeclaredPath cloud =
        entra(R"("Instance": "https://login.example", "TenantId": ")" + kTenant + R"(", "ClientId": "c")")
            .accepts.front();
    CHECK(cloud.issuer.allowed.any);
    CHECK(dropped(cloud, "TenantId"));
    const DeclaredPath audience =
        entra(R"("TenantId": "common", "ClientId": "c", "Audience": "api://x")").accepts.front();
    CHECK(audience.audience.any_of.exact == Names{"c", "api://c", "api://x"});
    CHECK(dropped(audience, "Audience"));
    CHECK(entra(R"("TenantId": "common", "ClientId": "c", "AllowWebApiToBeAuthorizedByACL": true)")
              .accepts.front()
              .dropped.empty());
}

TEST_CASE("gateway/aspnet: environments lie over the base, names in any case and with colons") {
    const std::string base = R"({"authentication:schemes:bearer:validissuer": "i",
        "AUTHENTICATION": {"schemes": {"bearer": {"ValidAudiences": ["a", "b"]}}}})";
    const std::string prod = R"({"Authentication": {"Schemes": {"Bearer": {"ValidAudiences": ["c"]}}}})";
    Names others;
    const auto together = gateway::read_together(
        {{.file = "app/appsettings.json", .text = base}, {.file = "app/appsettings.Production.json", .text = prod}}, {},
        {}, others);
    REQUIRE(together.size() == 1);
    REQUIRE(together.front().import);
    const auto all = gateway::verifiers_of(*together.front().import, "prod");
    REQUIRE(all);
    REQUIRE(all->size() == 2);
    CHECK((*all)[0].accepts.front().audience.any_of.exact == Names{"a", "b"});
    CHECK((*all)[1].name == "scheme bearer in Production");
    CHECK((*all)[1].accepts.front().audience.any_of.exact == Names{"c", "b"}); // lists are merged by number
    CHECK((*all)[1].accepts.front().issuer.allowed.exact == Names{"i"});
    // a file of an environment alone
    CHECK(test::imported("aspnet", "appsettings.Staging.json", prod).front().name == "scheme bearer in Staging");
}

TEST_CASE("gateway/aspnet: whose file it is") {
    const auto type = [](const std::string& text) {
        const auto import = gateway::read({.file = "appsettings.json", .text = text});
        return import ? import->type : std::string();
    };
    CHECK(type(R"({"Logging": {}})").empty());
    CHECK(type(R"({"Authentication": {"Schemes": {}}})").empty());
    CHECK(type(R"({"Authentication": {"Google": {"ClientId": "x"}}})").empty());
    CHECK(type(R"({"AzureAd": "x"})").empty());
    CHECK(type(R"({"AzureAd": {"TenantId": "x"}})") == "aspnet");
}

TEST_CASE("gateway/aspnet: its JSON may have comments, and commas behind the last") {
    const auto all = read("// of the API\n{ /* \n */ \"AzureAd\": {\n  \"TenantId\": \"common\", // any: \"x\"\n"
                          "  \"ClientId\": \"a//b\",\n},\n}\n");
    REQUIRE(all.size() == 1);
    CHECK(all.front().accepts.front().audience.any_of.exact.front() == "a//b");
    CHECK(all.front().where.line == 4); // places stay
    // of another importer it is no JSON
    CHECK(!gateway::read({.file = "x.json", .text = R"({"jwk_url": "https://a/k" /* x */})"}));
    CHECK(!gateway::read({.file = "x.json", .text = R"({"AzureAd": {"ClientId": "x" /* })"}));
}
