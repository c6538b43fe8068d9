// The two halves of the tool against each other: where the issuer of staging mints a token that what guards prod takes,
// audit never says that prod is isolated. Each case was once missed.
#include <doctest/doctest.h>
#include <set>

#include "tests/support/guarded.h"

using namespace jwtdomain;
using test::Outcome;

namespace {

using test::Guarded;
using test::Words;

void check_crosses(const std::string& staging, const std::string& asks, const Words& issue) {
    CAPTURE(asks);
    Guarded estate(staging, asks);
    const Outcome token = estate.issue(issue);
    REQUIRE_MESSAGE(token.status == 0, token.err);
    CHECK(estate.taken_by_prod(token.out));
    const std::string verdict = estate.verdict_on_prod();
    CHECK((verdict == "leaks" || verdict == "not-proven"));
}

} // namespace

TEST_CASE("audit/sound: words are minted as one text") {
    const std::string scopes = "issue: {scopes: [orders:read, orders:write]}\n";
    const Words both{"--scope", "orders:read orders:write"};
    check_crosses(scopes, "claims: {scope: {contains: 'read orders:write'}}", both);
    check_crosses(scopes, "claims: {scope: {has_any: ['orders:read orders:write']}}", both);
    check_crosses("match: {groups: {all_in: [x, y], shape: words}}\n", "claims: {groups: 'x y'}",
                  {"--claim", "groups=x y"});
    check_crosses("issue: {claims: {groups: ['team admin']}}\n", "claims: {groups: {has_any: [admin], shape: words}}",
                  {"--claim", "groups=team admin"});
    // What neither has stays apart.
    CHECK(Guarded(scopes, "claims: {scope: {has_all: [orders:pay], shape: words}}").verdict_on_prod() == "isolated");
}

TEST_CASE("audit/sound: what lies inside a claim that may be anything") {
    check_crosses("issue: {claims: {ext: any}, other_claims: false}\n", "claims: {/ext/role: admin}",
                  {"--claim", R"(ext:={"role":"admin"})"});
    check_crosses("issue: {claims: {cnf: any}, other_claims: false}\n", "required: [/cnf/jkt]",
                  {"--claim", R"(cnf:={"jkt":"x"})"});
    check_crosses("issue: {claims: {/ext/role: [reader]}, other_claims: false}\n", "claims: {ext: {present: true}}",
                  {"--claim", R"(ext:={"role":"reader"})"});
}

TEST_CASE("audit/sound: a bound on an inner claim is kept by the issuer, too") {
    for (const char* others : {"true", "false"}) {
        Guarded estate("issue: {claims: {/ext/role: [reader]}, other_claims: " + std::string(others) + "}\n",
                       "claims: {/ext/role: admin}");
        CHECK(estate.verdict_on_prod() == "isolated");
        CHECK(estate.issue({"--claim", R"(ext:={"role":"admin"})"}).status == 2);
        CHECK(estate.issue({"--claim", R"(ext:={"role":["reader","admin"]})"}).status == 2);
        CHECK(estate.issue({"--claim", R"(ext:={"role":"reader"})"}).status == 0);
        CHECK(estate.issue({"--claim", R"(ext:={"role":"reader","more":1})"}).status == (others[0] == 't' ? 0 : 2));
    }
    Guarded open("issue: {claims: {ext: any, /ext/role: [reader]}, other_claims: false}\n",
                 "claims: {/ext/role: admin}");
    CHECK(open.verdict_on_prod() == "isolated");
    CHECK(open.issue({"--claim", R"(ext:={"role":"admin"})"}).status == 2);
    CHECK(open.issue({"--claim", R"(ext:={"other":"admin"})"}).status == 0);
}

