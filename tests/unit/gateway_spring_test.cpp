// Spring Boot's resource server in the normal form: each thing that its source says of a property, and how its files
// are put together.
#include <doctest/doctest.h>
#include <string>

#include "jwtdomain/gateway/gateway.h"

using namespace jwtdomain;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using policy::KeyLocation;

namespace {

using Names = std::vector<std::string>;

const std::string kJwt = "spring.security.oauth2.resourceserver.jwt.";

std::vector<DeclaredVerifier> verifiers(const Result<gateway::Import>& import) {
    if (!import) FAIL(describe(import.error()));
    CHECK(import->type == "spring");
    auto out = gateway::verifiers_of(*import, "prod");
    if (!out) FAIL(describe(out.error()));
    return std::move(*out);
}

std::vector<DeclaredVerifier> read(const std::string& text, const std::string& file = "application.yml") {
    return verifiers(gateway::read({.file = file, .text = text}));
}

// Of properties, each with kJwt before it.
DeclaredPath path(const std::string& lines) {
    std::string text;
    for (std::size_t at = 0; at < lines.size();) {
        const std::size_t end = lines.find('\n', at);
        text += kJwt + lines.substr(at, end - at) + "\n";
        at = end == std::string::npos ? lines.size() : end + 1;
    }
    const auto all = read(text, "application.properties");
    REQUIRE(all.size() == 1);
    CHECK(all.front().name == "every request");
    REQUIRE(all.front().accepts.size() == 1);
    return all.front().accepts.front();
}

std::vector<DeclaredVerifier> with_profile(const std::string& text, const std::string& profile) {
    return verifiers(gateway::read({.file = "application.yml", .text = text}, {},
                                   {.name_space = {}, .host = {}, .labels = {{"profile", profile}}}));
}

Names names(const std::vector<DeclaredVerifier>& all) {
    Names out;
    for (const DeclaredVerifier& each : all) out.push_back(each.name);
    return out;
}

bool recognised(const std::string& text, const std::string& file = "application.yml") {
    const auto import = gateway::read({.file = file, .text = text});
    return import && import->type == "spring";
}

} // namespace

TEST_CASE("gateway/spring: issuer-uri is compared, and its keys say the algorithms") {
    const DeclaredPath out = path("issuer-uri=https://id.example/realms/prod");
    CHECK(out.issuer.allowed.exact == Names{"https://id.example/realms/prod"});
    CHECK(!out.issuer.absent_ok);
    CHECK(out.keys.front().location.kind == KeyLocation::Kind::url);
    CHECK(out.keys.front().location.value == "https://id.example/realms/prod/.well-known/openid-configuration");
    REQUIRE(out.algorithms);
    CHECK(out.algorithms->size() == 10); // RSA and EC: not EdDSA, no secrets
    CHECK(out.audience.any);
    CHECK(out.time.expiry == accept::Presence::optional);
    CHECK(out.time.not_before);
    CHECK(!out.time.issued_at);
    CHECK(out.time.leeway == 60);
    CHECK(!out.type.any);
    CHECK(out.type.absent_ok);
    CHECK(out.type.allowed == Names{"JWT"}); // at+jwt is refused
    CHECK(out.kid == accept::KidRule::hint);
    CHECK(out.dropped.empty());
    CHECK(out.principal == std::vector<Names>{{"sub"}});
    // jws-algorithms is for jwk-set-uri and public-key-location alone
    CHECK(path("issuer-uri=https://id.example\njws-algorithms=ES256").algorithms->size() == 10);
    CHECK(path("issuer-uri=https://id.example/").keys.front().location.value ==
          "https://id.example/.well-known/openid-configuration");
}

