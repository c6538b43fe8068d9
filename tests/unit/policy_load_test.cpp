#include <doctest/doctest.h>

#include "jwtdomain/base/document.h"
#include "jwtdomain/policy/load.h"
#include "jwtdomain/policy/schema.h"
#include "policy_memory.h"

using namespace jwtdomain;
using namespace jwtdomain::policy;
using test::Files;

namespace {

Files full() {
    return test::data_files("policy/full", {"policy.yaml", "domains/prod.yaml", "domains/staging.yaml",
                                            "domains/tenants/all.yaml", "tenants.txt"});
}

Policy loaded(const Files& files) {
    auto policy = load("p", test::reader_of(files));
    if (!policy) FAIL(describe(policy.error()) << " " << policy.error().hint);
    return std::move(*policy);
}

std::string refusal(const Files& files) {
    const auto policy = load("p", test::reader_of(files));
    return policy ? "accepted" : describe(policy.error()) + "; " + policy.error().hint;
}

const std::string kRoot = "version: 1\n";
const std::string kProd =
    "domain: prod\nissuer: https://auth.prod.example.com\naudiences: [https://api.prod.example.com]\n";
const std::string kStaging =
    "domain: staging\nissuer: https://auth.staging.example.com\naudiences: [https://api.staging.example.com]\n";

// A policy of two domains; `prod` is added to the file of prod, `root` to policy.yaml.
std::string refusal_of(const std::string& prod, const std::string& root = {}) {
    return refusal(
        {{"p/policy.yaml", kRoot + root}, {"p/domains/prod.yaml", kProd + prod}, {"p/domains/staging.yaml", kStaging}});
}

// Marks every field of the table that the document uses.
void collect(const document::Node& node, const policy::schema::Shape& shape, std::map<std::string, bool>& used);

void collect(const document::Node& node, const policy::schema::Object& object, std::map<std::string, bool>& used) {
    for (const auto& field : object.fields) {
        if (const auto* value = node.find(field.name)) {
            used[std::string(object.name) + "." + std::string(field.name)] = true;
            collect(*value, field.shape, used);
        }
    }
}

void collect(const document::Node& node, const policy::schema::Shape& shape, std::map<std::string, bool>& used) {
    if (node.kind == document::Kind::object && shape.object != nullptr) collect(node, *shape.object, used);
    for (const auto& element : node.elements) {
        if (node.kind == document::Kind::array && shape.element != nullptr) collect(element, *shape.element, used);
        if (node.kind == document::Kind::object && shape.entries != nullptr) collect(element, *shape.entries, used);
    }
}

} // namespace