TEST_CASE("audit/sound: the client stands beside the audience that it may stand in for") {
    check_crosses("audience_fallback: [client_id]\nclients: {admin-ui: {type: public}}\n",
                  "claims: {client_id: admin-ui}", {"--client", "admin-ui"});
    Guarded estate("", "claims: {sub: x}");
    estate.put_domain("staging", "audience_fallback: [/res/aud]\n");
    const Outcome pointer = estate.world.run({"audit"});
    CHECK(pointer.status == 3);
    CHECK(pointer.err.find("staging.yaml:5") != std::string::npos);
}

TEST_CASE("audit/sound: what is open takes every token, and is no wall") {
    Guarded estate("", "claims: {sub: x}");
    estate.put("policy.yaml", "version: 1\nverifiers:\n  - {domain: staging, guard: open, why: x}\n"
                              "  - {domain: prod, guard: open, why: x}\n");
    CHECK(estate.verdict_on_prod() == "leaks");
    CHECK(estate.world.run({"audit"}).status == 1);
    const std::string token = estate.issue({}).out;
    CHECK(estate.taken_by_prod(token));
    CHECK(estate.world.run({"triage", token}).status == 1);
}

TEST_CASE("audit/sound: a private key in a set that only a path names is everybody's") {
    Guarded estate("", "claims: {sub: x}");
    estate.must({"keygen", "--out", estate.directory / "k.jwk", "--format", "jwk"});
    estate.put("jwks/x.json", test::read_text(estate.directory / "k.jwk"));
    estate.put("policy.yaml", "version: 1\nverifiers:\n  - {domain: prod, accepts: [{keys: jwks/x.json, issuer: "
                              "https://auth.prod.example.com, audience: [https://api.prod.example.com], expiry: "
                              "required}]}\n");
    CHECK(estate.verdict_on_prod({"--against", "outsider"}) == "leaks");
    // Neither copied nor hashed for others.
    const Outcome evidence = estate.world.run({"evidence", "make", estate.directory / "ev"});
    CHECK(evidence.status == 3);
    CHECK(!std::filesystem::exists(estate.directory / "ev"));
    const Outcome proof = estate.world.run({"audit", "--proof", estate.directory / "proof.json"});
    CHECK(proof.err.find("private key") != std::string::npos);
    CHECK(!std::filesystem::exists(estate.directory / "proof.json"));
}

TEST_CASE("audit/sound: a key that we refuse may be taken by what is guarded") {
    Guarded estate("", "claims: {sub: x}");
    estate.put("jwks/old.json",
               R"({"keys":[{"kty":"OKP","crv":"Ed25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]})");
    estate.put("policy.yaml", "version: 1\nverifiers:\n  - {domain: prod, accepts: [{keys: [jwks/prod.json, "
                              "jwks/old.json], issuer: https://auth.prod.example.com, audience: "
                              "[https://api.prod.example.com], expiry: required}]}\n");
    CHECK(estate.verdict_on_prod({"--against", "outsider"}) == "not-proven");
}

TEST_CASE("audit/sound: verifiers of a part say nothing of the rest") {
    Guarded estate("", "claims: {sub: x}");
    const auto strict = [](const std::string& name, const std::string& part) {
        return "  - {domain: " + name + part + ", accepts: [{keys: jwks/" + name + ".json, issuer: https://auth." +
               name + ".example.com, audience: [https://api." + name + ".example.com], expiry: required}]}\n";
    };
    const auto status = [&](const std::string& part) {
        estate.put("policy.yaml", "version: 1\nverifiers:\n" + strict("staging", "") + strict("prod", part));
        return estate.world.run({"audit"}).status;
    };
    CHECK(status("") == 0);
    CHECK(status(", methods: [GET]") == 3);
    CHECK(status(", resource: https://api.prod.example.com/health") == 3);
}

