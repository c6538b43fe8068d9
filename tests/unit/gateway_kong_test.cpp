// Kong's declarative file in the normal form: each thing that its source says of a field, and each that is not known.
#include <doctest/doctest.h>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::ClaimTest;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using policy::KeyLocation;
using test::claim;
using test::dropped;

namespace {

using Names = std::vector<std::string>;

const std::string kVersion = "_format_version: \"3.0\"\n";
const std::string kConsumers = "consumers: [{username: c, jwt_secrets: [{key: k, secret: s}]}]\n";

std::vector<DeclaredVerifier> read(const std::string& text) {
    return test::imported("kong", "kong.yaml", kVersion + text);
}

// A plugin of all requests, with its configuration, and a credential, with its fields.
DeclaredVerifier entry(const std::string& config, const std::string& credential = "key: k, secret: s") {
    const auto all = read("plugins: [{name: jwt, config: {" + config +
                          "}}]\nconsumers: [{username: c, jwt_secrets: [{" + credential + "}]}]\n");
    REQUIRE(!all.empty());
    CHECK(all.back().name == "every request");
    return all.back();
}

DeclaredPath path(const std::string& config, const std::string& credential = "key: k, secret: s") {
    const DeclaredVerifier out = entry(config, credential);
    CAPTURE(out.why);
    REQUIRE(!out.accepts.empty());
    return out.accepts.front();
}

} // namespace

TEST_CASE("gateway/kong: the example is recognised and read") {
    const auto all = test::imported("kong", "kong.yaml", test::gateway_data("kong.yaml"));
    REQUIRE(all.size() == 3);
    CHECK(all[0].name == "route orders");
    REQUIRE(all[0].accepts.size() == 4); // two for each credential
    const DeclaredPath& shop = all[0].accepts[0];
    CHECK(shop.name == "credential of shop");
    CHECK(shop.issuer.allowed.exact == Names{"https://id.example.com"});
    CHECK(shop.keys.front().location.kind == KeyLocation::Kind::text);
    CHECK(*shop.algorithms == std::vector{Algorithm::ES256});
    CHECK(shop.audience.any);
    CHECK(shop.time.expiry == accept::Presence::required);
    CHECK(shop.time.not_before);
    CHECK(shop.time.longest_remaining == 3600);
    CHECK(claim(shop, {"nbf"}) != nullptr);
    CHECK(shop.dropped.empty());
    CHECK(*all[0].accepts[2].algorithms == std::vector{Algorithm::HS256});
    CHECK(all[1].name == "route health: OPTIONS");
    CHECK(all[1].guard == Entry::Guard::open);
    CHECK(all[2].accepts[0].time.expiry == accept::Presence::unchecked); // its own plugin stands before the service's
}

TEST_CASE("gateway/kong: the credential has the issuer, the algorithm and the key; nothing else is looked at") {
    const DeclaredPath out = path("");
    CHECK(out.issuer.allowed.exact == Names{"k"});
    CHECK(!out.issuer.absent_ok);
    CHECK(*out.algorithms == std::vector{Algorithm::HS256}); // by default
    CHECK(out.audience.any);
    CHECK(out.time.expiry == accept::Presence::unchecked);
    CHECK(!out.time.not_before);
    CHECK(out.type.any);
    CHECK(out.kid == accept::KidRule::ignored);
    CHECK(out.dialect.ignores_crit);
    CHECK(out.dialect.duplicates == json::Duplicates::last);
    CHECK(!out.dialect.accepts_none);
    CHECK(out.dropped.empty());
    CHECK(path("", "key: any, secret: s").issuer.allowed.contains("any")); // no word of the form
    CHECK(!path("", "key: any, secret: s").issuer.allowed.any);
}

