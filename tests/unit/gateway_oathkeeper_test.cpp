// Ory Oathkeeper in the normal form: each thing that its source says of a field, and each that is not known.
#include <doctest/doctest.h>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using test::claim;
using test::dropped;

namespace {

using Guard = Entry::Guard;
using Names = std::vector<std::string>;

const std::string kFile = "authenticators: {jwt: {enabled: true, config: {jwks_urls: ['https://id.example/k'], "
                          "scope_strategy: exact}}, noop: {enabled: true}, anonymous: {enabled: true}}\n"
                          "access_rules: {repositories: ['file:///etc/oathkeeper.yaml']}\n";

std::string rule(const std::string& authenticators, const std::string& more = "authorizer: {handler: allow}") {
    return "---\n- {id: r, match: {url: 'https://api.example/<.*>', methods: [GET]}, authenticators: [" +
           authenticators + "], " + more + ", mutators: [{handler: noop}]}\n";
}

std::vector<DeclaredVerifier> read(const std::string& text) {
    return test::imported("oathkeeper", "oathkeeper.yaml", text);
}

// With the configuration file.
std::vector<DeclaredVerifier> with(const std::string& authenticators,
                                   const std::string& more = "authorizer: {handler: allow}") {
    return read(kFile + rule(authenticators, more));
}

DeclaredVerifier jwt(const std::string& config) {
    auto all = with("{handler: jwt, config: {" + config + "}}");
    REQUIRE(all.size() == 1);
    return all.front();
}

DeclaredPath path(const std::string& config) {
    const DeclaredVerifier out = jwt(config);
    CAPTURE(out.why);
    REQUIRE(!out.accepts.empty());
    return out.accepts.front();
}

} // namespace

TEST_CASE("gateway/oathkeeper: the example is recognised and read") {
    const auto all = read(test::gateway_data("oathkeeper.yaml"));
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "rule orders");
    REQUIRE(all[0].accepts.size() == 3);
    const DeclaredPath& scp = all[0].accepts[0];
    CHECK(scp.issuer.allowed.exact == Names{"https://id.example.com"});
    CHECK(scp.audience.all_of == Names{"https://api.example.com"});
    CHECK(!scp.audience.absent_ok);
    CHECK(*scp.algorithms == std::vector{Algorithm::ES256});
    CHECK(scp.keys.front().location.value == "https://id.example.com/keys");
    CHECK(claim(scp, {"scp"})->values.exact == Names{"orders.read"});
    CHECK(dropped(scp, "authenticators.jwt.config")); // what the configuration file adds is not known
    CHECK(all[1].name == "rule health");
    CHECK(all[1].guard == Guard::open);
}

TEST_CASE("gateway/oathkeeper: what is not said is not asked for") {
    const DeclaredPath out = path("");
    CHECK(out.dropped.empty());
    CHECK(out.issuer.allowed.any);
    CHECK(out.issuer.absent_ok);
    CHECK(out.dialect.issuer_array_ok);
    CHECK(out.audience.any);
    CHECK(*out.algorithms == std::vector{Algorithm::RS256});
    CHECK(out.kid == accept::KidRule::must_match);
    CHECK(out.time.expiry == accept::Presence::optional);
    CHECK(out.time.zero_expiry_absent);
    CHECK(!out.time.negative_expiry_ok);
    CHECK(out.time.not_before);
    CHECK(!out.time.issued_at);
    CHECK(out.dialect.ignores_crit);
    CHECK(out.type.any);
    REQUIRE(out.keys.size() == 1);
    CHECK(out.keys.front().location.value == "https://id.example/k");
    CHECK(out.keys.front().algorithms == std::vector{Algorithm::RS256}); // whatever it says of itself
}

TEST_CASE("gateway/oathkeeper: keys of all places are one set") {
    const DeclaredPath out = path("jwks_urls: ['https://a.example/k', 'https://b.example/k', 'file:///etc/k.json']");
    REQUIRE(out.keys.size() == 3);
    CHECK(out.keys[1].location.value == "https://b.example/k");
    CHECK(out.keys[2].location.value == "/etc/k.json");
    CHECK(path("jwks_urls: ['s3://b/k']").keys.front().location.kind == policy::KeyLocation::Kind::file);
    CHECK(path("jwks_urls: ['${X}']").keys.front().location.value.find("not said") != std::string::npos);
}

