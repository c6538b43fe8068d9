// Apache httpd in the normal form: its configuration language, what is merged where sections apply together, and each
// thing that mod_auth_openidc and mod_oauth2 do by their source, and as they were run.
#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <sstream>
#include <string>

#include "jwtdomain/gateway/gateway.h"

using namespace jwtdomain;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;

namespace {

std::vector<DeclaredVerifier> read(const std::string& text, const std::string& host = {}) {
    const auto import =
        gateway::read({.file = "httpd.conf", .text = text}, "apache", {.name_space = {}, .host = host, .labels = {}});
    if (!import) FAIL(describe(import.error()));
    auto verifiers = gateway::verifiers_of(*import, "prod");
    if (!verifiers) FAIL(describe(verifiers.error()));
    return std::move(*verifiers);
}

const std::string kKeys = "OIDCOAuthVerifyCertFiles k#/keys/a.pem\n";

std::string location(const std::string& inner, const std::string& path = "/", const std::string& type = "oauth20") {
    return "<Location " + path + ">\nAuthType " + type + "\n" + inner + "\n</Location>\n";
}

// All that one Location for every request, with mod_auth_openidc, comes to.
DeclaredVerifier openidc(const std::string& inner, const std::string& server = kKeys) {
    auto all = read(server + location(inner));
    REQUIRE(all.size() == 1);
    return all.front();
}

DeclaredVerifier oauth2(const std::string& options, const std::string& inner = "Require valid-user") {
    auto all =
        read(location("OAuth2TokenVerify jwks_uri https://a.example/jwks " + options + "\n" + inner, "/", "oauth2"));
    REQUIRE(all.size() == 1);
    return all.front();
}

const accept::ClaimRule* rule(const DeclaredPath& path, const std::vector<std::string>& claim) {
    for (const accept::ClaimRule& each : path.claims) {
        if (each.path == claim && each.role != accept::ClaimRule::Role::required) return &each;
    }
    return nullptr;
}

const DeclaredPath* named(const DeclaredVerifier& verifier, const std::string& part) {
    for (const DeclaredPath& each : verifier.accepts) {
        if (each.name.find(part) != std::string::npos) return &each;
    }
    return nullptr;
}

std::vector<std::string> names(const std::vector<DeclaredVerifier>& all) {
    std::vector<std::string> out;
    for (const DeclaredVerifier& each : all) out.push_back(each.name);
    return out;
}

using Names = std::vector<std::string>;
constexpr const char* kAll = "<RequireAll>\nRequire valid-user\nRequire claim iss:https://i.example\n"
                             "Require claim aud:x\n</RequireAll>";

} // namespace

TEST_CASE("gateway/apache: the ordinary configuration is exact") {
    const DeclaredVerifier verifier = openidc(kAll);
    const DeclaredPath& usual = verifier.accepts.front();
    CHECK(verifier.name == "/");
    CHECK(usual.name == "mod_auth_openidc");
    CHECK(usual.issuer.allowed.exact == Names{"https://i.example"});
    CHECK(usual.issuer.allowed.patterns.empty());
    CHECK(!usual.issuer.absent_ok);
    CHECK(usual.audience.any_of.exact == Names{"x"});
    CHECK(usual.dropped.empty());
    CHECK(usual.time.expiry == accept::Presence::optional);
    CHECK(!usual.time.not_before);
    CHECK(!usual.time.issued_at);
    CHECK(usual.time.leeway == 1);
    CHECK(usual.time.negative_expiry_ok); // -1 counts as none
    CHECK(usual.kid == accept::KidRule::hint);
    CHECK(usual.dialect.ignores_crit);
    CHECK(usual.dialect.issuer_array_ok);
    REQUIRE(usual.keys.size() == 1);
    CHECK(usual.keys.front().location.value == "/keys/a.pem");
    CHECK(usual.keys.front().kid == "k");
    REQUIRE(usual.keys.front().algorithms); // that of the token, whatever the key says
    CHECK(usual.keys.front().algorithms->size() > 10);
    CHECK(usual.where.line == 4); // of the requirements
    CHECK(usual.where.file == "httpd.conf");
}

