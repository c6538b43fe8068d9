// Vault's JWT roles in the normal form: each thing that the source of the plugin says of a field, and each that is not
// known.
#include <doctest/doctest.h>

#include "../support/imported.h"

using namespace jwtdomain;
using accept::ClaimTest;
using accept::Entry;
using policy::DeclaredPath;
using policy::DeclaredVerifier;
using policy::KeyLocation;
using test::dropped;

namespace {

using Names = std::vector<std::string>;

std::vector<DeclaredVerifier> verifiers(const Result<gateway::Import>& import) {
    if (!import) FAIL(describe(import.error()));
    CHECK(import->type == "vault");
    auto out = gateway::verifiers_of(*import, "prod");
    if (!out) FAIL(describe(out.error()));
    return std::move(*out);
}

std::vector<DeclaredVerifier> read(const std::string& text, const std::string& file = "vault.json") {
    return verifiers(gateway::read({.file = file, .text = text}));
}

// A role, with its fields, at a mount, with its fields.
DeclaredVerifier role(const std::string& fields,
                      const std::string& mount = R"("jwks_url": "https://id.example/jwks")") {
    const auto all =
        read("{" + mount + R"(, "default_role": "", "roles": {"r": {"role_type": "jwt", "user_claim": "sub")" +
             (fields.empty() ? "" : ", ") + fields + "}}}");
    REQUIRE(all.size() == 1);
    CHECK(all.front().name == "role r");
    return all.front();
}

// The first of them, which takes tokens that have exp.
DeclaredPath path(const std::string& fields, const std::string& mount = R"("jwks_url": "https://id.example/jwks")") {
    const DeclaredVerifier out = role(fields, mount);
    CAPTURE(out.why);
    REQUIRE(out.accepts.size() >= 2);
    return out.accepts.front();
}

const accept::ClaimRule* claim(const DeclaredPath& path, const Names& name, ClaimTest test) {
    for (const accept::ClaimRule& each : path.claims) {
        if (each.path == name && each.test == test) return &each;
    }
    return nullptr;
}

} // namespace

TEST_CASE("gateway/vault: the example is recognised and read") {
    const auto all = read(test::gateway_data("vault.json"));
    REQUIRE(all.size() == 2);
    CHECK(all[0].name == "role deploy");
    const DeclaredPath& deploy = all[0].accepts.front();
    CHECK(deploy.issuer.allowed.exact == Names{"https://token.actions.example.com"});
    CHECK(deploy.audience.any_of.exact == Names{"https://vault.example.com"});
    CHECK(deploy.keys.front().location.value == "https://token.actions.example.com/.well-known/openid-configuration");
    CHECK(*deploy.algorithms == std::vector{Algorithm::RS256});
    CHECK(claim(deploy, {"repository"}, ClaimTest::has_any)->values.contains("orders/api"));
    CHECK(claim(deploy, {"ref"}, ClaimTest::has_any)->values.contains("refs/heads/main"));
    CHECK(!claim(deploy, {"ref"}, ClaimTest::has_any)->values.contains("refs/heads/other"));
    CHECK(deploy.principal == std::vector<Names>{{"actor"}});
    CHECK(deploy.dropped.empty());
    const DeclaredPath& other = all[1].accepts.front();
    CHECK(claim(other, {"sub"}, ClaimTest::in)->values.exact == Names{"repo:orders/api:ref:refs/heads/main"});
    CHECK(other.time.leeway == 0);
    CHECK(other.dropped.empty());
}