TEST_CASE("gateway/spring: jwk-set-uri alone compares no issuer and takes RS256 alone") {
    const DeclaredPath bare = path("jwk-set-uri=https://id.example/jwks");
    CHECK(bare.issuer.allowed.any);
    CHECK(bare.issuer.absent_ok);
    CHECK(bare.keys.front().location.value == "https://id.example/jwks");
    CHECK(*bare.algorithms == std::vector{Algorithm::RS256});
    CHECK(bare.dropped.empty());
    const DeclaredPath both = path("jwk-set-uri=https://id.example/jwks\nissuer-uri=https://id.example\n"
                                   "jws-algorithms=ES256, RS512");
    CHECK(both.issuer.allowed.exact == Names{"https://id.example"});
    CHECK(both.keys.front().location.value == "https://id.example/jwks");
    CHECK(*both.algorithms == std::vector{Algorithm::ES256, Algorithm::RS512});
    // Boot 2 has one algorithm, under a name that Boot 3 does not know
    CHECK(*path("jwk-set-uri=https://id.example/jwks\njws-algorithm=ES256").algorithms ==
          std::vector{Algorithm::ES256, Algorithm::RS256});
    // keys of a place that is none
    CHECK(path("jwk-set-uri=ftp://id.example/jwks").keys.front().location.kind == KeyLocation::Kind::file);
    CHECK(path("jwk-set-uri=https://id.example/{x}").keys.front().location.kind == KeyLocation::Kind::file);
}

TEST_CASE("gateway/spring: a public key has one algorithm, and goes behind the others") {
    const DeclaredPath out = path("public-key-location=classpath:keys/public.pem\njws-algorithms=RS512\naudiences=a");
    CHECK(out.keys.front().location.kind == KeyLocation::Kind::file);
    CHECK(out.keys.front().location.value == "keys/public.pem");
    CHECK(*out.algorithms == std::vector{Algorithm::RS512});
    CHECK(out.kid == accept::KidRule::ignored);
    CHECK(out.issuer.allowed.any);
    CHECK(out.audience.any_of.exact == Names{"a"});
    const auto place = [](const std::string& written) {
        return path("public-key-location=" + written).keys.front().location.value;
    };
    CHECK(place("file:/etc/keys/p.pem") == "/etc/keys/p.pem");
    CHECK(place("file:///etc/keys/p.pem") == "/etc/keys/p.pem");
    CHECK(place("https://id.example/p.pem") == "https://id.example/p.pem");
    for (const char* unknown : {"file:p.pem", "${KEY}", "base64:LS0t", "s3://b/k.pem"}) {
        CAPTURE(unknown);
        CHECK(place(unknown).find("not known") != std::string::npos);
    }
    CHECK(path("public-key-location=classpath:p.pem\nissuer-uri=https://id.example").keys.front().location.value ==
          "https://id.example/.well-known/openid-configuration");
}

TEST_CASE("gateway/spring: audiences: one of them, required") {
    const DeclaredPath out = path("issuer-uri=https://id.example\naudiences=a, b");
    CHECK(out.audience.any_of.exact == Names{"a", "b"});
    CHECK(!out.audience.absent_ok);
    CHECK(path("issuer-uri=https://id.example\naudiences[1]=b\naudiences[0]=a,c").audience.any_of.exact ==
          Names{"a,c", "b"});
    CHECK(path("issuer-uri=https://id.example\naudiences=").audience.any);
    CHECK(path("issuer-uri=https://id.example\naudience=a").audience.any); // no property of Spring's: ignored
    CHECK(path("issuer-uri=https://id.example\naudiences=any").audience.any_of.contains("any"));
    CHECK(!path("issuer-uri=https://id.example\naudiences=any").audience.any);
    const DeclaredPath empty = path("issuer-uri=https://id.example\naudiences=a,,b");
    CHECK(empty.audience.any);
    CHECK(empty.dropped.size() == 1);
}