TEST_CASE("gateway/apache: equality of claims ignores white space, and exp that is no number counts as none") {
    const DeclaredVerifier verifier = openidc(kAll);
    const DeclaredPath* const spaced = named(verifier, "white space");
    REQUIRE(spaced);
    CHECK(spaced->issuer.allowed.contains(" https: //i.example\n"));
    CHECK(spaced->issuer.allowed.contains("https://i.example"));
    CHECK(!spaced->issuer.allowed.contains("https://i.examples"));
    CHECK(spaced->dropped.empty());
    CHECK(verifier.accepts.front().time.malformed_absent);
    CHECK(spaced->time.malformed_absent);
    // Between digits it must be there in both or in neither.
    const DeclaredVerifier digits = openidc("Require claim \"t:a 12 3\"");
    const accept::ClaimRule* const test = rule(*named(digits, "white space"), {"t"});
    REQUIRE(test);
    CHECK(test->values.contains("a12  3"));
    CHECK(!test->values.contains("a123"));
    CHECK(!test->values.contains("a 1 2 3"));
}

TEST_CASE("gateway/apache: a claim of another name fulfils it") {
    const DeclaredVerifier verifier = openidc(kAll);
    const DeclaredPath* const other = named(verifier, "by iss:https");
    REQUIRE(other);
    REQUIRE(rule(*other, {"iss:https"}));
    CHECK(rule(*other, {"iss:https"})->values.contains("//i.example"));
    CHECK(other->issuer.allowed.any);
    CHECK(other->audience.any_of.contains("x"));
    CHECK(other->dropped.empty());
    const DeclaredPath* const member = named(verifier, "by iss:https://i");
    REQUIRE(member);
    CHECK(rule(*member, {"iss:https://i"})); // an array that has "example"
    CHECK(!member->dropped.empty());
    // A number is compared with the digits in front: 0 if there are none.
    const DeclaredVerifier role = openidc("Require claim role:admin");
    const DeclaredPath* const number = named(role, "role as a number");
    REQUIRE(number);
    CHECK(rule(*number, {"role"})->values.contains("0"));
    CHECK(!number->dropped.empty());
    CHECK(rule(role.accepts.front(), {"role"})->test == accept::ClaimTest::has_any); // or a member of an array
}

TEST_CASE("gateway/apache: claims inside of claims, and regular expressions") {
    const DeclaredVerifier nested = openidc("Require claim realm_access.roles:admin");
    REQUIRE(rule(nested.accepts.front(), {"realm_access", "roles"}));
    CHECK(nested.accepts.front().dropped.empty());
    const DeclaredPath issuer = openidc("Require claim iss~^https://i").accepts.front();
    REQUIRE(issuer.issuer.allowed.patterns.size() == 1); // unanchored
    CHECK(issuer.issuer.allowed.contains("https://i.example.evil"));
    // The arguments are a string of expressions first: "\." is '.', "\d" is 'd'.
    const DeclaredPath escaped = openidc(R"(Require claim "t~^a\.b\d$")").accepts.front();
    REQUIRE(rule(escaped, {"t"}));
    CHECK(rule(escaped, {"t"})->values.contains("aXbd"));
    CHECK(!rule(escaped, {"t"})->values.contains("a.b1"));
    const DeclaredPath unread = openidc("Require claim t~(?=a)b").accepts.front();
    CHECK(unread.claims.size() <= 1);
    CHECK(!unread.dropped.empty());
    for (const char* variable : {"Require claim iss:${ISSUER}", "Require claim iss:%{HTTP_HOST}"}) {
        CAPTURE(variable);
        const DeclaredPath path = openidc(variable).accepts.front();
        CHECK(path.issuer.allowed.any);
        CHECK(path.dropped.size() == 1);
    }
    CHECK(openidc("Require claim a:{tenant}").accepts.front().dropped.size() == 1);
}