TEST_CASE("gateway/oathkeeper: algorithms") {
    CHECK(path("allowed_algorithms: []").algorithms->size() == 1);
    CHECK(path("allowed_algorithms: [HS256, RS256]").algorithms->size() == 2);
    CHECK(path("allowed_algorithms: ['${X}']").algorithms->size() == 12);
    CHECK(test::is_nothing(jwt("allowed_algorithms: [none]"))); // it knows no key for it
}

TEST_CASE("gateway/oathkeeper: issuers and audiences that are not known are left out") {
    for (const char* name : {"trusted_issuers", "target_audience"}) {
        for (const char* value : {"''", "'${X}'", "!x y"}) {
            CAPTURE(name);
            CAPTURE(value);
            const DeclaredPath out = path(std::string(name) + ": [a, " + value + "]");
            CHECK(dropped(out, name));
            CHECK(out.issuer.allowed.any);
            CHECK(out.audience.any);
        }
    }
    CHECK(path("trusted_issuers: [any]").issuer.allowed.contains("any"));
    CHECK(!path("trusted_issuers: [any]").issuer.allowed.any);
    CHECK(!path("trusted_issuers: [a]").dialect.issuer_array_ok);
    CHECK(path("target_audience: [a, b]").audience.all_of == Names{"a", "b"}); // not one of them
}

TEST_CASE("gateway/oathkeeper: scopes, of the first claim that is there, by the strategy") {
    const DeclaredVerifier exact = jwt("required_scope: [a, b]");
    REQUIRE(exact.accepts.size() == 3);
    CHECK(claim(exact.accepts[0], {"scp"})->test == accept::ClaimTest::has_all);
    CHECK(claim(exact.accepts[1], {"scp"})->test == accept::ClaimTest::absent);
    CHECK(claim(exact.accepts[1], {"scope"})->values.exact == Names{"a", "b"});
    CHECK(claim(exact.accepts[2], {"scope"})->test == accept::ClaimTest::absent);
    CHECK(claim(exact.accepts[2], {"scopes"}) != nullptr);
    const accept::ClaimRule up = *claim(path("required_scope: [a.b.c], scope_strategy: hierarchic"), {"scp"});
    CHECK(up.values.exact == Names{"a", "a.b", "a.b.c"});
    const accept::ClaimRule wild = *claim(path("required_scope: [a.b], scope_strategy: WILDCARD"), {"scp"});
    for (const char* good : {"a.b", "*", "a.*", "*.b", "*.*"}) CHECK(wild.values.contains(good));
    for (const char* bad : {"a", "b", "a.b.c", "a.c", "**", "a.b.*", "axb"}) CHECK(!wild.values.contains(bad));
    CHECK(dropped(path("required_scope: [a, b, c], scope_strategy: hierarchic"), "required_scope: c"));
    CHECK(dropped(path("required_scope: ['.a'], scope_strategy: wildcard"), "required_scope"));
    CHECK(dropped(path("required_scope: [a, '${X}']"), "required_scope"));
    CHECK(dropped(path("required_scope: [a], scope_strategy: '${X}'"), "required_scope"));
    CHECK(test::is_nothing(jwt("required_scope: [a], scope_strategy: none")));
    CHECK(path("required_scope: [], scope_strategy: none").claims.empty());
}

TEST_CASE("gateway/oathkeeper: without its configuration file a rule may ask for more, and allow more algorithms") {
    const auto all = read(rule("{handler: jwt, config: {}}"));
    REQUIRE(all.size() == 1);
    const DeclaredPath& out = all.front().accepts.front();
    CHECK(out.algorithms->size() == 12);
    CHECK(dropped(out, "authenticators.jwt.config"));
    CHECK(out.keys.front().location.kind == policy::KeyLocation::Kind::file); // of no known place
    // two are as good as none
    CHECK(read(kFile + "---\n" + kFile + rule("{handler: jwt}")).front().accepts.front().algorithms->size() == 12);
}