TEST_CASE("policy/load: the complete example loads, with the meaning that it has") {
    const Policy policy = loaded(full());
    REQUIRE(policy.domains.size() == 6);
    CHECK(policy.find("ci")->keys.value == "jwks/ci.json");

    const Domain& prod = *policy.find("prod");
    CHECK(prod.algorithms == std::vector{Algorithm::ES256, Algorithm::Ed25519});
    CHECK(prod.lifetime == 300);
    CHECK(prod.leeway == 10);
    CHECK(prod.domain_claim == "domain");
    CHECK(prod.domain_value == "prod");
    CHECK(prod.required.size() == 6);
    CHECK(prod.where.file == "p/domains/prod.yaml");
    CHECK(prod.where.line == 1);
    CHECK(prod.resources.at(0).methods.at("POST") == std::vector<std::string>{"orders:read", "orders:write"});
    CHECK(prod.issue.declared);
    CHECK(prod.issue.claims.at("level").values == std::vector<std::string>{"1", "2"});
    CHECK(prod.issue.lifetime == 300);
    CHECK(prod.clients.at("ci-runner").confidential);
    CHECK(prod.clients.at("old-app").disabled);
    CHECK(prod.refresh.mode == RefreshRules::Mode::rotate);

    const Domain& staging = *policy.find("staging");
    CHECK(staging.foreign);
    CHECK(!staging.issue.declared);
    CHECK(staging.domain_claim.empty());
    CHECK(staging.scope_claim == "scp");
    CHECK(staging.keys.kind == KeyLocation::Kind::discovery);
    CHECK(staging.keys.value == "https://login.example.net/realms/staging");
    CHECK(staging.audience_fallback == std::vector<std::string>{"azp", "client_id"});
    REQUIRE(staging.match.size() == 2);
    CHECK(staging.match[0].test == accept::ClaimTest::in);
    CHECK(staging.match[1].path == std::vector<std::string>{"realm_access", "roles"});

    const Domain& acme = *policy.find("prod/acme");
    CHECK(acme.issuer == "https://auth.prod.example.com/acme");
    CHECK(acme.audiences == std::vector<std::string>{"https://acme.api.prod.example.com"});
    CHECK(acme.keys.value == "jwks/tenants/acme.json");
    CHECK(acme.domain_value == "tenant-acme");
    CHECK(acme.parent == "prod");

    REQUIRE(policy.trust.size() == 1);
    CHECK(policy.trust[0].expires == parse_time("2027-03-01").value());
    CHECK(policy.trust[0].where.line == 28);
    CHECK(policy.exchange.at(0).kind == "rfc8693");
    CHECK(policy.revocations == "revocations.jws");
    CHECK(policy.revocation_keys == std::vector<std::string>{"jwks/revocations.json"});
    CHECK(policy.verifiers.size() == 5);
    CHECK(policy.verifiers[0].type == "istio");
    CHECK(policy.verifiers[1].guard == accept::Entry::Guard::open);
}

TEST_CASE("policy/load: a hand-written path says everything that the normal form has") {
    const Policy policy = loaded(full());
    const auto& accepts = policy.verifiers.at(3).accepts;
    REQUIRE(accepts.size() == 3);
    CHECK(accepts[0].issuer.allowed.any);
    CHECK(accepts[0].issuer.absent_ok);
    CHECK(accepts[0].audience.any_of.exact == std::vector<std::string>{"legacy"});
    CHECK(accepts[0].time.expiry == accept::Presence::optional);
    CHECK(accepts[0].type.any);
    CHECK(accepts[0].name == "#1"); // not its line: fingerprints hold it
    CHECK(policy.verifiers[0].name == "mesh");
    CHECK(policy.verifiers[1].name == "staging");
    CHECK(policy.verifiers[2].name == "#2"); // of staging
    CHECK(policy.verifiers[3].name == "#2"); // of prod

    const DeclaredPath& all = accepts[1];
    REQUIRE(all.keys.size() == 3);
    CHECK(all.keys[1].location.kind == KeyLocation::Kind::url);
    CHECK(all.keys[2].kid == "2024-01");
    CHECK(all.keys[2].metadata_issuer == "https://old.example");
    CHECK(all.key_issuer_checked);
    CHECK(all.principal == std::vector<std::vector<std::string>>{{"iss"}, {"sub"}});
    CHECK(all.dialect.accepts_json);
    CHECK(!all.dialect.accepts_encrypted);
    CHECK(all.kid == accept::KidRule::hint);
    CHECK(all.algorithms->size() == 4); // EdDSA is two
    CHECK(all.type.allowed == std::vector<std::string>{"at+jwt", "JWT"});
    CHECK(all.type.absent_ok);
    CHECK(all.issuer.allowed.patterns.at(0).match == accept::Match::prefix);
    CHECK(all.audience.any_of.patterns.at(0).match == accept::Match::glob);
    CHECK(all.audience.subset_of->size() == 2);
    CHECK(all.audience.empty_ok);
    CHECK(all.audience.comparison == accept::AudienceComparison::without_slash);
    CHECK(all.audience.fallback_claims == std::vector<std::string>{"client_id"});
    CHECK(all.time.longest_life == 3600);
    CHECK(all.time.longest_remaining == 1800);
    CHECK(all.time.path_ends == parse_time("2027-03-01T12:00:00Z").value());
    CHECK(all.time.not_before);
    CHECK(all.dialect.duplicates == json::Duplicates::last);
    CHECK(all.dialect.ignores_crit);
    CHECK(!all.dialect.accepts_none);
    CHECK(all.dialect.cache == "gateway");
    CHECK(all.dropped.size() == 1);

    const auto rule = [&](const std::vector<std::string>& path) {
        for (const auto& claim : all.claims) {
            if (claim.path == path && claim.role != accept::ClaimRule::Role::required) return claim;
        }
        return accept::ClaimRule{};
    };
    CHECK(rule({"level"}).values.exact == std::vector<std::string>{"1", "2", "high"});
    CHECK(rule({"kubernetes.io", "namespace"}).values.patterns.at(0).text == "prod-");
    CHECK(rule({"https://example.com/roles"}).test == accept::ClaimTest::has_any);
    CHECK(rule({"groups"}).test == accept::ClaimTest::has_all);
    CHECK(rule({"groups"}).absent_ok);
    CHECK(rule({"scope"}).shape == accept::ClaimShape::words);
    CHECK(rule({"scope"}).role == accept::ClaimRule::Role::scope);
    CHECK(rule({"email"}).test == accept::ClaimTest::absent);
    CHECK(rule({"jti"}).test == accept::ClaimTest::present);

    CHECK(accepts[2].signature_unchecked);
    CHECK(accepts[2].audience.must_be_absent);
    CHECK(accepts[2].time.expiry == accept::Presence::unchecked);

    const auto& inputs = policy.verifiers.at(3).unsigned_inputs;
    REQUIRE(inputs.size() == 2);
    CHECK(inputs[0].part == accept::UnsignedInput::Part::header);
    CHECK(inputs[0].must_equal == "tenant");
    CHECK(inputs[1].decides == accept::UnsignedInput::Decides::subject);
    CHECK(inputs[1].protected_by == "mTLS of the gateway");
    CHECK(inputs[1].where.line == inputs[0].where.line + 1);
    CHECK(policy.find("prod")->earlier_keys.at(0).value == "jwks/prod-2023.json");

    CHECK(policy.verifiers.at(4).anonymous);
    CHECK(policy.verifiers[4].accepts.at(0).keys.at(0).named_by == "tenant");
}