TEST_CASE("gateway/apache: Require is any of its lines, unless a container says otherwise") {
    const DeclaredVerifier two = openidc("Require valid-user\nRequire claim iss:https://i.example");
    CHECK(two.accepts.front().issuer.allowed.any);
    const DeclaredVerifier words = openidc("Require claim iss:https://a.example iss:https://b.example");
    CHECK(named(words, "mod_auth_openidc")->issuer.allowed.exact == Names{"https://a.example"});
    CHECK(std::count_if(words.accepts.begin(), words.accepts.end(), [](const DeclaredPath& path) {
              return path.issuer.allowed.contains("https://b.example") && !path.issuer.allowed.any;
          }) > 0);
    CHECK(openidc("Require valid-user\nRequire all granted").guard == Entry::Guard::open);
    CHECK(openidc("Require valid-user\nRequire ip 10.0.0.0/8").guard == Entry::Guard::opaque);
    CHECK(openidc("Require magic word\nRequire valid-user").guard == Entry::Guard::opaque);
    // What must hold besides only narrows it.
    for (const char* more :
         {"Require ip 10.0.0.0/8", "Require magic word", "Require group staff", "Require not claim role:guest",
          "<RequireNone>\nRequire claim role:guest\n</RequireNone>"}) {
        CAPTURE(more);
        const DeclaredVerifier all =
            openidc("<RequireAll>\nRequire claim iss:i\n" + std::string(more) + "\n</RequireAll>");
        REQUIRE(all.guard == Entry::Guard::paths);
        CHECK(all.accepts.front().issuer.allowed.exact == Names{"i"});
        CHECK(all.accepts.front().dropped.size() == 1);
        CHECK(!rule(all.accepts.front(), {"role"}));
    }
    const DeclaredPath user = openidc("Require user alice").accepts.front();
    CHECK(rule(user, {"sub"})->values.exact == Names{"alice"});
}

TEST_CASE("gateway/apache: ways around") {
    CHECK(openidc("Require valid-user\nSatisfy any").guard == Entry::Guard::open);
    CHECK(openidc("Require valid-user\nSatisfy any\nOrder deny,allow\nDeny from all").guard == Entry::Guard::opaque);
    CHECK(openidc("Require valid-user\nOIDCUnAuthAction pass").guard ==
          Entry::Guard::paths); // run: 401 without a token
    const auto either = read(kKeys + location("Require valid-user\nOIDCUnAuthAction pass", "/", "auth-openidc"));
    CHECK(either.front().guard == Entry::Guard::open);
    CHECK(read(kKeys + location("Require valid-user", "/", "auth-openidc")).front().guard == Entry::Guard::paths);
    CHECK(read(kKeys + location("Require valid-user") + location("Require valid-user", "/ui", "openid-connect"))[1]
              .guard == Entry::Guard::opaque);
    CHECK(openidc("Require valid-user", "OIDCOAuthIntrospectionEndpoint https://a.example/introspect\n").guard ==
          Entry::Guard::opaque);
    CHECK(openidc("Require valid-user", "OIDCOAuthServerMetadataURL https://a.example/m\n").guard ==
          Entry::Guard::opaque);
    CHECK(openidc("Require valid-user", "").guard == Entry::Guard::opaque); // its keys are not named
}

