// Two policies compared by what they mean: keys, edges, verifiers, and what is proved of each pair.
#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "audit_diff.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

TEST_CASE("audit/policy_diff: nothing has changed, whatever the order and the spelling") {
    const AuditEstate plain;
    CHECK(diff(plain, plain).changes.empty());
    CHECK(!diff(plain, plain).verdict());
    check_declared(with_domain("audiences", "[b, a]"), with_domain("audiences", "[a, b]"), {});
    check_declared(with_domain("types", "[application/AT+JWT]"), with_domain("types", "[at+jwt]"), {});
    check_declared(with_domain("lifetime", "10m"), with_domain("lifetime", "600s"), {});
    check_declared(with_domain("description", "for people"), plain, {});
    check_declared(with_domain("domain_value", "staging"), plain, {});
    check_declared(with_policy("defaults: {leeway: 30s}\n"), plain, {});
    AuditEstate moved = plain; // the keys are in another file
    moved.files["other/keys.json"] = moved.files["jwks/staging.json"];
    moved.domains["staging"]["jwks"] = "other/keys.json";
    check_declared(moved, plain, {});
}

TEST_CASE("audit/policy_diff: verifiers and their paths, by name or by what they say") {
    const auto verifier = [](const std::string& name, const std::string& rest) {
        return "  - {domain: prod, " + (name.empty() ? "" : "name: " + name + ", ") + rest + "}\n";
    };
    const auto policy = [](const std::string& verifiers) {
        AuditEstate out;
        out.paths.clear();
        out.further = "verifiers:\n" + verifiers;
        return out;
    };
    const std::string a = "accepts: [{keys: jwks/prod.json, issuer: a, audience: [a], expiry: required}]";
    const std::string b = "accepts: [{keys: jwks/prod.json, issuer: b, audience: [a], expiry: required}]";
    const std::string both = "accepts: [{keys: jwks/prod.json, issuer: b, audience: [a], expiry: required}, "
                             "{keys: jwks/prod.json, issuer: a, audience: [a], expiry: required}]";
    check_declared(policy(verifier("", a) + verifier("", b)), policy(verifier("", b) + verifier("", a)), {});
    check_declared(policy(verifier("x", a)), policy("\n\n" + verifier("x", a)), {});
    check_declared(policy(verifier("x", a)), policy(verifier("x", a) + verifier("y", b)),
                   {"weaker prod: verifier [] [y]"});
    check_declared(policy(verifier("x", a)), policy(verifier("x", both)),
                   {"weaker prod: verifier x, path [] [issuer b]"});
    check_declared(policy(verifier("", a)), policy(verifier("", b)),
                   {"weaker prod: verifier, issuer [] [b]", "stronger prod: verifier, issuer [a] []"});
    check_declared(policy(verifier("x", "guard: opaque, why: cel")), policy(verifier("x", "guard: open, why: health")),
                   {"weaker prod: verifier x, guarded by [opaque: cel] [open to every request]"});
    check_declared(policy(verifier("x", a)), policy(verifier("x", "guard: opaque, why: cel")),
                   {"different prod: verifier x, guarded by [paths] [opaque: cel]"});
    check_declared(policy(verifier("x", a)), policy(verifier("x", "type: istio, path: k8s")),
                   {"different prod: verifier x, guarded by [paths] [opaque: the istio configuration in k8s has not "
                    "been read]"});
    check_declared(policy(verifier("x", "methods: [GET], " + a)), policy(verifier("x", a)),
                   {"weaker prod: verifier x, methods [GET] [any]"});
    check_declared(policy(verifier("x", a)), policy(verifier("x", "resource: 'https://r.example', " + a)),
                   {"different prod: verifier x, resource [none] [https://r.example]"});
    AuditEstate none;
    none.paths.clear();
    check_declared(AuditEstate(), none, {"weaker policy: says what guards the resources [yes] [no]"});
}