TEST_CASE("gateway/spring: placeholders are never taken for their text") {
    for (const char* placeholder : {"${ISSUER}", "${ISSUER:https://id.example}", "https://${HOST}/x", "@issuer@",
                                    "https://@host@/", "{{ .Values.issuer }}", "#{systemProperties.x}", "{tenant}"}) {
        CAPTURE(placeholder);
        const DeclaredPath out = path("issuer-uri=" + std::string(placeholder) + "\naudiences=" + placeholder);
        CHECK(out.issuer.allowed.any);
        CHECK(out.audience.any);
        CHECK(out.dropped.size() == 2);
        CHECK(out.keys.front().location.kind == KeyLocation::Kind::file);
        const DeclaredPath keys = path("jwk-set-uri=" + std::string(placeholder) + "\nissuer-uri=https://id.example");
        CHECK(keys.keys.front().location.kind == KeyLocation::Kind::file);
        CHECK(keys.algorithms->size() == 10); // it may be empty, and then issuer-uri decides
        CHECK(keys.issuer.allowed.exact == Names{"https://id.example"});
    }
    CHECK(path("issuer-uri=https://id.example\naudiences=a,${B}").audience.any);
    CHECK(path("issuer-uri=https://user@id.example").dropped.empty());
}

TEST_CASE("gateway/spring: names in every spelling") {
    for (const char* text :
         {"spring:\n  security:\n    oauth2:\n      resourceserver:\n        jwt:\n          issuer-uri: https://i\n"
          "          audiences: [a]\n",
          "spring.security.oauth2.resourceserver.jwt:\n  issuerUri: https://i\n  audiences: a\n",
          "spring:\n  security.oauth2:\n    resource-server.jwt.issuer_uri: https://i\n"
          "    resource-server.jwt.audiences[0]: a\n",
          "SPRING:\n  Security: {OAUTH2: {RESOURCESERVER: {JWT: {ISSUER_URI: 'https://i', AUDIENCES: [a]}}}}\n"}) {
        CAPTURE(text);
        const auto all = read(text);
        REQUIRE(all.size() == 1);
        CHECK(all.front().accepts.front().issuer.allowed.exact == Names{"https://i"});
        CHECK(all.front().accepts.front().audience.any_of.exact == Names{"a"});
        CHECK(all.front().accepts.front().dropped.empty());
    }
    // two spellings of one name
    CHECK(path("issuer-uri=https://i\nissuerUri=https://j").issuer.allowed.any);
    CHECK(path("issuer-uri=https://i\nissuer-uri.x=https://j").issuer.allowed.any);
    CHECK(path("issuer-uri=https://i\naudiences=a\naudiences[0]=b").audience.any);
}

TEST_CASE("gateway/spring: what YAML 1.1 reads otherwise is not known") {
    const auto audience = [](const std::string& written) {
        return read("spring.security.oauth2.resourceserver.jwt:\n  issuer-uri: https://i\n  audiences: [" + written +
                    "]\n")
            .front()
            .accepts.front()
            .audience;
    };
    for (const char* other : {"on", "no", "1_000", "1:30", "010", "1.10", "0x1F"}) {
        CAPTURE(other);
        CHECK(audience(other).any);
    }
    CHECK(audience("123").any_of.exact == Names{"123"});
    CHECK(audience("true").any_of.exact == Names{"true"});
    CHECK(audience("!x a").any);
}