TEST_CASE("gateway/apache: what is limited to methods leaves the others") {
    const auto limited = read(kKeys + location("<Limit POST PUT>\nRequire valid-user\n</Limit>"));
    REQUIRE(limited.size() == 2);
    for (const DeclaredVerifier& each : limited) {
        const bool open = each.guard == Entry::Guard::open;
        CHECK(std::count(each.methods.begin(), each.methods.end(), "GET") == (open ? 1 : 0));
        CHECK(std::count(each.methods.begin(), each.methods.end(), "PUT") == (open ? 0 : 1));
    }
    for (const DeclaredVerifier& each : read(kKeys + location("<Limit POST put>\nRequire valid-user\n</Limit>"))) {
        const bool open = each.guard == Entry::Guard::open; // names of methods are case-sensitive
        CHECK(std::count(each.methods.begin(), each.methods.end(), "PUT") == (open ? 1 : 0));
    }
    const auto but =
        read(kKeys + location("<LimitExcept GET>\nRequire valid-user\n</LimitExcept>\nRequire all denied"));
    REQUIRE(but.size() == 1);
    CHECK(std::count(but.front().methods.begin(), but.front().methods.end(), "HEAD") == 0);
    CHECK(std::count(but.front().methods.begin(), but.front().methods.end(), "POST") == 1);
}

TEST_CASE("gateway/apache: sections are merged as httpd merges them") {
    // A later Require replaces all of an earlier one.
    const auto replaced = read(kKeys + location(kAll) + "<Location /admin>\nRequire claim role:admin\n</Location>\n");
    REQUIRE(replaced.size() == 2);
    CHECK(replaced[1].name == "/admin");
    CHECK(replaced[1].accepts.front().issuer.allowed.any);
    const auto merged =
        read(kKeys + location(kAll) + "<Location /admin>\nAuthMerging And\nRequire claim role:admin\n</Location>\n");
    CHECK(merged[1].accepts.front().issuer.allowed.exact == Names{"https://i.example"});
    CHECK(rule(merged[1].accepts.front(), {"role"}));
    const auto either =
        read(kKeys + location(kAll) + "<Location /admin>\nAuthMerging Or\nRequire claim role:admin\n</Location>\n");
    CHECK(std::any_of(either[1].accepts.begin(), either[1].accepts.end(), [](const DeclaredPath& path) {
        return path.dropped.empty() && path.issuer.allowed.any && rule(path, {"role"});
    }));
    const auto open = read(kKeys + location(kAll) + "<Location /health>\nRequire all granted\n</Location>\n");
    CHECK(open[1].guard == Entry::Guard::open);
    // What no section is for passes.
    const auto part = read(kKeys + location(kAll, "/api"));
    CHECK(names(part) == Names{"every other request", "/api"});
    CHECK(part.front().guard == Entry::Guard::open);
    // Of a section that may apply or not, both are said.
    const auto regex =
        read(kKeys + location(kAll) + "<LocationMatch \"\\.txt$\">\nRequire all granted\n</LocationMatch>\n");
    CHECK(regex.size() == 2);
    // Location comes after Directory and Files, wherever it stands.
    const auto directory = read(kKeys + location(kAll) + "<Directory /var/www>\nRequire all granted\n</Directory>\n");
    CHECK(directory.size() == 1);
    CHECK(directory.front().guard == Entry::Guard::paths);
    const auto inner =
        read(kKeys + location(std::string(kAll) + "\n<If \"%{REQUEST_URI} == '/x'\">\nRequire all granted\n</If>"));
    CHECK(inner.size() == 2);
    const auto htaccess = read(kKeys + location(kAll) + "<Directory /var/www>\nAllowOverride All\n</Directory>\n");
    CHECK(std::count_if(htaccess.begin(), htaccess.end(),
                        [](const DeclaredVerifier& each) { return each.guard == Entry::Guard::opaque; }) == 1);
}

