// The libraries of Node in the normal form: what each one's source says of an option, and of its absence.
#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <sstream>
#include <string>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::Entry;
using accept::KidRule;
using accept::Presence;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using Words = std::vector<std::string>;

namespace {

std::vector<DeclaredVerifier> read(const std::string& text) { return test::imported("node", "options.json", text); }

std::string file(const std::string& name) {
    std::ifstream in(std::string(TEST_DATA) + "/" + name);
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}

const char* version_of(const std::string& library) {
    if (library == "jose") return "6.2.18";
    if (library == "jsonwebtoken") return "9";
    if (library == "express-jwt") return "^8.0.0";
    if (library == "express-oauth2-jwt-bearer") return "1.10.0";
    return library == "aws-jwt-verify" ? "5" : "10";
}

DeclaredVerifier service(const std::string& library, const std::string& options, const std::string& beside = "") {
    CAPTURE(options);
    const auto all = read(R"({"library": ")" + library + R"(", "version": ")" + version_of(library) +
                          R"(", "options": )" + options + (beside.empty() ? "" : ", ") + beside + "}");
    REQUIRE(all.size() == 1);
    CHECK(all.front().imported);
    return all.front();
}

DeclaredPath path(const std::string& library, const std::string& options,
                  const std::string& beside = R"("keys": "jwks.json")") {
    const DeclaredVerifier all = service(library, options, beside);
    CAPTURE(all.why);
    CAPTURE(options);
    REQUIRE(all.accepts.size() >= 1);
    return all.accepts.front();
}

DeclaredPath jsonwebtoken(const std::string& options) { return path("jsonwebtoken", options); }
DeclaredPath fastify(const std::string& verify) {
    return path("@fastify/jwt", R"({"secret": {"function": ""}, "verify": )" + verify + "}");
}
// The least that auth() starts with, and more.
DeclaredPath auth(const std::string& more) {
    return path("express-oauth2-jwt-bearer",
                R"({"issuer": "i", "audience": "a", "jwksUri": "https://a/jwks")" + more + "}", "");
}
DeclaredPath aws(const std::string& options) { return path("aws-jwt-verify", options); }

bool is_opaque(const std::string& library, const std::string& options,
               const std::string& beside = R"("keys": "jwks.json")") {
    return service(library, options, beside).guard == Entry::Guard::opaque;
}

const accept::ClaimRule* rule(const DeclaredPath& path, const std::string& claim) {
    for (const accept::ClaimRule& each : path.claims) {
        if (each.path == Words{claim}) return &each;
    }
    return nullptr;
}

} // namespace

TEST_CASE("gateway/node: the ordinary configuration of each library is exact") {
    const auto all = read(file("gateway/node.json"));
    REQUIRE(all.size() == 6);
    for (const DeclaredVerifier& each : all) {
        CAPTURE(each.name);
        CAPTURE(each.why);
        REQUIRE(each.guard == Entry::Guard::paths);
        for (const DeclaredPath& one : each.accepts) {
            CHECK(one.dropped.empty());
            CHECK(!one.issuer.absent_ok);
            CHECK(one.issuer.allowed.exact.size() == 1);
            CHECK(!one.dialect.issuer_array_ok);
        }
    }
    CHECK(all[0].name == "orders");
    CHECK(all[0].accepts.front().time.leeway == 5);
    CHECK(all[0].accepts.front().type.allowed == Words{"at+jwt"});
    CHECK(all[1].accepts.front().audience.any_of.contains("https://x.prod.example.com"));
    CHECK(!all[1].accepts.front().audience.absent_ok);
    CHECK(all[3].accepts.front().time.leeway == 5);
    CHECK(rule(all[3].accepts.front(), "scope")->values.exact == Words{"read", "write"});
    CHECK(all[4].accepts.front().time.expiry == Presence::required);
    CHECK(all[5].accepts.size() == 2); // of both issuers of a pool
}