TEST_CASE("gateway/spring: the language of properties") {
    const std::string jwt = kJwt;
    const auto issuer = [&](const std::string& text) {
        return read(text, "application.properties").front().accepts.front().issuer.allowed.exact;
    };
    CHECK(issuer(jwt + "issuer-uri = https://i\n") == Names{"https://i"});
    CHECK(issuer(jwt + "issuer-uri: https://i\r\n") == Names{"https://i"});
    CHECK(issuer("! note\n  " + jwt + "issuer-uri https://i") == Names{"https://i"});
    CHECK(issuer(jwt + "issuer-\\\n   uri=https:\\\n    //i") == Names{"https://i"});
    CHECK(issuer(jwt + "issuer-uri=https\\://i") == Names{"https://i"});
    // not known: escapes, what is not ASCII, a blank at the end
    for (const char* unknown : {"https://i\\u0041", "https://\xc3\xa9", "https://i "}) {
        CAPTURE(unknown);
        CHECK(issuer(jwt + "issuer-uri=" + unknown).empty());
    }
    const DeclaredVerifier at = read("# note\n\n" + jwt + "issuer-uri=https://i\n", "application.properties").front();
    CHECK(at.where.line == 3);
    // documents
    const std::string base = jwt + "issuer-uri=https://base\n";
    const std::string prod = "spring.config.activate.on-profile=prod\n" + jwt + "issuer-uri=https://prod\n";
    const auto two = read(base + "#---\n" + prod, "application.properties");
    CHECK(names(two) == Names{"no profile", "profile prod"});
    CHECK(two[1].accepts.front().issuer.allowed.exact == Names{"https://prod"});
    for (const char* no_division : {" #---\n", "#--- x\n", "# x\n#---\n", "#---\n# x\n"}) {
        CAPTURE(no_division);
        const auto one = read(base + no_division + prod, "application.properties");
        CHECK(names(one) == Names{"profile prod"}); // one document, in which the issuer stands twice
        CHECK(one.front().accepts.front().issuer.allowed.any);
    }
    CHECK(read(jwt + "issuer-uri=https://i", "standard input").size() == 1);
}

TEST_CASE("gateway/spring: each profile is a verifier of its own, the base merged with it") {
    const std::string text = R"(spring:
  security.oauth2.resourceserver.jwt:
    issuer-uri: https://base.example
    audiences: [orders]
---
spring:
  config.activate.on-profile: prod
  security.oauth2.resourceserver.jwt.issuer-uri: https://prod.example
---
spring:
  config.activate.on-profile: [dev, test]
  security.oauth2.resourceserver.jwt:
    audiences: [orders-dev, orders-test]
---
spring:
  config.activate.on-profile: "prod & eu"
  security.oauth2.resourceserver.jwt.audiences: orders-eu
---
spring.config.activate.on-profile: "!prod & !dev"
server.port: 8080
)";
    const auto all = read(text);
    CHECK(names(all) == Names{"no profile", "profile prod", "profile dev", "profile test", "profile eu",
                              "profiles prod, eu", "profile several at once"});
    CHECK(all.back().guard == Entry::Guard::opaque);
    const auto of = [&](std::size_t i) -> const DeclaredPath& { return all[i].accepts.front(); };
    CHECK(of(0).issuer.allowed.exact == Names{"https://base.example"});
    CHECK(of(1).issuer.allowed.exact == Names{"https://prod.example"});
    CHECK(of(1).audience.any_of.exact == Names{"orders"});
    CHECK(of(2).issuer.allowed.exact == Names{"https://base.example"});
    CHECK(of(2).audience.any_of.exact == Names{"orders-dev", "orders-test"}); // a list as a whole
    CHECK(of(4).audience.any_of.exact == Names{"orders"});
    CHECK(of(5).audience.any_of.exact == Names{"orders-eu"});
    CHECK(of(5).issuer.allowed.exact == Names{"https://prod.example"});

    const auto prod = with_profile(text, "prod");
    REQUIRE(names(prod) == Names{"profile prod"});
    CHECK(prod.front().accepts.front().issuer.allowed.exact == Names{"https://prod.example"});
    CHECK(names(with_profile(text, "default")) == Names{"no profile"});
    const auto refusal = [&](gateway::Selection selection) {
        const auto import = gateway::read({.file = "a.yml", .text = text}, {}, selection);
        return import ? std::string() : describe(import.error());
    };
    CHECK(refusal({.name_space = {}, .host = {}, .labels = {{"profile", "pord"}}}).find("nothing") !=
          std::string::npos);
    CHECK(refusal({.name_space = {}, .host = {}, .labels = {{"app", "prod"}}}).find("nothing") != std::string::npos);
    CHECK(refusal({.name_space = "x", .host = {}, .labels = {}}).find("namespace") != std::string::npos);
    const auto eu = gateway::read({.file = "a.yml", .text = text}, {},
                                  {.name_space = {}, .host = {}, .labels = {{"profile", "eu"}, {"profile", "prod"}}});
    CHECK(verifiers(eu).front().accepts.front().audience.any_of.exact == Names{"orders-eu"});
}