TEST_CASE("gateway/apache: hosts, and which is asked for") {
    const std::string text =
        "ServerName www.example\n" + kKeys +
        "<VirtualHost *:443>\nServerName https://A.example:443\nServerAlias *.a.example\n" + location(kAll) +
        "</VirtualHost>\n<VirtualHost *:443>\nServerName b.example\nOIDCOAuthVerifyCertFiles /keys/b.pem\n" +
        location("Require valid-user") + "</VirtualHost>\n";
    CHECK(names(read(text)) == Names{"a.example /", "b.example /"});
    CHECK(names(read(text, "A.EXAMPLE")) == Names{"a.example /"});
    CHECK(names(read(text, "x.a.example")) == Names{"a.example /"});
    const auto b = read(text, "b.example");
    REQUIRE(names(b) == Names{"b.example /"});
    CHECK(b.front().accepts.front().keys.size() == 1); // its own replace the server's
    CHECK(b.front().accepts.front().keys.front().location.value == "/keys/b.pem");
    // A name that nobody has is answered by the first.
    CHECK(names(read(text, "c.example")) == Names{"a.example /"});
    // Newer versions keep what was verified for another host.
    const DeclaredPath* const kept = named(b.front(), "another host");
    REQUIRE(kept);
    CHECK(kept->keys.front().location.value == "/keys/a.pem");
    CHECK(!kept->dropped.empty());
    const auto none = read("OIDCOAuthTokenIntrospectionInterval -1\n" + text, "b.example");
    CHECK(!named(none.front(), "another host"));
}

TEST_CASE("gateway/apache: the server's own guard holds where no VirtualHost has the name") {
    const std::string text = kKeys + location(kAll);
    CHECK(names(read(text, "anything.example")) == Names{"/"});
}

TEST_CASE("gateway/apache: keys of mod_auth_openidc are a union") {
    const DeclaredPath path =
        openidc("Require valid-user", kKeys + "OIDCOAuthVerifySharedKeys plain#s1#geheim hex##00ff ${SECRET}\n"
                                              "OIDCOAuthVerifyJwksUri https://a.example/jwks\n")
            .accepts.front();
    REQUIRE(path.keys.size() == 5);
    CHECK(path.keys[1].location.kind == policy::KeyLocation::Kind::text);
    CHECK(path.keys[1].location.value == R"({"keys":[{"kty":"oct","k":"Z2VoZWlt","kid":"s1"}]})");
    CHECK(path.keys[2].location.value == R"({"keys":[{"kty":"oct","k":"AP8"}]})");
    CHECK(path.keys[3].location.kind == policy::KeyLocation::Kind::file); // which cannot be read
    CHECK(path.keys[4].location.value == "https://a.example/jwks");
}

TEST_CASE("gateway/apache: issuer and audience of newer versions, and the user's claim") {
    const DeclaredPath path =
        openidc("Require valid-user", kKeys + "OIDCOAuthVerifyIssuer https://i.example\nOIDCOAuthVerifyAudience x y\n"
                                              "OIDCOAuthRemoteUserClaim email\n")
            .accepts.front();
    CHECK(path.issuer.allowed.exact == Names{"https://i.example", "https://i.example/"});
    CHECK(path.audience.any_of.exact == Names{"x", "y"});
    CHECK(path.time.expiry == accept::Presence::required);
    REQUIRE(path.claims.size() == 1);
    CHECK(path.claims.front().path == Names{"email"});
    CHECK(
        openidc("Require valid-user", kKeys + "OIDCOAuthRemoteUserClaim sub ^(.*)@\n").accepts.front().dropped.size() ==
        1);
}