TEST_CASE("audit/sound: triage does not take a damaged token for a harmless one") {
    Guarded estate("", "claims: {domain: staging}");
    std::string token = estate.issue({}).out;
    token.pop_back(); // the newline
    const auto state = [&](const std::string& text) {
        return nlohmann::json::parse(estate.world.run({"triage", "--format", "json", text}).out)["state"]
            .get<std::string>();
    };
    CHECK(state(token) == "live");
    for (const std::size_t cut : {1u, 2u, 3u, 10u, 40u, 80u})
        CHECK(state(token.substr(0, token.size() - cut)) == "live");
    CHECK(state(token + "x") == "live");
    const std::size_t claims = token.find('.') + 1;
    CHECK(state(token.substr(0, claims + 40)) == "unknown");
    CHECK(estate.world.run({"triage", token.substr(0, claims + 40)}).status == 3);
    std::string forged = token; // whole, and wrong
    forged[token.rfind('.') + 5] = forged[token.rfind('.') + 5] == 'A' ? 'B' : 'A';
    CHECK(state(forged) == "accepted-nowhere");
}

TEST_CASE("audit/sound: triage names what exchanges give") {
    Guarded estate("", "claims: {domain: nobody}");
    estate.put("policy.yaml",
               "version: 1\nexchange: [{from: staging, to: prod, kind: session, reason: r, owner: o}]\n");
    const auto json =
        nlohmann::json::parse(estate.world.run({"triage", "--domain", "staging", "--format", "json"}).out);
    REQUIRE(json["undecided"].size() == 1);
    CHECK(json["undecided"][0].get<std::string>().find("the exchange staging -> prod") != std::string::npos);
}

TEST_CASE("audit/sound: no message repeats a usable token") {
    Guarded estate("", "claims: {sub: x}");
    std::string token = estate.issue({}).out;
    token.pop_back();
    const std::string signature = token.substr(token.rfind('.') + 1);
    for (const Words& words :
         {Words{"audit", token}, Words{"audit", "replay", token}, Words{"audit", "diff", token}, Words{"proof", token},
          Words{"proof", "check", token}, Words{"evidence", token}, Words{"evidence", "verify", token},
          Words{"triage", "--domain", token}, Words{"triage", "--key", token}, Words{"triage", "@" + token},
          Words{"audit", "--against", token}, Words{"audit", "--baseline", token}, Words{token}}) {
        const Outcome outcome = estate.world.run(words);
        CAPTURE(words.front());
        CHECK(outcome.status != 0);
        CHECK((outcome.out + outcome.err).find(signature) == std::string::npos);
    }
    CHECK(estate.world.run({"audit", "--token", ""}).status == 4);
    CHECK(estate.world.run({"audit", "--token", "garbage"}).status == 3);
    CHECK(estate.world.run({"audit", "--token", "a.b.c"}).status == 3);
}

TEST_CASE("audit/sound: a claim has one name, and those that the issuer fills are no matter of the list") {
    Guarded pointer("issue: {claims: {/role: [reader]}}\n", "claims: {role: admin}");
    CHECK(pointer.verdict_on_prod() == "isolated");
    CHECK(pointer.issue({"--claim", "role=admin"}).status == 2);
    Guarded subject("issue: {claims: {sub: [bob, alice]}}\n", "claims: {sub: carol}");
    CHECK(subject.verdict_on_prod() == "isolated");
    CHECK(subject.world.run({"issue", "--domain", "staging", "--subject", "carol"}).status == 2);
    CHECK(subject.issue({}).status == 0);
    Guarded estate("", "claims: {sub: x}");
    for (const char* further : {"issue: {claims: {/role: [a], role: [b]}}\n", "issue: {claims: {scope: [a]}}\n",
                                "issue: {claims: {client_id: [x]}}\n", "issue: {claims: {domain: [other]}}\n",
                                "issue: {claims: {jti: [x]}}\n", "claims: {domain: iss}\n", "claims: {domain: sub}\n",
                                "claims: {domain: jti}\n", "claims: {domain: client_id}\n", "claims: {scope: domain}\n",
                                "audience_fallback: [jti]\n", "match: {aud: b}\n", "match: {jti: b}\n"}) {
        CAPTURE(further);
        estate.put_domain("staging", further);
        const Outcome refused = estate.world.run({"audit"});
        CHECK(refused.status == 3);
        CHECK(refused.err.find("staging.yaml:") != std::string::npos);
    }
}

