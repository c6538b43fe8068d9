#include <doctest/doctest.h>

#include "jwtdomain/policy/lower.h"
#include "policy_memory.h"

using namespace jwtdomain;
using namespace jwtdomain::policy;
using accept::ClaimRule;
using accept::ClaimTest;
using test::Files;

namespace {

const PublicKey& p256() {
    static const PrivateKey key = PrivateKey::generate(KeyType::p256).value();
    return key.public_key();
}

const PublicKey& ed25519() {
    static const PrivateKey key = PrivateKey::generate(KeyType::ed25519).value();
    return key.public_key();
}

const PublicKey& rsa() {
    static const PrivateKey key = PrivateKey::generate(KeyType::rsa).value();
    return key.public_key();
}

Jwk jwk(const PublicKey& key, std::optional<std::string> kid, std::optional<std::string> algorithm = {},
        std::optional<std::string> use = {}) {
    JwkMetadata metadata;
    metadata.kid = std::move(kid);
    metadata.algorithm = std::move(algorithm);
    metadata.use = std::move(use);
    return Jwk{.key = key, .metadata = std::move(metadata)};
}

KeyReader keys_of(std::map<std::string, std::vector<Jwk>> sets) {
    return [sets = std::move(sets)](const KeyLocation& location) -> Result<JwkSet> {
        const auto found = sets.find(location.value);
        if (found == sets.end()) return fail(Fault::unreadable, "cannot read " + location.value);
        return JwkSet{found->second, {}};
    };
}

Policy loaded(const Files& files) {
    auto policy = load("p", test::reader_of(files));
    if (!policy) FAIL(describe(policy.error()) << " " << policy.error().hint);
    return std::move(*policy);
}

Files full() {
    return test::data_files("policy/full", {"policy.yaml", "domains/prod.yaml", "domains/staging.yaml",
                                            "domains/tenants/all.yaml", "tenants.txt"});
}

std::vector<const ClaimRule*> rules(const accept::Path& path, ClaimRule::Role role) {
    std::vector<const ClaimRule*> out;
    for (const auto& rule : path.claims) {
        if (rule.role == role) out.push_back(&rule);
    }
    return out;
}

const accept::Entry* entry(const accept::Verifier& verifier, const std::string& resource,
                           const std::string& method = {}) {
    for (const auto& e : verifier.entries) {
        const bool has = method.empty() || std::find(e.methods.begin(), e.methods.end(), method) != e.methods.end();
        if (e.resource == resource && has) return &e;
    }
    return nullptr;
}

using Strings = std::vector<std::string>;

} // namespace

TEST_CASE("policy/lower: a domain's own path asks for everything that it declares") {
    const Policy policy = loaded(full());
    const auto verifier = lower(policy, *policy.find("prod"), keys_of({{"jwks/prod.json", {jwk(p256(), "k1")}}}));
    CHECK(verifier.domain == "prod");
    const accept::Path& own = verifier.entries.at(0).paths.at(0);
    CHECK(verifier.entries[0].resource.empty());
    CHECK(own.name == "prod");
    CHECK(own.exact());
    REQUIRE(own.signing.keys.size() == 1);
    CHECK(own.signing.keys[0].kid == "k1");
    CHECK(own.signing.keys[0].owner == "prod");
    CHECK(own.signing.keys[0].algorithms == std::vector{Algorithm::ES256});
    CHECK(own.signing.kid == accept::KidRule::must_match);
    CHECK(own.signing.algorithms == std::vector{Algorithm::ES256, Algorithm::Ed25519});
    CHECK(own.signing.origins == std::vector<accept::KeyOrigin>{{.location = "jwks/prod.json", .owner = "prod"}});
    CHECK(own.type.allowed == Strings{"at+jwt"});
    CHECK(!own.type.any);
    CHECK(!own.type.absent_ok);
    CHECK(own.issuer.allowed.exact == Strings{"https://auth.prod.example.com"});
    CHECK(!own.issuer.absent_ok);
    CHECK(own.audience.any_of.exact == Strings{"https://api.prod.example.com", "https://reports.prod.example.com"});
    CHECK(own.audience.subset_of == Strings{"https://api.prod.example.com", "https://reports.prod.example.com"});
    CHECK(!own.audience.absent_ok);
    CHECK(!own.audience.empty_ok);
    CHECK(own.time.expiry == accept::Presence::required);
    CHECK(own.time.longest_life == 300);
    CHECK(own.time.leeway == 10);
    CHECK(!own.time.path_ends);
    const auto domain = rules(own, ClaimRule::Role::domain);
    REQUIRE(domain.size() == 1);
    CHECK(domain[0]->path == Strings{"domain"});
    CHECK(domain[0]->values.exact == Strings{"prod"});
    CHECK(rules(own, ClaimRule::Role::required).size() == 2); // sub, jti: the others have rules of their own
    CHECK(rules(own, ClaimRule::Role::scope).empty());
}