TEST_CASE("gateway/apache: mod_oauth2") {
    const DeclaredPath plain = oauth2("").accepts.front();
    CHECK(plain.name == "mod_oauth2 jwks_uri");
    CHECK(plain.issuer.allowed.any);
    CHECK(plain.time.expiry == accept::Presence::optional);
    CHECK(plain.time.leeway == 301); // what is in the cache is not looked at again
    CHECK(oauth2("expiry=0").accepts.front().time.leeway == 1);
    CHECK(oauth2("verify.exp=required").accepts.front().time.expiry == accept::Presence::required);
    CHECK(oauth2("verify.exp=required").accepts.size() == 1);
    CHECK(oauth2("verify.exp=skip").accepts.front().time.expiry == accept::Presence::unchecked);
    CHECK(oauth2("verify.iss=required").accepts.front().issuer.allowed.any);
    const DeclaredPath issuer = oauth2("iss=https://i.example").accepts.front(); // older versions pass over it
    CHECK(issuer.issuer.allowed.any);
    CHECK(issuer.dropped.size() == 1);
    CHECK(oauth2("type=mtls").accepts.front().dropped.size() == 1);
    CHECK(oauth2("takes.more=yes").guard == Entry::Guard::opaque);
    CHECK(oauth2("kid=x").accepts.front().kid == accept::KidRule::ignored);
    const DeclaredPath claim = oauth2("", "Require oauth2_claim iss:https://i.example").accepts.front();
    CHECK(claim.issuer.allowed.exact == Names{"https://i.example"});
    CHECK(!oauth2("", "Require oauth2_claim t~^a").accepts.front().dropped.empty());
    for (const char* type : {"introspect https://a.example", "metadata https://a.example", "magic x"}) {
        CAPTURE(type);
        CHECK(read(location("OAuth2TokenVerify " + std::string(type) + "\nRequire valid-user", "/", "oauth2"))
                  .front()
                  .guard == Entry::Guard::opaque);
    }
    const auto secret = read(location(
        "OAuth2TokenVerify plain geheim\nOAuth2TargetPass prefix=X_&remote_user_claim=email\nRequire valid-user", "/",
        "oauth2"));
    CHECK(secret.front().accepts.front().keys.front().location.value == R"({"keys":[{"kty":"oct","k":"Z2VoZWlt"}]})");
    CHECK(secret.front().accepts.front().claims.front().path == Names{"email"});
}

TEST_CASE("gateway/apache: the cache of mod_oauth2 is the whole server's") {
    const std::string a = "OAuth2TokenVerify jwks_uri https://a.example/jwks",
                      b = "OAuth2TokenVerify jwks_uri https://b.example/jwks";
    const auto hosts = [](const std::string& one, const std::string& other) {
        return "<VirtualHost *:443>\nServerName a.example\n" +
               location(one + "\nRequire oauth2_claim iss:a", "/", "oauth2") +
               "</VirtualHost>\n<VirtualHost *:443>\nServerName b.example\n" +
               location(other + "\nRequire oauth2_claim iss:b", "/", "oauth2") + "</VirtualHost>\n";
    };
    const auto shared = read(hosts(a, b), "a.example");
    REQUIRE(shared.size() == 1);
    const DeclaredPath* const other = named(shared.front(), "through the cache");
    REQUIRE(other);
    CHECK(other->keys.front().location.value == "https://b.example/jwks");
    CHECK(other->issuer.allowed.exact == Names{"a"}); // Require is asked each time
    CHECK(!named(read(hosts(a + " verify.cache=one", b + " verify.cache=two"), "a.example").front(),
                 "through the cache"));
    CHECK(named(read("OAuth2Cache redis name=one\nOAuth2Cache redis name=two\n" +
                         hosts(a + " verify.cache=one", b + " verify.cache=two"),
                     "a.example")
                    .front(),
                "through the cache"));
    CHECK(read(hosts(a, "OAuth2TokenVerify introspect https://b.example"), "a.example").front().guard ==
          Entry::Guard::opaque);
}