TEST_CASE("audit/policy_diff: keys go by what they are") {
    AuditEstate plain, more, renamed;
    more.files["jwks/staging.json"] = key_set({staging_key(), third_key("third")});
    const PolicyDiff added = diff(plain, more);
    const auto declared = [](const PolicyDiff& all) {
        return std::count_if(all.changes.begin(), all.changes.end(), [](const Change& c) { return !c.proved(); });
    };
    REQUIRE(declared(added) == 1); // not once more for the path that uses them
    CHECK(added.changes.front().direction == kWeaker);
    CHECK(added.changes.front().what == "key");
    CHECK(added.changes.front().after.rfind("third (P-256, ", 0) == 0);
    CHECK(lines_of(diff(more, plain), false, true) == lines_of(added, false));

    renamed.files["jwks/staging.json"] = key_set({staging_key("other")});
    const PolicyDiff other = diff(plain, renamed);
    REQUIRE(declared(other) == 1);
    CHECK(other.changes.front().direction == kDifferent);
    CHECK(other.changes.front().before == "staging-1");

    AuditEstate secret;
    secret.files["jwks/staging.json"] = key_set({staging_key(), oct("hs", kRandom)});
    for (const Change& change : diff(plain, secret).changes) {
        if (change.what == "key") CHECK(change.after == "hs (HMAC)"); // nothing that is made from the secret
    }
    AuditEstate unread;
    unread.domains["staging"]["jwks"] = "jwks/nowhere.json";
    check_declared(plain, unread, {"different staging: keys could be read [yes] [no]"});
}

TEST_CASE("audit/policy_diff: a key that goes from one place and comes to another is told at both") {
    AuditEstate before, after;
    before.files["jwks/staging.json"] = key_set({staging_key(), third_key("third")});
    after.files["jwks/third.json"] = key_set({third_key("third")});
    before.paths["prod"]["keys"] = "jwks/prod.json";
    after.paths["prod"]["keys"] = "[jwks/prod.json, jwks/third.json]";
    const auto subject_of = [](const PolicyDiff& all, Direction direction) {
        const auto found = std::find_if(all.changes.begin(), all.changes.end(), [&](const Change& c) {
            return !c.proved() && c.direction == direction && c.what.ends_with("key");
        });
        return found == all.changes.end() ? "" : found->subject;
    };
    const PolicyDiff moved = diff(before, after);
    CHECK(moved.verdict() == kWeaker);
    CHECK(subject_of(moved, kWeaker) == "prod");
    CHECK(subject_of(moved, kStronger) == "staging");
    CHECK(subject_of(diff(after, before), kWeaker) == "staging");
}

TEST_CASE("audit/policy_diff: the name of a key in a path, and whose word its keys are") {
    const auto with_keys = [](const std::string& keys) { return with_path("keys", keys); };
    AuditEstate named = with_keys("jwks/other.json"), renamed = with_keys("jwks/other.json");
    named.files["jwks/other.json"] = key_set({third_key("a")});
    renamed.files["jwks/other.json"] = key_set({third_key("b")});
    const PolicyDiff other_name = diff(named, renamed);
    REQUIRE(other_name.changes.size() == 1);
    CHECK(other_name.changes.front().before == "a");
    CHECK(other_name.changes.front().after == "b");
    check_declared(with_keys("{jwks: jwks/prod.json, owner: prod}"),
                   with_keys("{jwks: jwks/prod.json, owner: staging}"),
                   {"stronger staging: verifier guard-staging, who says which keys [domain prod] []",
                    "weaker staging: verifier guard-staging, who says which keys [] [domain staging]"});
}

TEST_CASE("audit/policy_diff: what is revoked") {
    const AuditEstate estate;
    const policy::Policy policy = estate.policy();
    const Estate proved = estate.estate(policy);
    EphemeralKeys keys;
    const Findings findings = prove(proved, keys);
    using accept::Revocation, accept::Revoked;
    const Revocation jti{Revoked::jti, "t1", "prod", {}, 1900000000, ""};
    Revocation longer = jti;
    longer.until.reset();
    const Revocation everywhere{Revoked::subject, "alice", "", 1700000000, {}, ""};
    const auto lines = [&](std::vector<Revocation> before, std::vector<Revocation> after) {
        return lines_of(diff_policies({proved, findings, {}, before}, {proved, findings, {}, after}), false);
    };
    CHECK(lines({jti}, {jti}).empty());
    CHECK(lines({jti}, {longer}) == "stronger prod: revocation of jti t1, end [2030-03-17T17:46:40Z] [never]\n");
    CHECK(lines({longer}, {jti}) == "weaker prod: revocation of jti t1, end [never] [2030-03-17T17:46:40Z]\n");
    CHECK(lines({jti, everywhere}, {jti}) == "weaker every domain: revocation of subject alice [until it is taken off, "
                                             "tokens from before 2023-11-14T22:13:20Z] []\n");
}