TEST_CASE("audit/sound: what may stand in for aud, and what it is while aud is there") {
    check_crosses("audience_fallback: [azp]\n", "claims: {azp: admin}", {"--claim", "azp=admin"});
    check_crosses("audience_fallback: [sub]\n", "claims: {sub: alice}", {});
    Guarded words("issue: {scopes: [a, b]}\naudience_optional: true\n", "claims: {sub: x}");
    words.put_domain("staging", "issue: {scopes: [a, b]}\n");
    words.put("domains/staging.yaml", "domain: staging\nissuer: https://auth.staging.example.com\naudience_optional: "
                                      "true\njwks: jwks/staging.json\nissue: {scopes: [a, b]}\n");
    words.guard(
        "keys: jwks/staging.json, issuer: any, audience: {any_of: ['a b'], fallback: [scope]}, expiry: required");
    const Outcome token = words.issue({"--scope", "a b"});
    REQUIRE_MESSAGE(token.status == 0, token.err);
    CHECK(words.taken_by_prod(token.out));
    CHECK(words.verdict_on_prod() != "isolated");
}

TEST_CASE("audit/sound: a token without aud is none of a trust edge") {
    Guarded estate("", "claims: {sub: x}");
    estate.put("domains/staging.yaml", "domain: staging\nissuer: https://auth.staging.example.com\naudience_optional: "
                                       "true\njwks: jwks/staging.json\n");
    const std::string edge = "trust:\n  - {from: staging, to: prod, audience: https://api.prod.example.com, scopes: "
                             "[a], reason: r, owner: o, expires: 2099-01-01}\n";
    estate.guard("keys: jwks/staging.json, issuer: any, audience: {any_of: [https://api.prod.example.com], fallback: "
                 "[azp]}, expiry: required");
    estate.put("policy.yaml", test::read_text(estate.policy_file("policy.yaml")) + edge);
    const Outcome token = estate.issue({"--claim", "azp=https://api.prod.example.com"});
    REQUIRE_MESSAGE(token.status == 0, token.err);
    CHECK(estate.taken_by_prod(token.out));
    CHECK(estate.verdict_on_prod() == "leaks");
}

TEST_CASE("audit/sound: rules on iss that read it as several") {
    const std::string asks = ", audience: any, expiry: required, claims: {iss: {has_any: [x]";
    Guarded estate("", "claims: {sub: x}");
    estate.guard("keys: jwks/staging.json, issuer: [https://auth.prod.example.com]" + asks +
                 "}}, dialect: {issuer_array: accepted}");
    CHECK(estate.verdict_on_prod({"--against", "stolen-key"}) != "isolated");
    estate.guard("keys: jwks/staging.json, issuer: ['x y']" + asks + ", shape: words}}");
    CHECK(estate.verdict_on_prod({"--against", "stolen-key"}) != "isolated");
}

TEST_CASE("audit/sound: two verifiers of one name are two services") {
    Guarded estate("", "claims: {sub: x}");
    const std::string strict = "  - {domain: prod, name: gateway, accepts: [{keys: jwks/prod.json, issuer: "
                               "https://auth.prod.example.com, audience: [https://api.prod.example.com], expiry: "
                               "required}]}\n";
    const std::string loose = "  - {domain: prod, name: gateway, accepts: [{keys: jwks/staging.json, issuer: any, "
                              "audience: any, expiry: required}]}\n";
    const std::string baseline = estate.directory / "baseline.yaml";
    estate.put("policy.yaml", "version: 1\nverifiers:\n" + loose + strict);
    CHECK(estate.world.run({"audit", "--write-baseline", baseline, "--owner", "me"}).status == 1);
    estate.put("policy.yaml", "version: 1\nverifiers:\n" + strict + loose);
    CHECK(estate.world.run({"audit", "--baseline", baseline}).status == 1);
    // Also where the name that would tell them apart is taken.
    std::string second = strict;
    second.replace(second.find("gateway"), 7, "'gateway #2'");
    estate.put("policy.yaml", "version: 1\nverifiers:\n" + second + strict + strict + strict);
    const auto json = nlohmann::json::parse(estate.world.run({"audit", "--format", "json"}).out);
    std::set<std::string> names;
    for (const auto& service : json["services"]) names.insert(service["name"].get<std::string>());
    CHECK(names.size() == json["services"].size());
}