TEST_CASE("policy/load: braces in a verifier hold a claim, and only where keys are") {
    const auto with = [](const std::string& keys, const std::string& sub) {
        return refusal_of("", "verifiers: [{domain: prod, accepts: [{keys: '" + keys +
                                  "', issuer: any, audience: any, expiry: required, claims: {sub: " + sub + "}}]}]\n");
    };
    CHECK(with("{iss}/keys", "x") == "accepted");
    CHECK(with("https://keys.example/{tenant}/keys", "x") == "accepted");
    CHECK(with("jwks/{tenant}.json", "x") == "accepted");
    for (const char* bad : {"{}", "https://k/{", "https://k/}a{", "https://k/{a}{b}"})
        CHECK(with(bad, "x").find("braces that do not hold the name of one claim") != std::string::npos);
    CHECK(with("http://keys.example/{tenant}", "x") == "accepted"); // others do so
    CHECK(with("ftp://keys.example/{tenant}", "x").find("only be fetched from https") != std::string::npos);
    // It would match nothing, silently.
    CHECK(with("k", "{regex: '^{tenant}-web$'}").find("p/policy.yaml:2:") == 0);
    CHECK(with("k", "{regex: '^{tenant}-web$'}").find("{tenant} in a verifier") != std::string::npos);
    CHECK(with("k", "'{tenant}'").find("{tenant} in a verifier") != std::string::npos);
    CHECK(refusal_of("", "verifiers: [{domain: prod, guard: opaque, why: x, unknown_issuer: anonymous}]\n")
              .find("unknown_issuer without 'accepts'") != std::string::npos);
}