TEST_CASE("policy/lower: a resource has one entry for each set of scopes") {
    const Policy policy = loaded(full());
    const auto verifier = lower(policy, *policy.find("prod"), keys_of({{"jwks/prod.json", {}}, {"jwks/ci.json", {}}}));
    const auto* read = entry(verifier, "https://api.prod.example.com/orders", "GET");
    REQUIRE(read != nullptr);
    CHECK(read->methods == Strings{"GET", "HEAD"});
    const auto scopes = rules(read->paths.at(0), ClaimRule::Role::scope);
    REQUIRE(scopes.size() == 1);
    CHECK(scopes[0]->test == ClaimTest::has_all);
    CHECK(scopes[0]->shape == accept::ClaimShape::words);
    CHECK(scopes[0]->values.exact == Strings{"orders:read"});
    CHECK(entry(verifier, "https://api.prod.example.com/orders", "POST")->methods == Strings{"POST"});
    CHECK(entry(verifier, "https://api.prod.example.com/orders", "DELETE") == nullptr);

    const auto* reports = entry(verifier, "https://reports.prod.example.com/");
    CHECK(reports->methods.empty());
    CHECK(reports->paths.at(0).audience.any_of.exact == Strings{"https://reports.prod.example.com"});
    CHECK(reports->paths.at(0).audience.subset_of->size() == 2);
    CHECK(reports->paths.size() == 1); // the trust edge has another audience
}

TEST_CASE("policy/lower: a trust edge is a path of its own, with the other domain's keys and rules") {
    const Policy policy = loaded(full());
    const auto verifier = lower(policy, *policy.find("prod"),
                                keys_of({{"jwks/prod.json", {jwk(p256(), "k1")}},
                                         {"jwks/ci.json", {jwk(ed25519(), "c1"), jwk(p256(), "c2")}}}));
    REQUIRE(verifier.entries.at(0).paths.size() == 2);
    const accept::Path& edge = verifier.entries[0].paths[1];
    CHECK(edge.name == "trust ci -> prod");
    CHECK(edge.issuer.allowed.exact == Strings{"https://auth.ci.example.com"});
    REQUIRE(edge.signing.keys.size() == 1); // ci allows ES256 only
    CHECK(edge.signing.keys[0].kid == "c2");
    CHECK(edge.signing.keys[0].owner == "ci");
    CHECK(edge.audience.any_of.exact == Strings{"https://deploy.prod.example.com"});
    CHECK(edge.audience.subset_of == Strings{"https://deploy.prod.example.com"});
    CHECK(edge.time.path_ends == parse_time("2027-03-01").value());
    CHECK(rules(edge, ClaimRule::Role::domain).at(0)->values.exact == Strings{"ci"});
    const auto scopes = rules(edge, ClaimRule::Role::scope);
    REQUIRE(scopes.size() == 1);
    CHECK(scopes[0]->test == ClaimTest::all_in);
    CHECK(scopes[0]->values.exact == Strings{"deploy:write"});
    CHECK(scopes[0]->absent_ok);

    const auto* deploy = entry(verifier, "https://api.prod.example.com/deploy", "PUT");
    REQUIRE(deploy->paths.size() == 2);
    CHECK(rules(deploy->paths[1], ClaimRule::Role::scope).size() == 2);
    CHECK(!rules(deploy->paths[1], ClaimRule::Role::scope)[1]->absent_ok);
    // prod's own tokens cannot reach it: the audience that it takes is none that they may have
    CHECK(deploy->paths[0].audience.any_of.exact == Strings{"https://deploy.prod.example.com"});
    CHECK(std::count(deploy->paths[0].audience.subset_of->begin(), deploy->paths[0].audience.subset_of->end(),
                     "https://deploy.prod.example.com") == 0);
    CHECK(lower(policy, *policy.find("ci"), keys_of({})).entries.at(0).paths.size() == 1);
}