TEST_CASE("gateway/vault: discovery compares no issuer, bound_issuer does") {
    const DeclaredPath bare = path("", R"("oidc_discovery_url": "https://id.example/")");
    CHECK(bare.issuer.allowed.any);
    CHECK(bare.issuer.absent_ok);
    CHECK(bare.dropped.empty());
    CHECK(bare.keys.front().location.value == "https://id.example/.well-known/openid-configuration");
    const DeclaredPath bound = path("", R"("oidc_discovery_url": "https://id.example/", "bound_issuer": "any")");
    CHECK(bound.issuer.allowed.contains("any")); // no word of the form
    CHECK(!bound.issuer.allowed.any);
    CHECK(!bound.issuer.absent_ok);
}

TEST_CASE("gateway/vault: keys: local ones, sets, and all algorithms but HMAC if none are named") {
    const DeclaredPath sets = path("", R"("jwks_pairs": [{"jwks_url": "https://a.example/jwks", "jwks_ca_pem": ""},
                                                        {"jwks_url": "https://b.example/jwks"}])");
    REQUIRE(sets.keys.size() == 2);
    CHECK(sets.keys[1].location.value == "https://b.example/jwks");
    CHECK(sets.kid == accept::KidRule::hint);
    REQUIRE(sets.algorithms);
    CHECK(sets.algorithms->size() == 11); // EdDSA is two
    CHECK(sets.keys[0].algorithms);       // whatever a key says of itself
    const DeclaredPath local = path("", R"("jwt_validation_pubkeys": ["-----BEGIN PUBLIC KEY-----"],
                                           "jwt_supported_algs": "ES256,PS256")");
    CHECK(local.keys.front().location.kind == KeyLocation::Kind::text);
    CHECK(local.kid == accept::KidRule::ignored);
    CHECK(*local.algorithms == std::vector{Algorithm::ES256, Algorithm::PS256});
    CHECK(path("", R"("jwt_supported_algs": [], "jwks_url": "https://a.example/jwks")").algorithms->size() == 11);
    CHECK(path("", R"("jwt_validation_pubkeys": [""])").keys.front().location.kind == KeyLocation::Kind::file);
    CHECK(path("", R"("jwks_pairs": [3])").keys.front().location.kind == KeyLocation::Kind::file);
}

TEST_CASE("gateway/vault: without bound audiences a token must have none") {
    for (const char* none :
         {"", R"("bound_audiences": [])", R"("bound_audiences": null)", R"("bound_audiences": "")"}) {
        CAPTURE(none);
        const DeclaredPath out = path(none);
        CHECK(out.audience.must_be_absent);
        CHECK(out.dropped.empty());
        const DeclaredPath empty = role(none).accepts.at(2); // aud: "" and [] are none, too
        CHECK(empty.audience.empty_ok);
        CHECK(!empty.audience.absent_ok);
        CHECK(!empty.audience.any_of.contains("a"));
    }
    const DeclaredPath bound = path(R"("bound_audiences": ["a", "b"])");
    CHECK(bound.audience.any_of.exact == Names{"a", "b"});
    CHECK(!bound.audience.absent_ok);
    CHECK(!bound.audience.empty_ok);
    CHECK(path(R"("bound_audiences": "a, b")").audience.any_of.exact == Names{"a", "b"});
    CHECK(path(R"("bound_audiences": ["a", ""])").audience.any);
    CHECK(dropped(path(R"("bound_audiences": [1])"), "bound_audiences"));
}

TEST_CASE("gateway/vault: exp, or iat or nbf, and a minute for clocks") {
    const DeclaredVerifier both = role("");
    const DeclaredPath &with = both.accepts[0], &without = both.accepts[1];
    CHECK(with.time.expiry == accept::Presence::required);
    CHECK(with.time.not_before);
    CHECK(with.time.issued_at);
    CHECK(with.time.leeway == 60);
    CHECK(without.time.expiry == accept::Presence::unchecked);
    const accept::ClaimRule* const exp = claim(without, {"exp"}, ClaimTest::in);
    REQUIRE(exp != nullptr);
    CHECK(exp->absent_ok);
    for (const char* zero : {"0", "0.5", "-0", "1e-9"}) CHECK(exp->values.contains(zero));
    CHECK(!exp->values.contains("1700000000"));
    CHECK(dropped(without, "expiration_leeway"));
    CHECK(path(R"("clock_skew_leeway": 0)").time.leeway == 60);
    CHECK(path(R"("clock_skew_leeway": -1)").time.leeway == 0);
    CHECK(path(R"("clock_skew_leeway": 30, "expiration_leeway": 999)").time.leeway == 30);
    CHECK(path(R"("clock_skew_leeway": "2m")").time.leeway == 120);
    CHECK(role(R"("clock_skew_leeway": "${SKEW}")").guard == Entry::Guard::opaque);
    CHECK(role(R"("clock_skew_leeway": 9999999999)").guard == Entry::Guard::opaque);
}

TEST_CASE("gateway/vault: bound claims: any member of a list, strings and globs") {
    const DeclaredPath out = path(R"("bound_claims": {"a": "x", "b": ["y", "z*"], "/c/d": "w"})");
    CHECK(claim(out, {"a"}, ClaimTest::has_any)->values.exact == Names{"x"});
    CHECK(claim(out, {"a"}, ClaimTest::has_any)->shape == accept::ClaimShape::list);
    CHECK(claim(out, {"b"}, ClaimTest::has_any)->values.exact == Names{"y", "z*"}); // no glob
    CHECK(claim(out, {"c", "d"}, ClaimTest::has_any) != nullptr);
    CHECK(out.dropped.empty());
    const DeclaredPath globs = path(R"("bound_claims_type": "glob", "bound_claims": {"a": "x*", "b": "y"})");
    CHECK(claim(globs, {"a"}, ClaimTest::has_any)->values.contains("x/y"));
    CHECK(claim(globs, {"b"}, ClaimTest::has_any)->values.exact == Names{"y"});
    // A literal '?', numbers and booleans of a list or cut to integers, what is empty, what is put in later.
    for (const char* odd :
         {R"("bound_claims_type": "glob", "bound_claims": {"a": "x?*"})", R"("bound_claims": {"a": 5})",
          R"("bound_claims": {"a": [true, "x"]})", R"("bound_claims": {"a": []})", R"("bound_claims": {"a": ""})",
          R"("bound_claims": {"a": "${X}"})", R"("bound_claims_type": "regex", "bound_claims": {"a": "x"})"}) {
        CAPTURE(odd);
        const DeclaredPath unread = path(odd);
        CHECK(claim(unread, {"a"}, ClaimTest::has_any) == nullptr);
        CHECK(claim(unread, {"a"}, ClaimTest::present) != nullptr);
        CHECK(dropped(unread, "bound_claims: a"));
    }
    CHECK(dropped(path(R"("bound_claims": {"/a/0": "x"})"), "bound_claims: /a/0")); // into a list
    CHECK(dropped(path(R"("bound_claims": "x")"), "bound_claims"));
    // the same claim twice, by name and by pointer, and as the subject
    const DeclaredPath twice = path(R"("bound_subject": "s", "bound_claims": {"sub": "s", "/sub": "t"})");
    CHECK(twice.dropped.size() == 1);
}

TEST_CASE("gateway/vault: claims that must be there, and those that come from elsewhere") {
    const DeclaredPath out = path(R"("groups_claim": "/realm/groups")");
    CHECK(claim(out, {"sub"}, ClaimTest::present) != nullptr);
    CHECK(claim(out, {"realm", "groups"}, ClaimTest::present) != nullptr);
    const std::string fetching = R"("jwks_url": "https://a.example/jwks", "provider_config": {"provider": "gsuite"})";
    const DeclaredPath fetched = path(R"("bound_claims": {"groups": "x"}, "groups_claim": "groups")", fetching);
    CHECK(claim(fetched, {"groups"}, ClaimTest::has_any) == nullptr);
    CHECK(dropped(fetched, "bound_claims"));
    CHECK(dropped(path(R"("token_bound_cidrs": ["10.0.0.0/8"])"), "token_bound_cidrs"));
    CHECK(path(R"("token_bound_cidrs": [])").dropped.empty());
}

TEST_CASE("gateway/vault: a user claim by pointer, or by a name that looks like one") {
    const auto user = [](const std::string& fields) {
        return read(
                   R"({"jwks_url": "https://a.example/jwks", "default_role": "x", "roles": {"r": {"role_type": "jwt", )" +
                   fields + "}}}")
            .front()
            .accepts.front();
    };
    CHECK(claim(user(R"("user_claim": "/a/b", "user_claim_json_pointer": true)"), {"a", "b"}, ClaimTest::present));
    CHECK(claim(user(R"("user_claim": "/a/b")"), {"/a/b"}, ClaimTest::present));
    CHECK(dropped(user(R"("user_claim": "/a/0", "user_claim_json_pointer": true)"), "a claim"));
}

TEST_CASE("gateway/vault: roles of people and unknown fields are opaque") {
    const auto why = [](const std::string& fields) {
        const DeclaredVerifier out = role(fields);
        CHECK(out.guard == Entry::Guard::opaque);
        return out.why;
    };
    CHECK(why(R"("trust_everybody": true)").find("trust_everybody") != std::string::npos);
    const auto people = read(R"({"jwks_url": "https://a.example/jwks", "default_role": "", "roles": {"r":
        {"role_type": "oidc", "user_claim": "sub", "bound_audiences": ["a"]}, "s": 3}})");
    REQUIRE(people.size() == 2);
    CHECK(people[0].guard == Entry::Guard::opaque);
    CHECK(people[1].guard == Entry::Guard::opaque);
    CHECK(role("", R"("jwks_url": "https://a.example/jwks", "trust": 1)").guard == Entry::Guard::opaque);
    const auto bare = read(R"({"jwks_url": "https://a.example/jwks", "bound_issuer": "https://a.example"})");
    REQUIRE(bare.size() == 1);
    CHECK(bare.front().guard == Entry::Guard::opaque); // which roles there are is not said
}

TEST_CASE("gateway/vault: what vault read prints, one file each") {
    const std::string config = R"({"request_id": "1", "lease_id": "", "data": {"jwks_url": "https://a.example/jwks",
        "bound_issuer": "https://a.example", "jwt_validation_pubkeys": [], "jwks_pairs": [], "oidc_discovery_url": ""}})";
    const std::string role_of = R"({"request_id": "2", "data": {"user_claim": "sub", "role_type": "jwt",
        "bound_audiences": ["a"], "bound_claims": null, "bound_subject": "", "expiration_leeway": 0}})";
    Names others;
    const auto together = gateway::read_together(
        {{.file = "v/config.json", .text = config}, {.file = "v/role-ci.json", .text = role_of}}, {}, {}, others);
    REQUIRE(together.size() == 1);
    const auto all = verifiers(together.front().import);
    REQUIRE(all.size() == 1);
    CHECK(all[0].name == "role ci");
    CHECK(all[0].accepts[0].issuer.allowed.exact == Names{"https://a.example"});
    CHECK(all[0].accepts[0].keys.size() == 1);
    CHECK(all[0].accepts[0].dropped.empty());
    CHECK(all[0].accepts[0].where.file == "v/role-ci.json");
    // a role without its mount: neither keys nor issuer are known
    const auto alone = read(role_of, "roles/deploy.json");
    CHECK(alone[0].name == "role deploy");
    CHECK(alone[0].accepts[0].issuer.allowed.any);
    CHECK(dropped(alone[0].accepts[0], "bound_issuer"));
    CHECK(alone[0].accepts[0].keys.front().location.kind == KeyLocation::Kind::file);
    // two mounts in one folder: the role is of either
    const auto either = gateway::read_together({{.file = "v/a.json", .text = config},
                                                {.file = "v/b.json", .text = config},
                                                {.file = "v/role/ci.json", .text = role_of}},
                                               {}, {}, others);
    CHECK(verifiers(either.front().import).front().accepts.size() == 4);
}