TEST_CASE("gateway/oathkeeper: who passes without a token") {
    const std::string token = "{handler: jwt, config: {}}, ";
    CHECK(with("{handler: noop}").front().guard == Guard::open);
    CHECK(with("{handler: noop}").front().anonymous);
    CHECK(with("{handler: anonymous}, {handler: noop}").front().anonymous);
    CHECK(with(token + "{handler: noop}").front().guard == Guard::open);
    CHECK(!with(token + "{handler: noop}").front().anonymous); // a bad token is refused
    CHECK(with(token + "{handler: anonymous}").front().guard == Guard::open);
    CHECK(with("{handler: anonymous}, {handler: unauthorized}").front().guard == Guard::open);
    CHECK(with("{handler: unauthorized}, {handler: noop}").front().guard == Guard::paths);
    CHECK(test::is_nothing(with("{handler: unauthorized}, {handler: noop}").front()));
    // an authorizer may still refuse them
    CHECK(with("{handler: noop}", "authorizer: {handler: remote_json}").front().guard == Guard::opaque);
    CHECK(test::is_nothing(with("{handler: noop}", "authorizer: {handler: deny}").front()));
}

TEST_CASE("gateway/oathkeeper: an authorizer narrows") {
    for (const char* more : {"authorizer: {handler: remote}", "authorizer: {handler: '${X}'}", "errors: []"}) {
        CAPTURE(more);
        const auto all = with("{handler: jwt}", more);
        CHECK(dropped(all.front().accepts.front(), "authorizer"));
    }
}

TEST_CASE("gateway/oathkeeper: what others decide on is not proven, beside what jwt accepts") {
    for (const char* other : {"oauth2_introspection", "bearer_token", "cookie_session", "oauth2_client_credentials"}) {
        CAPTURE(other);
        const auto all = with("{handler: jwt}, {handler: " + std::string(other) + "}");
        REQUIRE(all.size() == 2);
        CHECK(all[0].guard == Guard::opaque);
        CHECK(all[1].accepts.size() == 1);
        CHECK(with("{handler: " + std::string(other) + "}").size() == 1);
    }
}

TEST_CASE("gateway/oathkeeper: a second jwt is reached only by tokens that the first does not find") {
    CHECK(with("{handler: jwt}, {handler: jwt}").front().accepts.size() == 1);
    CHECK(with("{handler: jwt, config: {token_from: {cookie: t}}}, {handler: jwt}").front().accepts.size() == 2);
    CHECK(read(rule("{handler: jwt}, {handler: jwt}")).front().accepts.size() == 2); // who knows from where
}

TEST_CASE("gateway/oathkeeper: what is not known may let anything pass") {
    CHECK(with("{handler: other}").front().guard == Guard::opaque);
    CHECK(with("{handler: '${X}'}").front().guard == Guard::opaque);
    CHECK(with("{handler: jwt, more: 1}").front().guard == Guard::opaque);
    CHECK(with("x").front().guard == Guard::opaque);
    CHECK(jwt("more: 1").guard == Guard::opaque);
    CHECK(with("{handler: jwt, config: !x y}").front().guard == Guard::opaque);
    CHECK(with("{handler: jwt}", "more: 1").front().guard == Guard::opaque);
}

TEST_CASE("gateway/oathkeeper: an authenticator that is switched off stops everybody") {
    const std::string off = "authenticators: {noop: {enabled: false}}\n";
    CHECK(test::is_nothing(read(off + rule("{handler: noop}")).front()));
    CHECK(read("authenticators: {noop: {enabled: '${X}'}}\n" + rule("{handler: noop}")).front().guard == Guard::open);
}

TEST_CASE("gateway/oathkeeper: rules that are not here, and objects of Kubernetes") {
    const auto alone = read(kFile);
    REQUIRE(alone.size() == 1);
    CHECK(alone.front().guard == Guard::opaque);
    CHECK(alone.front().name == "rules of file:///etc/oathkeeper.yaml");
    CHECK(read("access_rules: {matching_strategy: glob}").front().guard == Guard::opaque);
    CHECK(read("access_rules: {repositories: ['inline://W10=']}\n" + rule("{handler: jwt}")).back().guard ==
          Guard::opaque);
    const std::string object = "apiVersion: oathkeeper.ory.sh/v1alpha1\nkind: Rule\nmetadata: {name: o, namespace: n}\n"
                               "spec: {authenticators: [{handler: jwt}], authorizer: {handler: allow}}\n";
    const auto all = read(object);
    REQUIRE(all.size() == 1);
    CHECK(all.front().name == "rule o");
    CHECK(all.front().accepts.size() == 1);
    CHECK(test::imported("oathkeeper", "o.yaml", object, {.name_space = "n", .host = "", .labels = {}}).size() == 1);
    CHECK(!gateway::read({.file = "o.yaml", .text = object}, {}, {.name_space = "m", .host = "", .labels = {}}));
}