TEST_CASE("policy/lower: what a stock issuer does can be accepted") {
    const Policy policy = loaded(full());
    const auto verifier = lower(
        policy, *policy.find("staging"),
        keys_of({{"https://login.example.net/realms/staging",
                  {jwk(rsa(), "enc", "RSA-OAEP", "enc"), jwk(rsa(), "sig", {}, "sig"), jwk(rsa(), "ps", "PS256")}}}));
    const accept::Path& path = verifier.entries.at(0).paths.at(0);
    REQUIRE(path.signing.keys.size() == 1);
    CHECK(path.signing.keys[0].kid == "sig");
    CHECK(path.signing.keys[0].algorithms == std::vector{Algorithm::RS256});
    CHECK(path.type.allowed == Strings{"JWT"});
    CHECK(path.type.absent_ok);
    CHECK(path.audience.fallback_claims == Strings{"azp", "client_id"});
    CHECK(path.audience.any_of.exact == Strings{"https://api.staging.example.com"});
    CHECK(path.audience.subset_of == Strings{"https://api.staging.example.com", "account"});
    CHECK(rules(path, ClaimRule::Role::domain).empty());
    CHECK(rules(path, ClaimRule::Role::required).size() == 1);
    CHECK(rules(path, ClaimRule::Role::plain).size() == 2);
}

TEST_CASE("policy/lower: fields that are optional") {
    const auto one = [](const std::string& fields) {
        const Policy policy = loaded({{"p/policy.yaml", "version: 1\n"}, {"p/domains/d.yaml", "domain: d\n" + fields}});
        return std::move(lower(policy, policy.domains.at(0), keys_of({})).entries.at(0).paths.at(0));
    };
    const auto spiffe = one("issuer_optional: true\naudiences: [x]\nrequired: [sub]\nmatch: {sub: {prefix: "
                            "'spiffe://d/'}}\nlifetime: 1h\n");
    CHECK(spiffe.issuer.allowed.any);
    CHECK(spiffe.issuer.absent_ok);
    CHECK(!spiffe.time.longest_life); // iat need not be there
    CHECK(spiffe.time.longest_remaining == 3600);
    const auto neutral = one("issuer: https://d\nneutral_audiences: [account]\naudience_optional: true\n");
    CHECK(neutral.audience.absent_ok);
    CHECK(neutral.audience.any_of.exact == Strings{"account"});
    CHECK(!neutral.audience.must_be_absent);
    CHECK(one("issuer: https://d\naudience_optional: true\n").audience.must_be_absent);
    CHECK(one("issuer: https://d\naudiences: [x]\ntypes: any\n").type.any);
    const auto dpop = one("issuer: https://d\naudiences: [x]\nsender_constraint: dpop\n");
    CHECK(std::any_of(dpop.claims.begin(), dpop.claims.end(), [](const auto& rule) {
        return rule.path == Strings{"cnf", "jkt"};
    }));
}