TEST_CASE("gateway/spring: a profile that is refused brings the base, too") {
    const auto all = read("spring.security.oauth2.resourceserver.jwt.issuer-uri: https://prod\n---\n"
                          "spring.config.activate.on-profile: '!prod'\n"
                          "spring.security.oauth2.resourceserver.jwt.issuer-uri: https://dev\n");
    REQUIRE(names(all) == Names{"no profile", "profile prod"});
    CHECK(all[0].accepts.front().issuer.allowed.exact == Names{"https://dev"});
    CHECK(all[1].accepts.front().issuer.allowed.exact == Names{"https://prod"});
}

TEST_CASE("gateway/spring: groups and includes bring profiles") {
    const std::string oauth = "\n---\nspring.config.activate.on-profile: oauth\n"
                              "spring.security.oauth2.resourceserver.jwt.issuer-uri: https://i\n";
    const auto group = with_profile("spring.profiles.group.prod: [db, oauth]\n---\n"
                                    "spring.config.activate.on-profile: prod\nx: 1" +
                                        oauth,
                                    "prod");
    CHECK(group.front().accepts.front().issuer.allowed.exact == Names{"https://i"});
    CHECK(names(read("spring.profiles.include: oauth" + oauth)) == Names{"no profile", "profile oauth"});
}

TEST_CASE("gateway/spring: when a document is in force is not always known") {
    const std::string base = "spring.security.oauth2.resourceserver.jwt.issuer-uri: https://i\n---\n";
    const std::string other = "spring.security.oauth2.resourceserver.jwt.audiences: a\n";
    for (const char* condition :
         {"spring.config.activate.on-profile: 'a & b | c'\n", "spring.config.activate.on-profile: 'a('\n",
          "spring.config.activate.on-profile: ${P}\n", "spring.config.activate.on-cloud-platform: kubernetes\n"}) {
        CAPTURE(condition);
        const auto all = read(base + condition + other);
        CHECK(all.front().guard == Entry::Guard::opaque);
        CHECK(read(base + condition + "x: 1\n").front().guard == Entry::Guard::paths); // it says nothing of it
    }
    const auto imports = read("spring.config.import: 'optional:configserver:'\n" + base);
    CHECK(imports.front().guard == Entry::Guard::opaque);
    // Maven's own placeholder for the active profiles is no condition
    CHECK(read("spring.profiles.active: '@activatedProperties@'\n" + base).front().accepts.front().dropped.empty());
}

TEST_CASE("gateway/spring: spring.profiles is of Spring Boot 2, which may check less") {
    const auto all = read("spring.security.oauth2.resourceserver.jwt.jwk-set-uri: https://i/jwks\n---\n"
                          "spring:\n  profiles: prod\n  security.oauth2.resourceserver.jwt:\n"
                          "    audiences: [a]\n    jws-algorithms: ES256\n");
    REQUIRE(names(all) == Names{"no profile", "profile prod"});
    const DeclaredPath& prod = all[1].accepts.front();
    CHECK(prod.audience.any);
    CHECK(prod.type.any);
    CHECK(prod.dropped.size() == 2);
    CHECK(*prod.algorithms == std::vector{Algorithm::ES256, Algorithm::RS256});
}