TEST_CASE("gateway/kong: without the claim the header names the credential") {
    const DeclaredVerifier by_iss = entry("");
    REQUIRE(by_iss.accepts.size() == 2);
    const DeclaredPath& header = by_iss.accepts[1];
    CHECK(header.issuer.allowed.any);
    REQUIRE(claim(header, {"iss"}) != nullptr);
    CHECK(claim(header, {"iss"})->absent_ok);
    CHECK(!claim(header, {"iss"})->values.contains("other"));
    CHECK(dropped(header, "key_claim_name"));
    const DeclaredVerifier by_kid = entry("key_claim_name: kid");
    REQUIRE(by_kid.accepts.size() == 2);
    CHECK(by_kid.accepts[0].issuer.allowed.any);
    CHECK(claim(by_kid.accepts[0], {"kid"})->values.exact == Names{"k"});
    CHECK(by_kid.accepts[0].kid == accept::KidRule::ignored);
    CHECK(by_kid.accepts[1].kid == accept::KidRule::must_match);
    CHECK(by_kid.accepts[1].keys.front().kid == "k");
    // a slash is no pointer
    CHECK(claim(path("key_claim_name: /a/b"), {"/a/b"}) != nullptr);
}

TEST_CASE("gateway/kong: keys of credentials") {
    const DeclaredPath plain = path("");
    CHECK(plain.keys.front().location.value == R"({"keys":[{"kty":"oct","k":"cw"}]})");
    const DeclaredPath base64 = path("secret_is_base64: true", "key: k, secret: YWJj");
    CHECK(base64.keys.front().location.value == R"({"keys":[{"kty":"oct","k":"YWJj"}]})");
    CHECK(path("secret_is_base64: true", "key: k, secret: '*'").keys.front().location.kind == KeyLocation::Kind::file);
    CHECK(path("secret_is_base64: '${X}'").keys.front().location.kind == KeyLocation::Kind::file);
    const DeclaredPath pem = path("secret_is_base64: true", "key: k, algorithm: PS256, rsa_public_key: pem");
    CHECK(pem.keys.front().location.value == "pem");
    CHECK(*pem.algorithms == std::vector{Algorithm::PS256});
    REQUIRE(pem.keys.front().algorithms); // whatever it says of itself
    CHECK(path("", "key: k").keys.front().location.value.find("makes up") != std::string::npos);
    // an EC credential without a key verifies nothing
    CHECK(path("", "key: k, algorithm: ES256").keys.front().location.value == R"({"keys":[]})");
    for (const char* elsewhere : {"'{vault://env/x}'", "'${X}'", "!secret x"}) {
        CAPTURE(elsewhere);
        const std::string value(elsewhere);
        CHECK(path("", "key: k, secret: " + value).keys.front().location.kind == KeyLocation::Kind::file);
        CHECK(path("", "key: k, algorithm: ES256, rsa_public_key: " + value).keys.front().location.kind ==
              KeyLocation::Kind::file);
        CHECK(path("", "key: k, secret: s, algorithm: " + value).algorithms->size() == 14);
        const DeclaredPath unknown = path("", "secret: s, key: " + value);
        CHECK(unknown.issuer.allowed.any);
        CHECK(dropped(unknown, "key_claim_name"));
        CHECK(dropped(path("key_claim_name: " + value), "key_claim_name"));
    }
    CHECK(path("", "secret: s").issuer.allowed.any); // its key is made up
    CHECK(entry("", "key: k, algorithm: none").guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/kong: exp and nbf are looked at where they are asked for, and must then be there") {
    const DeclaredPath exp = path("claims_to_verify: [exp]");
    CHECK(exp.time.expiry == accept::Presence::required);
    CHECK(!exp.time.not_before);
    const DeclaredPath nbf = path("claims_to_verify: [nbf]");
    CHECK(nbf.time.expiry == accept::Presence::unchecked);
    CHECK(nbf.time.not_before);
    CHECK(claim(nbf, {"nbf"})->test == ClaimTest::present);
    CHECK(path("claims_to_verify: [exp], maximum_expiration: 60").time.longest_remaining == 60);
    CHECK(dropped(path("maximum_expiration: 60"), "maximum_expiration"));
    CHECK(path("maximum_expiration: 0").dropped.empty());
    CHECK(dropped(path("claims_to_verify: '${X}'"), "claims_to_verify"));
}

TEST_CASE("gateway/kong: an anonymous consumer lets everything pass") {
    const DeclaredVerifier out = entry("anonymous: nobody");
    CHECK(out.guard == Entry::Guard::open);
    CHECK(out.anonymous); // a bad one, too
    CHECK(entry("anonymous: '${X}'").guard == Entry::Guard::open);
    CHECK(entry("anonymous: ''").guard == Entry::Guard::paths);
    CHECK(entry("anonymous: null").guard == Entry::Guard::paths);
    // unless its requests are ended
    const auto ended = [](const std::string& termination, const std::string& more = "") {
        return read("plugins: [{name: jwt, config: {anonymous: nobody}}" + more +
                    "]\nconsumers:\n- {username: c, jwt_secrets: [{key: k, secret: s}]}\n"
                    "- {username: nobody, plugins: [{name: request-termination" +
                    termination + "}]}\n")
            .back()
            .guard;
    };
    CHECK(ended("") == Entry::Guard::paths);
    CHECK(ended(", config: {status_code: 401}") == Entry::Guard::paths);
    CHECK(ended(", config: {trigger: x}") == Entry::Guard::open);
    CHECK(ended(", enabled: false") == Entry::Guard::open);
    CHECK(ended(", route: null") == Entry::Guard::open);
    CHECK(ended("", ", {name: key-auth, config: {anonymous: nobody}}") == Entry::Guard::paths);
    CHECK(ended("", ", {name: openid-connect, config: {anonymous: nobody}}") == Entry::Guard::opaque);
    CHECK(read("plugins: [{name: jwt, config: {anonymous: a}}, {name: acl}]\n" + kConsumers).front().guard ==
          Entry::Guard::opaque);
}

TEST_CASE("gateway/kong: the plugin whose place is nearest to the route holds") {
    const auto all = read("plugins:\n- {name: jwt, config: {key_claim_name: every}}\n"
                          "- {name: jwt, service: s, config: {key_claim_name: ofservice}}\n"
                          "- {name: jwt, route: {id: i}, config: {key_claim_name: ofroute}}\n"
                          "- {name: jwt, route: both, service: {name: s}, config: {key_claim_name: ofboth}}\n"
                          "- {name: jwt, route: both, config: {key_claim_name: other}}\n"
                          "- {name: jwt, route: off, enabled: false}\n"
                          "services:\n- {name: s, routes: [{name: a}, {name: both}]}\n"
                          "routes:\n- {name: c, service: s}\n- {id: i, hosts: [h], paths: [/p], methods: [GET]}\n"
                          "- {name: none}\n- {name: off}\n" +
                          kConsumers);
    Names found;
    for (const DeclaredVerifier& each : all) {
        std::string line = each.name + ": ";
        for (const accept::ClaimRule& rule : each.accepts.at(0).claims) line += rule.path.front();
        found.push_back(line);
    }
    CHECK(found == Names{"route a: ofservice", "route both: ofboth", "route c: ofservice", "route GET h/p: ofroute",
                         "route none: every", "route off: every"});
}

TEST_CASE("gateway/kong: what authenticates beside jwt") {
    const auto first = [](const std::string& plugins) {
        return read("plugins: [" + plugins + "]\nroutes: [{name: r}]\n" + kConsumers).front();
    };
    CHECK(first("{name: cors}").guard == Entry::Guard::open);
    CHECK(first("{name: openid-connect}").guard == Entry::Guard::opaque);
    CHECK(first("{name: key-auth}").guard == Entry::Guard::opaque);
    const DeclaredVerifier both = first("{name: jwt}, {name: openid-connect}, {name: acl}, {name: key-auth}");
    REQUIRE(both.guard == Entry::Guard::paths);
    CHECK(dropped(both.accepts.front(), "openid-connect"));
    CHECK(dropped(both.accepts.front(), "acl"));
    CHECK(dropped(both.accepts.front(), "key-auth"));
    CHECK(first("{name: jwt}, {name: cors}").accepts.front().dropped.empty());
}

TEST_CASE("gateway/kong: what is not known is opaque") {
    const auto why = [](const std::string& text) {
        const auto all = read(text);
        REQUIRE(all.size() == 1);
        CHECK(all.front().guard == Entry::Guard::opaque);
        return all.front().why;
    };
    const std::string route = "routes: [{name: r}]\n" + kConsumers;
    CHECK(why("plugins: [{name: jwt, config: {trust: 1}}]\n" + kConsumers).find("trust") != std::string::npos);
    CHECK(why("plugins: [{name: jwt, condition: x}]\n" + route).find("condition") != std::string::npos);
    CHECK(why("plugins: [{name: jwt, service: elsewhere}]\n" + route).find("service") != std::string::npos);
    CHECK(why("plugins: [{name: jwt, consumer: c}]\n" + route).find("consumer") != std::string::npos);
    CHECK(why("plugins: [{name: jwt}, {name: jwt}]\n" + route).find("two plugins") != std::string::npos);
    CHECK(why("plugins: [{name: jwt, enabled: '${X}'}]\n" + route).find("later") != std::string::npos);
    CHECK(why("plugins: [{name: jwt, protocols: [tcp]}]\n" + route).find("protocols") != std::string::npos);
    CHECK(why("plugins: [{name: jwt}]\nroutes: [{name: r}]").find("credentials") != std::string::npos);
    CHECK(why("plugins: [jwt]\n" + route).find("no object") != std::string::npos);
    CHECK(why("_info: {select_tags: [a]}\nplugins: [{name: jwt}]\n" + route).find("select_tags") != std::string::npos);
    CHECK(why("plugins: [{name: jwt}]\nconsumers: [{jwt_secrets: [{key: k, weird: s}]}]").find("weird") !=
          std::string::npos);
    const auto future = test::imported("kong", "kong.yaml", "_format_version: \"9.0\"\nplugins: [{name: jwt}]\n");
    CHECK(future.front().guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/kong: files of their own, and how much of one") {
    CHECK(read("plugins: [{name: jwt, protocols: [https]}]\njwt_secrets: [{consumer: c, key: k, secret: s}]\n"
               "consumers: [{username: c}]")
              .front()
              .accepts.front()
              .name == "credential of c");
    const auto two = read("services: []\nroutes: [{name: r}]\n---\n" + kVersion + "routes: [{name: r}]\n");
    CHECK(two[0].name == "kong.yaml: route r");
    std::string many = "plugins: [{name: jwt}]\nroutes:\n";
    for (int i = 0; i < 200; ++i) many += "- {name: r" + std::to_string(i) + "}\n";
    many += "consumers:\n- username: c\n  jwt_secrets:\n";
    for (int i = 0; i < 200; ++i) many += "  - {key: k" + std::to_string(i) + ", secret: s}\n";
    const auto all = read(many);
    CHECK(all.size() == 200);
    CHECK(all.back().guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/kong: routes, by the host that they are for") {
    const std::string text = kVersion +
                             "routes: [{name: a, hosts: [a.example]}, {name: b, hosts: ['*.b.example']}, {name: c}, "
                             "{name: d, hosts: ['d.*']}]\n" +
                             kConsumers;
    const auto of = [&](const std::string& host) {
        return test::names(test::imported("kong", "kong.yaml", text, {.name_space = "", .host = host, .labels = {}}));
    };
    CHECK(of("x.b.example") == Names{"route b", "route c", "route d"});
    CHECK(of("a.example") == Names{"route a", "route c", "route d"});
}