TEST_CASE("gateway/apache: what is not known is opaque") {
    for (const char* server : {"Include other.conf\n", "IncludeOptional conf.d/*.conf\n", "Use Macro x\n",
                               "<IfDefine X>\n<Location />\nRequire all granted\n</Location>\n</IfDefine>\n",
                               "<IfModule mod_magic.c>\nInclude x\n</IfModule>\n", "LuaHookAuthChecker a b\n"}) {
        CAPTURE(server);
        CHECK(openidc("Require valid-user", kKeys + server).guard == Entry::Guard::opaque);
    }
    CHECK(openidc("Require valid-user", kKeys + "<IfModule mod_magic.c>\nMagic on\n</IfModule>\n").guard ==
          Entry::Guard::paths);
    CHECK(openidc("Require valid-user\nInclude other.conf").guard == Entry::Guard::opaque);
    std::string many = kKeys;
    for (int i = 0; i < 12; ++i)
        many += "<LocationMatch \"a" + std::to_string(i) + "\">\nRequire all granted\n</LocationMatch>\n";
    CHECK(openidc("Require valid-user", many).guard == Entry::Guard::opaque);
    std::string wide = "<RequireAll>\n";
    for (int i = 0; i < 12; ++i) wide += "<RequireAny>\nRequire claim a:1\nRequire claim b:2\n</RequireAny>\n";
    CHECK(openidc(wide + "</RequireAll>").guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/apache: the language") {
    const auto all =
        read("define auth https://i.example\n# a comment \\\nAuthType none\n" + kKeys +
             "<location \"/\" >\r\n  AUTHTYPE OAuth20\r\n  Require claim \\\n  'iss:${auth}'\n</LOCATION>\n");
    REQUIRE(all.size() == 1);
    CHECK(all.front().accepts.front().issuer.allowed.exact == Names{"https://i.example"});
    // Defined twice, or not for sure: not known.
    const auto twice = read("Define auth a\nDefine auth b\n" + kKeys + location("Require claim iss:${auth}"));
    CHECK(twice.front().accepts.front().issuer.allowed.any);
    for (const char* bad :
         {"<Location />\nAuthType oauth20\n", "</Location>\nAuthType oauth20\n", "AuthType oauth20\n{}\n"}) {
        CAPTURE(bad);
        CHECK(!gateway::read({.file = "x.conf", .text = bad}));
        CHECK(read(bad).front().guard == Entry::Guard::opaque);
    }
}

TEST_CASE("gateway/apache: it takes nothing that is not its own") {
    for (const char* other :
         {"authtype: oauth20\n", "{\"AuthType\": \"oauth20\"}", "AuthType Basic\nRequire valid-user\n",
          "Write it so:\n\n    AuthType oauth20\n", "<VirtualHost *:80>\nServerName a\n</VirtualHost>\n",
          "frontend x\n  http-request deny\n", ""}) {
        CAPTURE(other);
        const auto import = gateway::read({.file = "x", .text = other});
        CHECK((!import || import->type != "apache"));
    }
}

TEST_CASE("gateway/apache: files that are included by their names stand where they are included") {
    std::vector<gateway::Source> sources{
        {.file = "etc/httpd.conf", .text = kKeys + "<Location />\nInclude conf/auth.conf\n</Location>\n"},
        {.file = "etc/conf/auth.conf", .text = "AuthType oauth20\nRequire claim iss:i\n"}};
    std::vector<std::string> others;
    const auto readings = gateway::read_together(sources, {}, {}, others);
    REQUIRE(readings.size() == 1);
    REQUIRE(readings.front().import);
    const auto verifiers = gateway::verifiers_of(*readings.front().import, "prod");
    REQUIRE(verifiers);
    REQUIRE(verifiers->size() == 1);
    CHECK(verifiers->front().accepts.front().issuer.allowed.exact == Names{"i"});
    CHECK(verifiers->front().accepts.front().where.file == "etc/conf/auth.conf");
}

TEST_CASE("gateway/apache: two hosts of one server") {
    std::ifstream file(std::string(TEST_DATA) + "/gateway/httpd.conf");
    std::stringstream text;
    text << file.rdbuf();
    CHECK(names(read(text.str())).size() == 4);
    const auto prod = read(text.str(), "api.prod.example.com");
    REQUIRE(prod.size() == 3);
    CHECK(prod.front().accepts.front().issuer.allowed.exact == Names{"https://auth.prod.example.com"});
    CHECK(prod.front().accepts.front().dropped.empty());
    const auto staging = read(text.str(), "api.staging.example.com");
    REQUIRE(staging.size() == 1);
    CHECK(staging.front().accepts.front().time.expiry == accept::Presence::required);
}