TEST_CASE("audit/policy_diff: edges, domains and revocations") {
    const auto trust = [](const std::string& fields) {
        return with_policy("trust:\n  - {from: staging, to: prod, reason: r, " + fields + "}\n");
    };
    const std::string until = "audience: a, scopes: [s], owner: o, expires: 2030-01-01";
    check_declared(AuditEstate(), trust(until),
                   {"weaker staging -> prod: trust edge [] [a, scopes s, until 2030-01-01T00:00:00Z]"});
    check_declared(trust(until), trust("audience: a, scopes: [s], owner: o, expires: 2031-01-01"),
                   {"weaker staging -> prod: trust for a, end [2030-01-01T00:00:00Z] [2031-01-01T00:00:00Z]"});
    check_declared(trust(until), trust("audience: a, scopes: [s, t], owner: o, expires: 2030-01-01"),
                   {"weaker staging -> prod: trust for a, scopes [] [t]"});
    check_declared(trust(until), trust("audience: a, scopes: [s], owner: p, expires: 2030-01-01"),
                   {"neutral staging -> prod: trust for a, owner [o] [p]"});

    const auto exchange = [](const std::string& fields) {
        return with_policy("exchange:\n  - {from: staging, to: prod, kind: rfc8693, reason: r, owner: o" + fields +
                           "}\n");
    };
    check_declared(AuditEstate(), exchange(", scopes: [s]"),
                   {"weaker staging -> prod: exchange edge [] [rfc8693, any audience, scopes s]"});
    check_declared(exchange(", scopes: [s]"), exchange(""),
                   {"weaker staging -> prod: exchange by rfc8693, scopes [s] [any]"});
    check_declared(exchange(", audience: a"), exchange(""),
                   {"weaker staging -> prod: exchange by rfc8693, audience [a] [any]"});

    AuditEstate third;
    third.files["jwks/third.json"] = key_set({third_key("third-1")});
    third.domains["third"] = {{"domain", "third"},
                              {"issuer", "https://auth.third.example"},
                              {"audiences", "[https://api.third.example]"},
                              {"jwks", "jwks/third.json"}};
    check_declared(AuditEstate(), third, {"neutral third: domain [] [third]"});

    check_declared(with_policy("revocations: {file: r.jws}\n"), AuditEstate(),
                   {"weaker policy: revocation list [yes] [no]"});
    check_declared(with_policy("revocations: {file: r.jws}\n"), with_policy("revocations: {file: s.jws}\n"),
                   {"different policy: revocation list [r.jws] [s.jws]"});
}

TEST_CASE("audit/policy_diff: what is proved of each pair") {
    AuditEstate leaky;
    leaky.path()["keys"] = "[jwks/staging.json, jwks/prod.json]";
    leaky.path()["issuer"] = "any";
    leaky.path()["audience"] = "any";
    leaky.path()["claims"] = "{}";
    const PolicyDiff worse = diff(AuditEstate(), leaky);
    CHECK(worse.verdict() == kWeaker);
    const Change& worst = worse.changes.front();
    CHECK(line_of(worst) == "weaker prod -> staging (guard-staging):  [ISOLATED] [LEAKS (replay)]");
    CHECK(worst.attacker == Attacker::replay);
    const PolicyDiff better = diff(leaky, AuditEstate());
    CHECK(better.verdict() == kStronger);
    CHECK(better.changes.front().attacker == Attacker::replay);
    CHECK(lines_of(better, true, true) == lines_of(worse, true));

    CHECK(lines_of(diff(AuditEstate(), with_path("claims", "{}")), true).empty()); // still beyond what is counted
    AuditEstate two = with_path("claims", "{}");
    two.path()["audience"] = "any";
    CHECK(lines_of(diff(AuditEstate(), two), true) == "weaker prod -> staging (guard-staging): depth [3+] [2]"
                                                      "\n");

    AuditEstate none;
    none.paths.erase("staging");
    CHECK(lines_of(diff(AuditEstate(), none), true) == "weaker prod -> staging:  [not there] [NOT PROVEN (outsider)]"
                                                       "\n");
}