TEST_CASE("policy/lower: keys that cannot be read leave the path unresolved") {
    const Policy policy = loaded(full());
    const auto verifier = lower(policy, *policy.find("prod"), keys_of({}));
    const accept::Signing& signing = verifier.entries.at(0).paths.at(0).signing;
    CHECK(signing.source == accept::KeySource::unresolved);
    CHECK(signing.why == "cannot read jwks/prod.json");
    CHECK(signing.keys.empty());
    const Policy bare = loaded(
        {{"p/policy.yaml", "version: 1\n"}, {"p/domains/d.yaml", "domain: d\nissuer: https://d\naudiences: [x]\n"}});
    CHECK(lower(bare, bare.domains[0], keys_of({})).entries[0].paths[0].signing.source ==
          accept::KeySource::unresolved);
}

TEST_CASE("policy/lower: a key that names another issuer is not taken") {
    const Policy policy =
        loaded({{"p/policy.yaml", "version: 1\n"},
                {"p/domains/d.yaml",
                 "domain: d\nissuer: https://login/t1/v2.0\naudiences: [x]\njwks: k\nalgorithms: [RS256]\n"}});
    std::vector<Jwk> keys{jwk(rsa(), "mine"), jwk(rsa(), "other"), jwk(rsa(), "all")};
    keys[0].metadata.issuer = "https://login/t1/v2.0";
    keys[1].metadata.issuer = "https://login/t2/v2.0";
    keys[2].metadata.issuer = "https://login/{tenantid}/v2.0";
    const auto verifier = lower(policy, policy.domains[0], keys_of({{"k", keys}}));
    const auto& uses = verifier.entries[0].paths[0].signing.keys;
    REQUIRE(uses.size() == 2);
    CHECK(uses[0].kid == "mine");
    CHECK(uses[1].kid == "all");
}

TEST_CASE("policy/lower: a hand-written verifier") {
    const Policy policy = loaded(full());
    const auto keys =
        keys_of({{"jwks/prod.json", {jwk(p256(), "k1")}},
                 {"https://auth.prod.example.com/keys", {jwk(ed25519(), "k2"), jwk(rsa(), "k3", "RS512")}},
                 {"jwks/old.json", {jwk(rsa(), "2023"), jwk(rsa(), "2024-01", "RS512")}}});
    const auto verifier = lower(policy.verifiers.at(3), keys);
    REQUIRE(verifier.entries.size() == 1);
    const accept::Entry& legacy = verifier.entries[0];
    CHECK(legacy.resource == "https://api.prod.example.com/legacy");
    REQUIRE(legacy.paths.size() == 3);
    CHECK(legacy.paths[0].signing.keys.size() == 1);
    CHECK(!legacy.paths[0].signing.algorithms);
    const auto& uses = legacy.paths[1].signing.keys;
    REQUIRE(uses.size() == 3); // k3 is for RS512 only, which the path does not allow
    CHECK(uses[1].kid == "k2");
    CHECK(uses[2].kid == "2024-01");
    CHECK(uses[2].algorithms == std::vector{Algorithm::RS256}); // as the entry says, whatever the key says
    CHECK(uses[2].owner == "prod");
    CHECK(!legacy.paths[1].exact());
    CHECK(legacy.paths[2].signing.source == accept::KeySource::none);
    CHECK(lower(policy.verifiers.at(0), keys).entries[0].guard == accept::Entry::Guard::opaque);
    CHECK(lower(policy.verifiers.at(1), keys).entries[0].guard == accept::Entry::Guard::open);
}

namespace {

// One path of a hand-written verifier of the domain "d", with these lines.
accept::Entry written(const std::string& lines, const KeyReader& keys, const std::string& further = {}) {
    const Policy policy =
        loaded({{"p/policy.yaml", "version: 1\nverifiers:\n  - domain: d\n" + further +
                                      "    accepts:\n      - audience: any\n        expiry: required\n" + lines},
                {"p/domains/d.yaml", "domain: d\nissuer: https://d\naudiences: [x]\njwks: k\n"}});
    return lower(policy.verifiers.at(0), keys).entries.at(0);
}

} // namespace