TEST_CASE("policy/load: what is refused of unsigned inputs and earlier key sets") {
    const auto with = [](const std::string& input) {
        return refusal_of("", "verifiers: [{domain: prod, guard: open, why: x, unsigned: [" + input + "]}]\n");
    };
    CHECK(with("{from: header, name: X, decides: domain}") == "accepted");
    CHECK(with("{from: header, decides: domain}").find("'name'") != std::string::npos);
    CHECK(with("{from: nowhere, name: X, decides: domain}").find("nowhere") != std::string::npos);
    CHECK(with("{from: header, name: X, decides: domain, must_equal: ''}").find("p/policy.yaml:2:") == 0);
    CHECK(refusal_of("earlier_jwks: [https://auth.prod.example/keys]\n", "").find("is not a file") !=
          std::string::npos);
}

TEST_CASE("policy/load: the complete example uses every field of the format") {
    std::map<std::string, bool> used;
    const Files files = full();
    for (const auto& [path, text] : files) {
        if (path.find(".yaml") == std::string::npos) continue;
        const auto node = document::parse(text, path).value();
        collect(node, node.find("domain") ? policy::schema::domain_object() : policy::schema::policy_object(), used);
    }
    used["tenant.values"] = true; // instead of tenant.from
    for (const auto* object : policy::schema::objects()) {
        for (const auto& field : object->fields) {
            const std::string name = std::string(object->name) + "." + std::string(field.name);
            CHECK_MESSAGE(used[name], name);
        }
    }
}