TEST_CASE("audit/policy_diff: many that change alike are one line") {
    AuditEstate many;
    for (int i = 0; i < 30; ++i) {
        const std::string name = "tenant-" + std::to_string(i);
        many.domains[name] = {{"domain", name},
                              {"issuer", "https://auth." + name + ".example"},
                              {"audiences", "[https://api." + name + ".example]"},
                              {"jwks", "jwks/prod.json"}};
    }
    AuditEstate open = many;
    open.paths["prod"]["issuer"] = "any";
    open.paths["prod"]["audience"] = "any";
    open.paths["prod"]["claims"] = "{}";
    const PolicyDiff answer = diff(many, open);
    const Change& worst = answer.changes.front();
    CHECK(worst.kind == Change::Kind::isolation);
    CHECK(worst.direction == kWeaker);
    CHECK(worst.count == 30);
    CHECK(std::count_if(answer.changes.begin(), answer.changes.end(),
                        [](const Change& change) { return change.kind == Change::Kind::isolation; }) == 1);

    AuditEstate longer = many;
    for (auto& [name, fields] : longer.domains) fields["lifetime"] = "1h";
    const PolicyDiff alike = diff(many, longer);
    REQUIRE(alike.changes.size() == 1);
    CHECK(line_of(alike.changes.front()) == "weaker prod: access token life [10m] [1h]");
    CHECK(alike.changes.front().count == 32);
}

TEST_CASE("audit/policy_diff: the way back says the opposite, and a policy is the same as itself") {
    const std::vector<std::pair<std::string, std::vector<std::string>>> fields{
        {"lifetime", {"5m", "10m", "1h"}},
        {"audiences", {"[a]", "[a, b]", "[b, c]"}},
        {"algorithms", {"[ES256]", "[ES256, RS256]", "[RS256]"}},
        {"types", {"any", "[at+jwt]", "[JWT, absent]"}},
        {"required", {"[]", "[sub]", "[sub, jti]"}},
        {"match",
         {"{}", "{tenant: a}", "{tenant: [a, b], sub: {prefix: x}}", "{sub: {prefix: xy}, r: {has_any: [a]}}"}},
        {"issue", {"{}", "{audiences: any}", "{other_claims: false, claims: {r: [a]}}"}},
        {"clients", {"{}", "{a: {type: public}}", "{a: {type: confidential, scopes: [s]}, b: {type: public}}"}},
    };
    const std::vector<std::pair<std::string, std::vector<std::string>>> path_fields{
        {"issuer", {"any", "https://auth.staging.example", "[a, {prefix: 'https://auth.'}]"}},
        {"audience", {"any", "absent", "[a]", "{any_of: [a], all_of: [b], optional: true}"}},
        {"expiry", {"required", "optional", "unchecked"}},
        {"keys", {"jwks/staging.json", "none", "[jwks/staging.json, jwks/prod.json]", "jwks/nowhere.json"}},
        {"claims", {"{}", "{domain: staging}", "{domain: [staging, prod]}"}},
    };
    std::mt19937 random(7);
    const auto pick = [&](const auto& list) { return list[random() % list.size()]; };
    const auto any_estate = [&] {
        AuditEstate out;
        for (const auto& [field, values] : fields) out.domains["staging"][field] = pick(values);
        for (const auto& [field, values] : path_fields) out.path()[field] = pick(values);
        if (random() % 3 == 0) out.paths.erase("prod");
        return out;
    };
    for (int round = 0; round < 60; ++round) {
        const AuditEstate a = any_estate(), b = any_estate();
        CHECK(diff(a, a).changes.empty());
        const PolicyDiff there = diff(a, b), back = diff(b, a);
        for (const bool proved : {true, false}) CHECK(lines_of(there, proved) == lines_of(back, proved, true));
        CHECK(there.count(kWeaker) == back.count(kStronger));
        CHECK(there.count(kDifferent) == back.count(kDifferent));
        CHECK(there.count(kNeutral) == back.count(kNeutral));
    }
}