TEST_CASE("gateway/spring: opaque tokens, and a decoder that is made elsewhere") {
    const auto both = read("spring.security.oauth2.resourceserver:\n  opaquetoken:\n"
                           "    introspection-uri: https://i/introspect\n    client-secret: hunter2\n"
                           "  jwt.issuer-uri: https://i\n");
    REQUIRE(both.size() == 2);
    CHECK(both[0].guard == Entry::Guard::opaque);
    CHECK(both[0].why.find("introspection") != std::string::npos);
    CHECK(both[0].why.find("hunter2") == std::string::npos);
    CHECK(both[1].guard == Entry::Guard::paths);
    const auto elsewhere = read("spring.security.oauth2.resourceserver.jwt.audiences: a\n");
    REQUIRE(elsewhere.size() == 1);
    CHECK(elsewhere.front().guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/spring: the authorities of a token decide nothing here") {
    const DeclaredPath out = path("issuer-uri=https://i\nauthority-prefix=ROLE_\nauthorities-claim-name=roles\n"
                                  "authorities-claim-delimiter=;\nprincipal-claim-name=preferred_username");
    CHECK(out.claims.empty());
    CHECK(out.dropped.empty());
    CHECK(out.principal == std::vector<Names>{{"preferred_username"}});
}

TEST_CASE("gateway/spring: files that lie together") {
    const auto together = [](std::vector<gateway::Source> sources) {
        Names others;
        auto readings = gateway::read_together(std::move(sources), {}, {}, others);
        REQUIRE(readings.size() == 1);
        return verifiers(readings.front().import);
    };
    const std::string jwt = kJwt;
    const auto one =
        together({{"app/application.properties", jwt + "audiences=a\n"},
                  {"app/application.yml", jwt + "issuer-uri: https://base\n---\n" + jwt + "audiences: b\n"},
                  {"app/application-prod.yml", jwt + "issuer-uri: https://prod\n"},
                  {"app/other.yml", "a: 1\n"}});
    REQUIRE(names(one) == Names{"no profile", "profile prod"});
    CHECK(one[0].accepts.front().audience.any_of.exact == Names{"a"}); // properties go before YAML
    CHECK(one[1].accepts.front().issuer.allowed.exact == Names{"https://prod"});
    CHECK(one[1].accepts.front().audience.any_of.exact == Names{"a"});
    CHECK(one[1].accepts.front().where.file == "app/application-prod.yml");
    const auto two = together({{"a/application.yml", jwt + "issuer-uri: https://a\n"},
                               {"b/application.yml", jwt + "issuer-uri: https://b\n"}});
    CHECK(names(two) == Names{"every request of a/application", "every request of b/application"});
}

TEST_CASE("gateway/spring: what is not Spring's, and bad input") {
    CHECK(!recognised("spring:\n  application.name: orders\n"));
    CHECK(!recognised("server.port=8080\n", "application.properties"));
    CHECK(!recognised("a: spring.security.oauth2.resourceserver.jwt.issuer-uri=https://i\n"));
    CHECK(!recognised("Set " + kJwt + "issuer-uri=https://i to your issuer.\n", "README"));
    CHECK(!recognised(kJwt + "issuer-uri=https://i\n", "notes.txt"));
    CHECK(!recognised("[1, spring.security.oauth2.resourceserver.jwt]"));
    for (const char* odd :
         {"issuer-uri: [a]", "issuer-uri: {a: b}", "audiences: {a: b}", "audiences: [[a]]", "issuer-uri:"}) {
        CAPTURE(odd);
        const auto all =
            read("spring.security.oauth2.resourceserver.jwt:\n  jwk-set-uri: https://i\n  " + std::string(odd) + "\n");
        CHECK(all.front().accepts.front().issuer.allowed.any);
        CHECK(all.front().accepts.front().audience.any);
    }
    const auto broken = gateway::read({.file = "application.yml", .text = "a: ["}, "spring");
    CHECK(verifiers(broken).front().guard == Entry::Guard::opaque);
    std::string many = kJwt + "issuer-uri: https://i\n";
    for (int i = 0; i < 300; ++i)
        many += "---\nspring.config.activate.on-profile: p" + std::to_string(i) + "\n" + kJwt + "audiences: a\n";
    const auto capped = read(many);
    REQUIRE(capped.size() == 1);
    CHECK(capped.front().guard == Entry::Guard::opaque);
}