TEST_CASE("gateway/node: what is not given is not looked at") {
    for (const char* library : {"jose", "jsonwebtoken", "@fastify/jwt"}) {
        CAPTURE(library);
        const DeclaredPath bare = path(library, "{}");
        CHECK(bare.issuer.allowed.any);
        CHECK(bare.issuer.absent_ok);
        CHECK(bare.dialect.issuer_array_ok); // iss may be a list
        CHECK(bare.audience.any);
        CHECK(bare.time.expiry == Presence::optional);
        CHECK(bare.time.not_before);
        CHECK(bare.dropped.empty());
    }
    const DeclaredPath null = aws(R"({"issuer": null, "audience": null, "jwksUri": "https://a/jwks"})");
    CHECK(null.issuer.allowed.any);
    CHECK(null.audience.any);
    CHECK(null.time.expiry == Presence::optional);
    CHECK(null.dialect.ignores_crit);
    CHECK(!null.dialect.issuer_array_ok);
    CHECK(aws(R"({"issuer": "https://a"})").dropped.size() == 1); // an audience must be given to verify()
}

TEST_CASE("gateway/node: jose") {
    const DeclaredPath set = path("jose", R"({"issuer": ["a", "b"], "audience": "x"})");
    CHECK(set.issuer.allowed.exact == Words{"a", "b"});
    CHECK(!set.issuer.absent_ok);
    CHECK(set.audience.any_of.exact == Words{"x"});
    CHECK(set.kid == KidRule::must_match);
    REQUIRE(set.algorithms); // a set has no secrets
    CHECK(std::find(set.algorithms->begin(), set.algorithms->end(), Algorithm::HS256) == set.algorithms->end());
    const DeclaredPath one = path("jose", "{}", R"("keys": "key.pem")");
    CHECK(one.kid == KidRule::ignored);
    CHECK(one.keys.front().algorithms);
    CHECK(path("jose", R"({"issuer": ""})").issuer.allowed.any); // up to some 6.1 it has only to be there
    CHECK(!path("jose", R"({"issuer": ""})").issuer.absent_ok);
    CHECK(path("jose", R"({"audience": ""})").audience.any);
    CHECK(path("jose", R"({"requiredClaims": ["iss", "exp", "org"]})").time.expiry == Presence::required);
    CHECK(!path("jose", R"({"requiredClaims": ["iss"]})").issuer.absent_ok);
    CHECK(path("jose", R"({"crit": {"x": true}})").dialect.ignores_crit);
    const DeclaredPath age = path("jose", R"({"maxTokenAge": "1h"})");
    CHECK(rule(age, "iat") != nullptr);
    CHECK(age.time.issued_at);
    CHECK(age.dropped.size() == 1);
    CHECK(path("jose", R"({"clockTolerance": "2 minutes"})").time.leeway == 120);
    CHECK(path("jose", R"({"clockTolerance": 1.5})").time.leeway == 2);
    for (const char* options :
         {R"({"clockTolerance": "-5s"})", R"({"clockTolerance": "soon"})", R"({"currentDate": "2020-01-01"})",
          R"({"algorithms": []})", R"({"algorithms": ["none"]})", R"({"algorithms": ["HS256"]})",
          R"({"algorithms": ["ML-DSA-44"]})", R"({"issuer": []})", R"({"audiences": "x"})"}) {
        CAPTURE(options);
        CHECK(is_opaque("jose", options));
    }
}

TEST_CASE("gateway/node: jsonwebtoken takes what JavaScript takes for false as not given") {
    const DeclaredPath path = jsonwebtoken(R"({"issuer": "", "audience": "", "subject": "", "maxAge": 0})");
    CHECK(path.issuer.allowed.any);
    CHECK(path.audience.any);
    CHECK(path.claims.empty());
}

TEST_CASE("gateway/node: jsonwebtoken compares no issuer that is neither a text nor a list") {
    CHECK(jsonwebtoken(R"({"issuer": {"pattern": "^https://a"}})").issuer.allowed.any);
    CHECK(jsonwebtoken(R"({"issuer": {"pattern": "^https://a"}})").issuer.absent_ok);
    CHECK(!jsonwebtoken(R"({"issuer": "a"})").issuer.absent_ok);
}

TEST_CASE("gateway/node: an audience that is a RegExp is searched for, also in the word undefined") {
    const DeclaredPath unanchored = jsonwebtoken(R"({"audience": {"pattern": "api"}})");
    CHECK(unanchored.audience.any_of.contains("https://api.elsewhere"));
    CHECK(!unanchored.audience.absent_ok);
    CHECK(jsonwebtoken(R"({"audience": {"pattern": "^[a-z]+$"}})").audience.absent_ok);
    const DeclaredPath written = jsonwebtoken(R"({"audience": "/^a/"})"); // as it stands, or as an expression
    CHECK(written.audience.any_of.contains("/^a/"));
    CHECK(written.audience.any_of.contains("abc"));
    for (const char* unread : {R"j({"pattern": "a", "flags": "i"})j", R"j({"pattern": "^a$", "flags": "m"})j",
                               R"j({"pattern": "(?=a)"})j", R"j({"pattern": "\\s"})j", "5"}) {
        CAPTURE(unread);
        const DeclaredPath dropped = jsonwebtoken(std::string(R"({"audience": [)") + unread + "]}");
        CHECK(dropped.audience.any);
        CHECK(dropped.dropped.size() == 1);
    }
}

TEST_CASE("gateway/node: jsonwebtoken and times") {
    CHECK(jsonwebtoken(R"({"ignoreExpiration": true})").time.expiry == Presence::unchecked);
    CHECK(!jsonwebtoken(R"({"ignoreNotBefore": 1})").time.not_before);
    CHECK(jsonwebtoken(R"({"clockTolerance": 30})").time.leeway == 30);
    // exp + "5" is text
    CHECK(jsonwebtoken(R"({"clockTolerance": "5"})").time.expiry == Presence::unchecked);
    CHECK(!jsonwebtoken(R"({"clockTolerance": "5s"})").time.not_before);
    const DeclaredPath age = jsonwebtoken(R"({"maxAge": "2h"})");
    CHECK(rule(age, "iat") != nullptr);
    CHECK(age.dropped.size() == 1);
    CHECK(is_opaque("jsonwebtoken", R"({"clockTimestamp": 1700000000})"));
    CHECK(is_opaque("jsonwebtoken", R"({"allowInvalidAsymmetricKeyTypes": true})"));
}

TEST_CASE("gateway/node: jsonwebtoken's keys and algorithms") {
    const DeclaredPath bare = jsonwebtoken("{}"); // by the kind of key, whatever the key says of itself
    REQUIRE(bare.keys.front().algorithms);
    CHECK(bare.keys.front().algorithms->size() == 12);
    CHECK(bare.kid == KidRule::ignored);
    CHECK(bare.dialect.ignores_crit);
    CHECK(jsonwebtoken(R"({"algorithms": "RS256"})").keys.front().algorithms == std::vector{Algorithm::RS256});
    const DeclaredPath none = path("jsonwebtoken", R"({"algorithms": ["none"]})", "");
    CHECK(none.signature_unchecked);
    const DeclaredPath both = jsonwebtoken(R"({"algorithms": ["none", "RS256"]})");
    CHECK(both.dialect.accepts_none);
    CHECK(both.dropped.size() == 1);
    CHECK(is_opaque("jsonwebtoken", R"({"algorithms": []})"));
    CHECK(path("jsonwebtoken", "{}", R"("keys": "k.json", "kid": "must_match")").kid == KidRule::must_match);
}

TEST_CASE("gateway/node: express-jwt") {
    const auto read = [](const std::string& more) {
        return service("express-jwt", R"({"algorithms": ["RS256"], "issuer": "i", "audience": "a")" + more + "}",
                       R"("keys": "jwks.json")");
    };
    CHECK(read("").accepts.size() == 1);
    CHECK(read(R"(, "credentialsRequired": false)").guard == Entry::Guard::open);
    CHECK(read(R"(, "credentialsRequired": true)").guard == Entry::Guard::paths);
    CHECK(read(R"(, "isRevoked": {"function": ""})").accepts.front().dropped.size() == 1);
    CHECK(read(R"(, "getToken": {"function": ""}, "requestProperty": "x")").accepts.front().dropped.empty());
    // What is expired is not compared any further, and it is for this function to refuse it.
    const DeclaredVerifier expired = read(R"(, "onExpired": {"function": "grace"})");
    REQUIRE(expired.accepts.size() == 2);
    CHECK(expired.accepts[1].issuer.allowed.any);
    CHECK(expired.accepts[1].audience.any);
    CHECK(expired.accepts[1].time.expiry == Presence::unchecked);
    CHECK(expired.accepts[1].dropped.size() == 1);
    CHECK(is_opaque("express-jwt", "{}"));
    const DeclaredVerifier secret = service("express-jwt", R"({"algorithms": ["HS256"], "secret": "hush"})");
    CHECK(secret.accepts.front().keys.front().location.value.find("hush") == std::string::npos);
}

TEST_CASE("gateway/node: express-oauth2-jwt-bearer is strict by itself") {
    const DeclaredPath bare = auth("");
    CHECK(bare.issuer.allowed.exact == Words{"i"});
    CHECK(bare.audience.any_of.exact == Words{"a"});
    CHECK(bare.time.expiry == Presence::required);
    CHECK(bare.time.leeway == 5);
    CHECK(bare.keys.front().location.value == "https://a/jwks");
    CHECK(bare.dropped.empty());
    const DeclaredPath strict = auth(R"(, "strict": true)");
    CHECK(strict.type.allowed == Words{"at+jwt"});
    for (const char* claim : {"iat", "sub", "client_id", "jti"}) CHECK(rule(strict, claim) != nullptr);
    CHECK(auth(R"(, "tokenSigningAlg": "RS256")").algorithms == std::vector{Algorithm::RS256});
    CHECK(service("express-oauth2-jwt-bearer",
                  R"({"issuer": "i", "audience": "a", "jwksUri": "https://a", "authRequired": false})")
              .guard == Entry::Guard::open);
    CHECK(is_opaque("express-oauth2-jwt-bearer", R"({"issuer": "i", "jwksUri": "https://a"})")); // no audience
    CHECK(is_opaque("express-oauth2-jwt-bearer", R"({"audience": "a", "mcd": {"issuers": ["i"]}})"));
}

TEST_CASE("gateway/node: validators of one's own take the place of the library's") {
    CHECK(auth(R"(, "validators": {"iss": false})").issuer.allowed.any);
    CHECK(auth(R"(, "validators": {"iss": false})").dropped.empty());
    CHECK(auth(R"(, "validators": {"aud": false})").audience.any);
    CHECK(auth(R"(, "validators": {"exp": false})").time.expiry == Presence::optional); // jose looks at it
    const DeclaredPath code = auth(R"(, "validators": {"iss": {"function": ""}, "org": {"function": ""}})");
    CHECK(code.issuer.allowed.any);
    CHECK(code.dropped.size() == 2);
    const DeclaredPath texts = auth(R"(, "validators": {"iss": "other", "aud": "one", "org": "mine"})");
    CHECK(texts.issuer.allowed.exact == Words{"other"});
    CHECK(texts.audience.string_only);
    CHECK(rule(texts, "org")->values.exact == Words{"mine"});
    CHECK(auth(R"(, "strict": true, "validators": {"typ": false})").type.any);
    CHECK(is_opaque("express-oauth2-jwt-bearer", R"({"issuer": "i", "audience": "a", "validators": {"iss": true}})"));
}

TEST_CASE("gateway/node: what express-oauth2-jwt-bearer finds elsewhere") {
    const DeclaredPath found =
        path("express-oauth2-jwt-bearer", R"({"issuerBaseURL": "https://t.example", "audience": "a"})", "");
    CHECK(found.issuer.allowed.any); // the metadata says which, with a slash or without
    CHECK(!found.issuer.absent_ok);
    CHECK(found.dropped.size() == 1);
    CHECK(found.keys.front().location.value == "https://t.example/.well-known/openid-configuration");
    const DeclaredPath both =
        path("express-oauth2-jwt-bearer",
             R"({"issuerBaseURL": "https://t.example", "issuer": "https://t.example/", "audience": "a"})", "");
    CHECK(both.issuer.allowed.exact == Words{"https://t.example/"});
    const DeclaredPath environment =
        path("express-oauth2-jwt-bearer", "{}",
             R"("environment": {"ISSUER": "i", "AUDIENCE": "a", "SECRET": "hush", "TOKEN_SIGNING_ALG": "HS256"})");
    CHECK(environment.issuer.allowed.exact == Words{"i"});
    CHECK(environment.keys.front().algorithms == std::vector{Algorithm::HS256});
    CHECK(environment.keys.front().location.value.find("hush") == std::string::npos);
    CHECK(auth(R"(, "dpop": {"required": true})").dropped.size() == 1);
    CHECK(auth(R"(, "dpop": {"enabled": true})").dropped.empty());
    const DeclaredPath more = path("express-oauth2-jwt-bearer", R"({"issuer": "i", "audience": "a"})",
                                   R"("keys": "k.json", "scopeIncludesAny": "a b", "claimEquals": {"org": "x"})");
    CHECK(rule(more, "scope")->test == accept::ClaimTest::has_any);
    CHECK(rule(more, "org")->values.exact == Words{"x"});
    const DeclaredPath any = path("express-oauth2-jwt-bearer", R"({"issuer": "i", "audience": ["any", ""]})",
                                  R"("keys": "k", "requiredScopes": "any")");
    CHECK(any.audience.any_of.contains("any"));
    CHECK(any.audience.any_of.contains(""));
    CHECK(!any.audience.any_of.contains("b"));
    CHECK(rule(any, "scope")->test == accept::ClaimTest::present);
    CHECK(any.dropped.size() == 1);
}

TEST_CASE("gateway/node: @fastify/jwt compares claims where they are there") {
    const DeclaredPath allowed =
        fastify(R"({"allowedIss": "i", "allowedAud": ["a", ""], "allowedSub": {"pattern": "^s"}})");
    CHECK(allowed.issuer.allowed.exact == Words{"i"});
    CHECK(allowed.issuer.absent_ok);
    CHECK(!allowed.dialect.issuer_array_ok);
    CHECK(allowed.audience.any_of.exact == Words{"a"});
    CHECK(allowed.audience.absent_ok);
    CHECK(rule(allowed, "sub")->absent_ok);
    const DeclaredPath required =
        fastify(R"({"allowedIss": "i", "allowedAud": "a", "requiredClaims": ["iss", "aud", "exp", "toString"]})");
    CHECK(!required.issuer.absent_ok);
    CHECK(!required.audience.absent_ok);
    CHECK(required.time.expiry == Presence::required);
    CHECK(required.dropped.size() == 1); // every object has toString
    CHECK(fastify(R"({"allowedIss": {"pattern": "^https://a"}})").issuer.allowed.contains("https://a.elsewhere"));
    // Required, and yet not looked at.
    const DeclaredPath ignored = fastify(R"({"ignoreExpiration": true, "requiredClaims": ["exp"]})");
    CHECK(ignored.time.expiry == Presence::unchecked);
    CHECK(rule(ignored, "exp") != nullptr);
    CHECK(fastify(R"({"clockTolerance": 5000})").time.leeway == 6); // milliseconds, and the second itself
    CHECK(fastify(R"({"clockTolerance": 5})").time.leeway == 2);
    CHECK(fastify(R"({"maxAge": "1h"})").claims.empty()); // a token without iat passes
    CHECK(fastify(R"({"maxAge": "1h"})").dropped.size() == 1);
    CHECK(fastify(R"({"checkTyp": "at+jwt"})").type.allowed == Words{"at+jwt"});
    CHECK(fastify(R"({"cache": true, "cacheTTL": 60000, "errorCacheTTL": 1})").dialect.cache.empty());
    CHECK(path("@fastify/jwt", R"({"secret": {}, "trusted": {"function": ""}})").dropped.size() == 1);
    for (const char* verify : {R"({"key": "x"})", R"({"cacheKeyBuilder": {}})", R"({"clockTimestamp": 1})",
                               R"({"allowedAud": []})", R"({"clockTolerance": "5s"})"}) {
        CAPTURE(verify);
        CHECK(is_opaque("@fastify/jwt", std::string(R"({"secret": {}, "verify": )") + verify + "}"));
    }
}

TEST_CASE("gateway/node: @fastify/jwt's keys and algorithms") {
    CHECK(fastify(R"({"algorithms": []})").keys.front().algorithms->size() >= 12); // as if there were no list
    CHECK(fastify(R"({"algorithms": "RS256"})").keys.front().algorithms->size() >= 12);
    CHECK(fastify(R"({"algorithms": ["RS256", "HS256"]})").keys.front().algorithms->size() == 2);
    const std::string pem = R"("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")";
    // The text of a public key would be the secret.
    CHECK(is_opaque("@fastify/jwt", R"({"secret": )" + pem + R"(, "verify": {"algorithms": ["HS256"]}})", ""));
    CHECK(is_opaque("@fastify/jwt",
                    R"({"secret": {"private": "x", "public": )" + pem + R"(}, "verify": {"algorithms": ["HS256"]}})",
                    ""));
    CHECK(service("@fastify/jwt", R"({"secret": "hush", "verify": {"algorithms": ["HS256"]}})").guard ==
          Entry::Guard::paths);
    CHECK(path("@fastify/jwt", R"({"secret": )" + pem + "}", "").keys.front().location.kind ==
          policy::KeyLocation::Kind::text);
    CHECK(path("@fastify/jwt", R"({"secret": "", "verify": {"algorithms": ["none"]}})", "").signature_unchecked);
}

TEST_CASE("gateway/node: aws-jwt-verify") {
    const DeclaredPath one =
        aws(R"({"issuer": "https://a.example", "audience": ["x", "y"], "scope": ["r", "w"], "graceSeconds": 10})");
    CHECK(one.issuer.allowed.exact == Words{"https://a.example"});
    CHECK(one.audience.any_of.exact == Words{"x", "y"});
    CHECK(rule(one, "scope")->test == accept::ClaimTest::has_any);
    CHECK(one.time.leeway == 11);
    CHECK(one.kid == KidRule::must_match);
    const DeclaredPath found = path("aws-jwt-verify", R"({"issuer": "https://a.example/x/", "audience": "x"})", "");
    CHECK(found.keys.front().location.value == "https://a.example/x/.well-known/jwks.json");
    CHECK(aws(R"({"issuer": "https://a", "audience": "x", "customJwtCheck": {"function": ""}})").dropped.size() == 1);
    const DeclaredVerifier two = service(
        "aws-jwt-verify", R"([{"issuer": "https://a", "audience": "x"}, {"issuer": "https://b", "audience": "y"}])");
    CHECK(two.accepts.size() == 2);
    CHECK(is_opaque("aws-jwt-verify", R"({"issuer": "https://a", "audience": "x", "scope": []})"));
    CHECK(is_opaque("aws-jwt-verify", "[]"));
}

TEST_CASE("gateway/node: user pools") {
    const DeclaredVerifier any =
        service("aws-jwt-verify", R"({"userPoolId": "eu-west-1_X", "tokenUse": null, "clientId": ["c", "d"]})");
    REQUIRE(any.accepts.size() == 4); // two issuers, two uses
    CHECK(any.accepts[0].issuer.allowed.exact == Words{"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_X"});
    CHECK(any.accepts[2].issuer.allowed.exact ==
          Words{"https://issuer-cognito-idp.eu-west-1.amazonaws.com/eu-west-1_X"});
    CHECK(any.accepts[0].audience.any_of.exact == Words{"c", "d"}); // of identity tokens
    CHECK(any.accepts[1].audience.any);
    CHECK(rule(any.accepts[1], "client_id")->values.exact == Words{"c", "d"});
    const DeclaredVerifier open = service(
        "aws-jwt-verify", R"({"userPoolId": "eu-west-1_X", "tokenUse": "access", "clientId": null, "groups": "g"})");
    REQUIRE(open.accepts.size() == 2);
    CHECK(rule(open.accepts[0], "client_id") == nullptr);
    CHECK(rule(open.accepts[0], "cognito:groups")->values.exact == Words{"g"});
    CHECK(open.accepts[0].dropped.empty());
}

TEST_CASE("gateway/node: keys") {
    using Kind = policy::KeyLocation::Kind;
    const auto keys = [](const std::string& written) {
        return path("jsonwebtoken", "{}", R"("keys": )" + written).keys;
    };
    CHECK(keys(R"("a/b.pem")").front().location.value == "a/b.pem");
    CHECK(keys(R"(["a.pem", "https://x.example/jwks"])").size() == 2);
    CHECK(keys(R"({"keys": [{"kty": "RSA"}]})").front().location.kind == Kind::text);
    CHECK(keys(R"({"keys": [{"kty": "RSA"}]})").front().location.value == R"({"keys":[{"kty":"RSA"}]})");
    for (const char* unread :
         {R"("${JWKS}")", R"("discovery")", R"("")", R"("s3://bucket/x")", R"("https://x/{iss}")", "5",
          R"({"kty": "oct", "k": "aHVzaA"})", R"({"keys": [{"kty": "RSA", "d": "aHVzaA"}]})"}) {
        CAPTURE(unread);
        const auto found = keys(unread);
        CHECK(found.front().location.kind == Kind::file); // of a name that no file has
        CHECK(found.front().location.value.find("aHVzaA") == std::string::npos);
    }
}

TEST_CASE("gateway/node: what is put in elsewhere is not known") {
    for (const char* library : {"jose", "jsonwebtoken"}) {
        const DeclaredPath path = ::path(library, R"({"issuer": "${ISSUER}", "audience": ["a", "{{ .Values.aud }}"]})");
        CHECK(path.issuer.allowed.any);
        CHECK(path.audience.any);
        CHECK(path.dropped.size() == 2);
    }
    CHECK(path("jose", R"({"subject": "{tenant}"})").claims.size() == 1); // there, and of any value
    CHECK(path("jose", R"({"typ": "$TYPE"})").type.any);
    CHECK(path("jose", R"({"typ": "absent"})").dropped.size() == 1); // no word of the normal form
    CHECK(path("jose", R"({"issuer": "any"})").issuer.allowed.contains("any"));
    CHECK(!path("jose", R"({"issuer": "any"})").issuer.allowed.contains("b"));
    CHECK(path("jose", R"({"requiredClaims": ["/a~b"]})").claims.front().path == Words{"/a~b"});
}

TEST_CASE("gateway/node: what is not known is opaque, in one or in several") {
    for (const char* text :
         {R"({"library": "jose", "keys": "k", "options": {}})", R"({"library": "jose", "version": "7", "keys": "k"})",
          R"({"library": "jose", "version": ">=5", "keys": "k"})",
          R"({"library": "jose", "version": "6", "keys": "k", "more": 1})",
          R"({"library": "jose", "version": "6", "options": []})",
          R"({"library": "jose", "version": "6", "keys": "k", "kid": "maybe"})",
          R"({"library": "jsonwebtoken", "version": "8.5.1", "keys": "k", "options": {}})"}) {
        CAPTURE(text);
        CHECK(read(text).front().guard == Entry::Guard::opaque);
    }
    const auto several =
        read(R"([{"library": "jose", "version": "6", "keys": "k"}, {"library": "jose", "version": "6", "keys": "k"},
                                 {"library": "nobody's", "options": {}}])");
    REQUIRE(several.size() == 3);
    CHECK(several[1].name == "jose #2");
    CHECK(several[2].guard == Entry::Guard::opaque);
    CHECK(read(R"({"services": {"": {"library": "jose", "version": "6", "keys": "k"}}})").size() == 1);
    CHECK(read(R"({"services": {"a {tenant}": {"library": "jose", "version": "6", "keys": "k"}}, "more": 1})").size() ==
          2);
    for (const char* other :
         {R"({"services": {"web": {"image": "x"}}})", R"({"library": "jose"})", "[]", R"({"library": 1, "keys": 2})"}) {
        CAPTURE(other);
        CHECK(!gateway::read({.file = "x.json", .text = other}));
    }
}