TEST_CASE("policy/load: a JSON policy is as good") {
    const Policy policy = loaded(
        {{"p/policy.json",
          R"({"version": 1, "domains": [{"domain": "a", "issuer": "https://a", "audiences": ["https://api.a"]}]})"},
         {"p/domains/b.json", R"({"domain": "b", "issuer": "https://b", "audiences": ["https://api.b"]})"}});
    CHECK(policy.find("a") != nullptr);
    CHECK(policy.find("b") != nullptr);
}

TEST_CASE("policy/load: misspelt fields and words are refused with what was meant") {
    CHECK(refusal_of("audience: [x]\n") ==
          "p/domains/prod.yaml:4:1: unknown field 'audience' in a domain; did you mean 'audiences'?");
    CHECK(refusal_of("algorithms: [ES265]\n")
              .find("p/domains/prod.yaml:4:14: 'ES265' is not a value of 'algorithms' in a domain") == 0);
    CHECK(refusal_of("algorithms: [ES265]\n").find("did you mean 'ES256'?") != std::string::npos);
    CHECK(refusal_of("resources: [{uri: 'https://x', methods: {get: []}}]\n").find("unknown name 'get'") !=
          std::string::npos);
    CHECK(refusal_of("resources: [{uri: 'https://x', methods: {get: []}}]\n").find("did you mean 'GET'?") !=
          std::string::npos);
    CHECK(refusal_of("refresh: {mode: rotated}\n").find("did you mean 'rotate'?") != std::string::npos);
    CHECK(refusal_of("", "trusts: []\n").find("did you mean 'trust'?") != std::string::npos);
    CHECK(refusal_of("zzz: 1\n").find("the fields of a domain are domain, description") != std::string::npos);
}

TEST_CASE("policy/load: wrong kinds are refused with what was expected") {
    CHECK(refusal_of("neutral_audiences: account\n") ==
          "p/domains/prod.yaml:4:20: 'neutral_audiences' in a domain must be a list, found a string; write it as a "
          "list: neutral_audiences: [account]");
    CHECK(refusal_of("domain_value: 7\n").find("must be a string, found a number; put it in quotes") !=
          std::string::npos);
    CHECK(refusal_of("foreign: yes\n").find("must be true or false, found a string") != std::string::npos);
    CHECK(refusal_of("lifetime: 10 minutes\n").find("must be a duration such as 10m") != std::string::npos);
    CHECK(refusal_of("lifetime: -5\n").find("must be a duration such as 10m") != std::string::npos);
    CHECK(refusal_of("parent:\n").find("found nothing") != std::string::npos);
    CHECK(refusal_of("parent: ''\n").find("is an empty string") != std::string::npos);
    CHECK(refusal_of("algorithms: []\n").find("is an empty list") != std::string::npos);
    CHECK(refusal_of("match: [sub]\n").find("must be a map, found a list") != std::string::npos);
    CHECK(refusal({{"p/policy.yaml", "- 1\n"}}).find("a policy must be a map of fields, found a list") !=
          std::string::npos);
    CHECK(refusal({{"p/policy.yaml", ""}}).find("found nothing") != std::string::npos);
    CHECK(refusal({{"p/policy.yaml", "include: []\n"}}).find("a policy without 'version'") != std::string::npos);
    CHECK(refusal({{"p/policy.yaml", "version: 2\n"}}).find("a newer jwtdomain is needed") != std::string::npos);
}

TEST_CASE("policy/load: a missing policy says how to make one") {
    const auto policy = load("nowhere", test::reader_of(Files{}));
    REQUIRE(!policy);
    CHECK(policy.error().fault == Fault::not_found);
    CHECK(policy.error().hint.find("jwtdomain init") != std::string::npos);
}

TEST_CASE("policy/load: contradictions inside a domain are refused at their place") {
    CHECK(refusal_of("leeway: 61s\n").find("p/domains/prod.yaml:4:9: a leeway of more than 60s") == 0);
    CHECK(refusal_of("", "defaults: {leeway: 5m}\n").find("p/policy.yaml:2:20: a leeway") == 0);
    CHECK(refusal_of("lifetime: 0s\n").find("a lifetime of nothing") != std::string::npos);
    CHECK(refusal_of("issue: {lifetime: 1h}\n").find("issued for longer than the domain accepts") != std::string::npos);
    CHECK(refusal_of("refresh: {mode: rotate, idle: 8d}\n").find("idle") != std::string::npos);
    CHECK(refusal_of("types: [any, JWT]\n").find("'any' among types") != std::string::npos);
    CHECK(refusal_of("types: ['a b']\n").find("not a media type") != std::string::npos);
    CHECK(refusal_of("jwks: http://auth.prod.example.com/keys\n").find("only be fetched from https") !=
          std::string::npos);
    CHECK(refusal_of("jwks: http://127.0.0.1:8080/keys\n") == "accepted");
    CHECK(refusal_of("neutral_audiences: [https://api.prod.example.com]\n").find("neutral too") != std::string::npos);
    CHECK(refusal_of("resources: [{uri: /orders}]\n").find("not an absolute URI") != std::string::npos);
    CHECK(refusal_of("resources: [{uri: 'https://x', methods: {GET: ['a b']}}]\n").find("is not a scope") !=
          std::string::npos);
    CHECK(refusal_of("issue: {scopes: [orders:read]}\nresources: [{uri: 'https://x', methods: {GET: [orders:raed]}}]\n")
              .find("did you mean 'orders:read'?") != std::string::npos);
    CHECK(refusal_of("clients: {web: {type: public, audiences: [https://api.other.example.com]}}\n")
              .find("cannot be issued") != std::string::npos);
    CHECK(refusal_of("match: {sub: {prefix: a, suffix: b}}\n").find("two tests of one claim") != std::string::npos);
    CHECK(refusal_of("match: {sub: {optional: true}}\n").find("tests nothing") != std::string::npos);
    CHECK(refusal_of("match: {/a~2: x}\n").find("not a JSON Pointer") != std::string::npos);
    CHECK(refusal_of("match: {aud: {has_any: [x], shape: scalar}}\n").find("does not fit the shape") !=
          std::string::npos);
    CHECK(refusal_of("match: {r: x, /r/y: z}\n").find("4:9: 'r' is compared as a whole") != std::string::npos);
    CHECK(refusal_of("match: {r: {present: true}, /r/y: z, /s: x}\n") == "accepted");
    for (const char* inside : {"match: {/scope/x: [y]}", "match: {/domain/x: [y]}", "match: {/sub/x: [y]}"})
        CHECK(refusal_of(std::string(inside) + "\n").find("which is a text") != std::string::npos);
    CHECK(refusal_of("claims: {domain: ext, scope: /ext/scope}\n").find("one is inside the other") !=
          std::string::npos);
    CHECK(refusal_of("match: {tenant: [00123]}\n").find("'00123' is read as the number 123") != std::string::npos);
    CHECK(refusal_of("match: {tenant: [0x7b, '00123', 123]}\n").find("'0x7b' is read as") != std::string::npos);
    CHECK(refusal_of("match: {tenant: ['00123', 123]}\n") == "accepted");
    CHECK(refusal_of("issuer_optional: true\n") == "accepted");
    CHECK(refusal_of("match: {sub: {regex: '^svc-[a-z]+$'}}\n") == "accepted");
    CHECK(refusal_of("match: {sub: {regex: 'a(?=b)'}}\n")
              .find("p/domains/prod.yaml:4:22: the regular expression has look-around at column 2: not supported; "
                    "use what") == 0);
    CHECK(refusal_of("match: {sub: [x, {regex: 'a{3,2}'}]}\n")
              .find("p/domains/prod.yaml:4:26: the regular expression has a repetition whose most") == 0);
}

TEST_CASE("policy/load: a domain must be bound by something") {
    const auto one = [](const std::string& domain) {
        return refusal({{"p/policy.yaml", kRoot}, {"p/domains/d.yaml", domain}});
    };
    CHECK(one("domain: d\naudiences: [x]\n").find("has no issuer") != std::string::npos);
    CHECK(one("domain: d\nissuer: https://d\n").find("has no audiences") != std::string::npos);
    CHECK(one("domain: d\nissuer_optional: true\naudiences: [x]\n").find("nothing binds a token") != std::string::npos);
    CHECK(one("domain: d\nissuer_optional: true\naudiences: [x]\nmatch: {sub: {prefix: 'spiffe://d/'}}\n") ==
          "accepted");
    CHECK(one("domain: Prod\nissuer: https://d\naudiences: [x]\n").find("did you mean 'prod'?") != std::string::npos);
    for (const char* name : {"a//b", "/a", "a/", "a/../b", ".", "a b", "\"a\\u00e9\""}) {
        CHECK(one("domain: " + std::string(name) + "\nissuer: https://d\naudiences: [x]\n")
                  .find("is not a domain name") != std::string::npos);
    }
}

TEST_CASE("policy/load: references must lead somewhere") {
    const std::string edge = "audience: https://deploy, scopes: [], reason: r, owner: o, expires: 2027-01-01}]\n";
    CHECK(refusal_of("", "trust: [{from: stagin, to: prod, " + edge) ==
          "p/policy.yaml:2:16: there is no domain 'stagin', named in a trust edge; did you mean 'staging'?");
    CHECK(refusal_of("", "trust: [{from: prod, to: prod, " + edge).find("from a domain to itself") !=
          std::string::npos);
    CHECK(refusal_of("", "trust: [{from: staging, to: prod, " + edge) == "accepted");
    for (const char* field : {"reason", "owner", "expires", "audience", "scopes"}) {
        std::string without = "trust: [{from: staging, to: prod";
        for (const char* other : {"audience: x", "scopes: []", "reason: r", "owner: o", "expires: 2027-01-01"}) {
            if (std::string(other).rfind(field, 0) != 0) without += std::string(", ") + other;
        }
        CHECK(refusal_of("", without + "}]\n").find("a trust edge without '" + std::string(field) + "'") !=
              std::string::npos);
    }
    CHECK(refusal_of("", "trust: [{from: staging, to: prod, audience: https://api.staging.example.com, scopes: [], "
                         "reason: r, owner: o, expires: 2027-01-01}]\n")
              .find("every token of 'staging' would be accepted") != std::string::npos);
    CHECK(refusal_of("parent: production\n").find("there is no domain 'production', named in parent of 'prod'") !=
          std::string::npos);
    CHECK(refusal_of("", "verifiers: [{domain: prd, type: istio, path: k8s}]\n").find("did you mean 'prod'?") !=
          std::string::npos);
    CHECK(refusal_of("", "verifiers: [{domain: prod, type: istio}]\n").find("only one of type and path") !=
          std::string::npos);
    CHECK(refusal_of("", "verifiers: [{domain: prod}]\n").find("exactly one of") != std::string::npos);
    CHECK(refusal_of("", "exchange: [{from: prod, to: nowhere, kind: session, reason: r, owner: o}]\n")
              .find("there is no domain 'nowhere'") != std::string::npos);
}

TEST_CASE("policy/load: parents form no circle") {
    const auto with = [](const std::string& parent) { return "parent: " + parent + "\n"; };
    CHECK(refusal({{"p/policy.yaml", kRoot},
                   {"p/domains/prod.yaml", kProd + with("staging")},
                   {"p/domains/staging.yaml", kStaging + with("prod")}})
              .find("is its own ancestor") != std::string::npos);
    CHECK(refusal_of("parent: prod\n").find("is its own ancestor") != std::string::npos);
    CHECK(refusal_of("parent: staging\n") == "accepted");
}

TEST_CASE("policy/load: what belongs to one domain belongs to no other") {
    const std::string resource = "resources: [{uri: https://api.example.com/orders}]\n";
    CHECK(refusal({{"p/policy.yaml", kRoot},
                   {"p/domains/prod.yaml", kProd + resource},
                   {"p/domains/staging.yaml", kStaging + resource}})
              .find("belongs to 'prod' and to 'staging'") != std::string::npos);
    CHECK(refusal({{"p/policy.yaml", kRoot}, {"p/domains/a.yaml", kProd}, {"p/domains/b.yaml", kProd}}) ==
          "p/domains/b.yaml:1:9: the domain 'prod' is declared twice; its first place is p/domains/a.yaml:1");
    CHECK(refusal_of("neutral_audiences: [https://api.staging.example.com]\n").find("names the domain 'staging'") !=
          std::string::npos);
}

TEST_CASE("policy/load: a tenant's name stands for itself in a regular expression") {
    const std::string domain =
        "domain: t/{tenant}\nissuer: https://auth/{tenant}\naudiences: ['https://{tenant}']\n"
        "tenant: {values: [a.b, c]}\nmatch: {sub: {regex: '^{tenant}/[0-9]{2}$'}, kind: {regex: x}}\n";
    const Policy policy = loaded({{"p/policy.yaml", kRoot}, {"p/domains/t.yaml", domain}});
    REQUIRE(policy.domains.size() == 2);
    const auto& match = policy.domains[0].match;
    CHECK(match.at(0).values.contains("a.b/77"));
    CHECK(!match.at(0).values.contains("a_b/77"));
    CHECK(match.at(0).values.patterns.at(0).automaton);
    CHECK(match.at(1).values.patterns.at(0).automaton == policy.domains[1].match.at(1).values.patterns.at(0).automaton);
}

TEST_CASE("policy/load: templates make one domain per tenant") {
    const std::string pattern = "domain: t/{tenant}\nissuer: https://auth/{tenant}\naudiences: "
                                "['https://{tenant}.api', 'x-{tenant}-{tenant}']\n";
    const auto one = [&](const std::string& tenant, const std::string& list = {}) {
        return refusal({{"p/policy.yaml", kRoot}, {"p/domains/t.yaml", pattern + tenant}, {"p/tenants.txt", list}});
    };
    const Policy policy =
        loaded({{"p/policy.yaml", kRoot}, {"p/domains/t.yaml", pattern + "tenant: {values: [a, b]}\n"}});
    REQUIRE(policy.domains.size() == 2);
    CHECK(policy.domains[1].audiences == std::vector<std::string>{"https://b.api", "x-b-b"});
    CHECK(one("").find("is not a domain name") != std::string::npos);
    CHECK(one("tenant: {values: [a, a]}\n").find("stands here twice") != std::string::npos);
    CHECK(one("tenant: {values: [A]}\n").find("did you mean 'a'?") != std::string::npos);
    CHECK(one("tenant: {values: [a/b]}\n").find("is not a tenant name") != std::string::npos);
    CHECK(one("tenant: {from: nowhere.txt}\n").find("there is no file p/nowhere.txt") != std::string::npos);
    CHECK(one("tenant: {from: tenants.txt}\n", "a\n\n..\n").find("p/tenants.txt:3: '..' is not a tenant name") == 0);
    CHECK(one("tenant: {from: tenants.txt}\n", "a\nb\na\n").find("p/tenants.txt:3: the tenant 'a' stands here twice") ==
          0);
    CHECK(one("tenant: {from: tenants.txt}\n", "# nobody\n").find("no tenant") != std::string::npos);
    CHECK(refusal_of("jwks: jwks/{tenant}.json\n").find("{tenant} in a domain that is no template") !=
          std::string::npos);
    CHECK(refusal_of("tenant: {values: [a]}\n").find("the same for every tenant") != std::string::npos);
}

TEST_CASE("policy/load: load_domain reads only what the domain needs") {
    Files files = full();
    std::vector<std::string> asked;
    const auto part = load_domain("p", "prod", test::reader_of(files, &asked)).value();
    CHECK(part.partial);
    CHECK(asked == std::vector<std::string>{"p/policy.yaml", "p/domains/prod.yaml"});
    CHECK(part.domains.size() == 2); // and ci, which stands in policy.yaml and is trusted
    CHECK(part.trust.size() == 1);
    CHECK(part.verifiers.size() == 3);
    CHECK(part.find("prod")->issuer == loaded(files).find("prod")->issuer);

    CHECK(load_domain("p", "staging", test::reader_of(files)).value().domains.size() == 1);
    CHECK(load_domain("p", "ci", test::reader_of(files)).value().partial);
    const auto tenant = load_domain("p", "prod/acme", test::reader_of(files)).value();
    CHECK(!tenant.partial);
    CHECK(tenant.find("prod/acme") != nullptr);

    std::string& root = files["p/policy.yaml"];
    const std::size_t from = root.find("domains: # those"), to = root.find("trust:");
    root = root.substr(0, from) + root.substr(to);
    files["p/domains/ci.yaml"] =
        "domain: ci\nissuer: https://auth.ci.example.com\naudiences: [https://api.ci.example.com]\n";
    asked.clear();
    CHECK(load_domain("p", "prod", test::reader_of(files, &asked)).value().partial);
    CHECK(asked == std::vector<std::string>{"p/policy.yaml", "p/domains/prod.yaml", "p/domains/ci.yaml"});
}

TEST_CASE("policy/load: load_domain reads everything where a file is not what its name says") {
    const Files files{{"p/policy.yaml", kRoot}, {"p/domains/a.yaml", kProd}, {"p/domains/prod.yaml", kStaging}};
    const auto policy = load_domain("p", "prod", test::reader_of(files)).value();
    CHECK(!policy.partial);
    CHECK(policy.find("prod")->where.file == "p/domains/a.yaml");
    const auto other = load_domain("p", "../secret", test::reader_of(files)).value();
    CHECK(!other.partial);
    CHECK(!load_domain("p", "prod",
                       test::reader_of(Files{{"p/policy.yaml", "version: 1\ninclude: [zones/*.yaml]\n"},
                                             {"p/domains/prod.yaml", kProd}}))
               .value()
               .partial);
}

TEST_CASE("policy/load: an unknown domain suggests one") {
    const Policy policy = loaded(full());
    CHECK(require_domain(policy, "prod").has_value());
    CHECK(require_domain(policy, "prdo").error().hint == "did you mean 'prod'?");
    CHECK(require_domain(policy, "https://auth.prod.example.com").error().hint ==
          "that is the issuer of the domain 'prod': use --domain prod");
    CHECK(require_domain(policy, "https://api.prod.example.com/orders").error().hint.find("--domain prod") !=
          std::string::npos);
    CHECK(require_domain(policy, "zzzzzz").error().hint.find("the domains are ci, prod") == 0);
}

TEST_CASE("policy/load: ten thousand tenants of one template") {
    Files files = full();
    std::string& tenants = files["p/tenants.txt"];
    tenants.clear();
    for (int i = 0; i < 10'000; ++i) tenants += "tenant-" + std::to_string(i) + "\n";
    const Policy policy = loaded(files);
    REQUIRE(policy.domains.size() == 10'003);
    CHECK(policy.find("prod/tenant-9999") != nullptr);
}