TEST_CASE("audit/sound: a verifier of one domain does not guard another's resource") {
    Guarded estate("", "claims: {sub: x}");
    estate.put_domain("prod", "resources: [{uri: 'https://api.prod.example.com/orders'}]\n");
    for (const char* place :
         {"https://api.prod.example.com/orders", "https://api.prod.example.com/orders/",
          "https://api.prod.example.com/orders/export", "HTTPS://API.prod.example.com:443/orders"}) {
        CAPTURE(place);
        estate.put("policy.yaml", "version: 1\nverifiers: [{domain: staging, resource: '" + std::string(place) +
                                      "', guard: open, why: x}]\n");
        const Outcome refused = estate.world.run({"audit"});
        CHECK(refused.status == 3);
        CHECK(refused.err.find("resource of 'prod'") != std::string::npos);
    }
    estate.put("policy.yaml", "version: 1\n");
    estate.put_domain("staging", "resources: [{uri: 'https://api.prod.example.com/orders/'}]\n");
    CHECK(estate.world.run({"audit"}).status == 3);
}

TEST_CASE("audit/sound: a template's names are looked at with the tenant in them") {
    Guarded estate("", "types: any");
    const auto load = [&](const std::string& tenant, const std::string& more) {
        estate.put("domains/tenants.yaml",
                   "domain: \"t-{tenant}\"\ntenant: {values: [" + tenant +
                       "]}\nissuer: \"https://{tenant}.example.com\"\naudiences: [\"{tenant}\"]\n" + more);
        return estate.world.run({"audit"});
    };
    for (const char* taken : {"sub", "jti", "iss"}) {
        CAPTURE(taken);
        const Outcome outcome = load(taken, "claims: {scope: \"{tenant}\"}\nissue: {scopes: [a]}\n");
        CHECK(outcome.status == 3);
        CHECK(outcome.err.find("would be used twice") != std::string::npos);
    }
    CHECK(load("ti", "issue: {claims: {\"j{tenant}\": [a]}}\n").err.find("would be used twice") != std::string::npos);
    CHECK(load("ok", "issue: {claims: {\"j{tenant}\": [a]}}\n").err.find("twice") == std::string::npos);
}

TEST_CASE("audit/sound: a trust edge excuses nothing where the policy refuses its tokens") {
    Guarded estate("issue: {audiences: any, scopes: [deploy:write, pay:write]}\n", "types: any");
    estate.put_domain("prod", "resources:\n  - {uri: https://api.prod.example.com/pay, audiences: "
                              "[https://api.prod.example.com], methods: {POST: [pay:write]}}\n");
    const auto policy = [&](const std::string& audience, const std::string& scope) {
        estate.put("policy.yaml",
                   "version: 1\ntrust:\n  - {from: staging, to: prod, audience: " + audience + ", scopes: [" + scope +
                       "], reason: r, owner: o, expires: 2100-01-01}\nverifiers:\n"
                       "  - {domain: prod, resource: https://api.prod.example.com/pay, name: pay, accepts: [{keys: "
                       "jwks/staging.json, issuer: https://auth.staging.example.com, audience: [" +
                       audience + "], expiry: required, claims: {scope: {has_all: [" + scope +
                       "], shape: words}}}]}\n");
        return estate.verdict_on_prod({"--against", "insider"});
    };
    CHECK(!std::set<std::string>{"isolated", "consistent"}.contains(
        policy("https://api.prod.example.com/deploy", "deploy:write")));
}