TEST_CASE("policy/lower: where a token says where keys are, it chooses them, unless the values are listed") {
    const auto keys =
        keys_of({{"https://keys/a.json", {jwk(p256(), "a")}}, {"https://keys/b.json", {jwk(rsa(), "b")}}});
    const std::string place = "        keys: https://keys/{tenant}.json\n        issuer: https://d\n";
    const auto listed = written(place + "        claims: {tenant: [a, b]}\n", keys);
    REQUIRE(listed.paths.size() == 2);
    CHECK(listed.paths[0].signing.keys.at(0).kid == "a");
    CHECK(listed.paths[0].claims.at(0).values.exact == Strings{"a"});
    CHECK(listed.paths[1].signing.keys.at(0).kid == "b");
    CHECK(listed.paths[1].claims.at(0).values.exact == Strings{"b"});
    CHECK(listed.paths[1].signing.origins.at(0).named_by.empty());
    CHECK(listed.paths[0].name != listed.paths[1].name);

    using accept::KeySource;
    const auto source = [&](const std::string& lines) { return written(lines, keys).paths.at(0).signing.source; };
    CHECK(source(place) == KeySource::unresolved); // of a host that the token does not choose
    CHECK(source("        keys: '{iss}/keys'\n        issuer: any\n") == KeySource::of_token);
    CHECK(source("        keys: https://{iss}/keys\n        issuer: any\n") == KeySource::of_token);
    CHECK(source("        keys: '{iss}/keys'\n        issuer: {prefix: https://d}\n") == KeySource::unresolved);
    CHECK(source("        keys: '{iss}/keys'\n        issuer: https://d\n") == KeySource::unresolved); // not read
    CHECK(
        written("        keys: '{iss}/keys'\n        issuer: https://d\n", keys).paths[0].signing.origins[0].location ==
        "https://d/keys");
    CHECK(
        source("        keys: '{iss}/keys'\n        issuer: https://d\n        dialect: {issuer_array: accepted}\n") ==
        KeySource::of_token);
    CHECK(source("        keys: https://{host}/keys\n        issuer: https://d\n") == KeySource::of_token);
    CHECK(source(
              "        keys: https://{host}/keys\n        issuer: https://d\n        claims: {host: {suffix: .d}}\n") ==
          KeySource::unresolved);
}

TEST_CASE("policy/lower: a hand-written verifier may know whose key it has, and take short secrets") {
    std::vector<Jwk> set{jwk(p256(), "mine")};
    set[0].metadata.issuer = "https://d";
    set.push_back({.key = HmacKey::from_secret(SecretBytes("short")).value()});
    const auto keys = keys_of({{"k", set}});
    const auto plain = written("        keys: k\n        issuer: any\n", keys);
    REQUIRE(plain.paths.at(0).signing.keys.size() == 2);
    CHECK(!plain.paths[0].signing.keys[0].issuer);
    CHECK(type_of(plain.paths[0].signing.keys[1].key) == KeyType::hmac);
    const auto bound = written("        keys: k\n        issuer: any\n        key_issuer: checked\n", keys);
    CHECK(bound.paths.at(0).signing.keys.at(0).issuer == "https://d");
    CHECK(!bound.paths[0].signing.keys.at(1).issuer);
}

TEST_CASE("policy/lower: what counts as no token is a path of its own") {
    const auto entry = written("        keys: k\n        issuer: [https://d, https://e]\n", keys_of({}),
                               "    unknown_issuer: anonymous\n");
    REQUIRE(entry.paths.size() == 2);
    CHECK(!entry.paths[0].anonymous);
    const accept::Path& none = entry.paths[1];
    CHECK(none.anonymous);
    CHECK(none.exact());
    CHECK(none.issuer.except == Strings{"https://d", "https://e"});
    CHECK(none.signing.source == accept::KeySource::none);
}