TEST_CASE("gateway/vault: what something else puts in is never taken for its text") {
    for (const char* placeholder : {"${X}", "{{ .Values.x }}", "{tenant}"}) {
        CAPTURE(placeholder);
        const std::string text = placeholder;
        const DeclaredPath issuer = path("", R"("jwks_url": "https://a.example/jwks", "bound_issuer": ")" + text + '"');
        CHECK(issuer.issuer.allowed.any);
        CHECK(dropped(issuer, "bound_issuer"));
        CHECK(path(R"("bound_audiences": [")" + text + R"("])").audience.any);
        CHECK(dropped(path(R"("bound_subject": ")" + text + '"'), "bound_subject"));
        CHECK(path("", R"("jwks_url": ")" + text + '"').keys.front().location.kind == KeyLocation::Kind::file);
        CHECK(path("", R"("jwt_validation_pubkeys": ")" + text + '"').keys.front().location.kind ==
              KeyLocation::Kind::file);
    }
}

TEST_CASE("gateway/vault: whose file it is, and how much of it") {
    const auto type = [](const std::string& text) {
        const auto import = gateway::read({.file = "x.json", .text = text});
        return import ? import->type : std::string();
    };
    CHECK(type(R"({"jwks_url": "https://a.example"})").empty());
    CHECK(type(R"({"roles": {"a": 1}})").empty());
    CHECK(type(R"({"data": {"jwks_url": "x", "bound_issuer": "y"}})").empty());
    CHECK(type(R"([{"user_claim": "sub"}])").empty());
    CHECK(type(R"({"user_claim": "sub", "role_type": "jwt", "name": "x"})") == "vault");
    CHECK(type(R"({"config": {"jwks_url": "https://a.example", "bound_issuer": "b"}, "roles": []})") == "vault");
    std::string many;
    for (int i = 0; i < 200; ++i) many += "{jwks_url: 'https://a.example', default_role: b}\n---\n";
    for (int i = 0; i < 200; ++i) many += "{user_claim: sub, role_type: jwt}\n---\n";
    const auto all = read(many, "x.yaml");
    CHECK(all.size() == 200);
    CHECK(all.back().guard == Entry::Guard::opaque);
}
