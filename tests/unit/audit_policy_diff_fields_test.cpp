// Each field of the policy format, in both directions.
#include <doctest/doctest.h>

#include <set>

#include "audit_diff.h"
#include "jwtdomain/policy/schema.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

struct Row {
    std::string field, before, after, line;
};

const std::vector<Row> kDomainRows{
    {"lifetime", "10m", "24h", "weaker staging: access token life [10m] [1d]"},
    {"leeway", "30s", "1m", "weaker staging: leeway [30s] [1m]"},
    {"issuer", "https://a.example", "https://b.example",
     "different staging: issuer [https://a.example] [https://b.example]"},
    {"issuer_optional", "false", "true", "weaker staging: iss may be absent [no] [yes]"},
    {"audiences", "[a]", "[a, b]", "weaker staging: audiences [] [b]"},
    {"neutral_audiences", "[]", "[account]", "weaker staging: neutral audiences [] [account]"},
    {"audience_fallback", "[]", "[client_id]", "weaker staging: claims read where aud is absent [] [client_id]"},
    {"audience_fallback", "[azp, client_id]", "[client_id, azp]",
     "different staging: claims read where aud is absent [azp, client_id] [client_id, azp]"},
    {"audience_optional", "false", "true", "weaker staging: aud may be absent [no] [yes]"},
    {"types", "[at+jwt]", "[at+jwt, JWT]", "weaker staging: types [] [jwt]"},
    {"types", "[at+jwt]", "any", "weaker staging: types [at+jwt] [any]"},
    {"types", "[at+jwt]", "[at+jwt, absent]", "weaker staging: typ may be absent [no] [yes]"},
    {"algorithms", "[ES256]", "[ES256, RS256]", "weaker staging: algorithms [] [RS256]"},
    {"claims", "{domain: domain}", "{domain: none}", "weaker staging: domain claim [domain = staging] [none]"},
    {"claims", "{domain: domain}", "{domain: zone}",
     "different staging: domain claim [domain = staging] [zone = staging]"},
    {"claims", "{scope: scope}", "{scope: scp}", "different staging: claim of the scopes [scope] [scp]"},
    {"required", "[sub]", "[sub, jti]", "stronger staging: required claims [] [jti]"},
    {"match", "{}", "{tenant: acme}", "stronger staging: claim tenant [] [acme]"},
    {"match", "{tenant: acme}", "{tenant: [acme, initech]}", "weaker staging: claim tenant [] [initech]"},
    {"match", "{sub: {prefix: 'svc:a'}}", "{sub: {prefix: 'svc:'}}", "weaker staging: claim sub [svc:a...] [svc:...]"},
    {"match", "{sub: {prefix: a}}", "{sub: {suffix: a}}", "different staging: claim sub [a...] [...a]"},
    {"match", "{groups: {has_all: [a]}}", "{groups: {has_all: [a, b]}}", "stronger staging: claim groups [] [b]"},
    {"match", "{groups: {has_all: [a]}}", "{groups: {has_any: [a]}}",
     "different staging: claim groups [all of a] [one of a]"},
    {"match", "{tenant: acme}", "{tenant: {in: [acme], optional: true}}",
     "weaker staging: claim tenant may be absent [no] [yes]"},
    {"sender_constraint", "none", "dpop", "stronger staging: sender constraint [none] [dpop]"},
    {"profile", "none", "fapi2", "stronger staging: profile [none] [fapi2]"},
    {"refresh", "{mode: off}", "{mode: rotate}", "different staging: refresh, mode [off] [rotate]"},
    {"refresh", "{idle: 1h}", "{idle: 2h}", "weaker staging: refresh, idle [1h] [2h]"},
    {"refresh", "{absolute: 7d}", "{absolute: 30d}", "weaker staging: refresh, absolute [7d] [30d]"},
    {"refresh", "{grace: 30s}", "{grace: 1m}", "weaker staging: refresh, grace [30s] [1m]"},
    {"rotation", "{cache: 2h}", "{cache: 1h}", "different staging: rotation, cache [2h] [1h]"},
    {"rotation", "{every: 30d}", "{every: 90d}", "weaker staging: rotation, every [30d] [90d]"},
    {"rotation", "{every: 30d}", "{}", "weaker staging: rotation, every [30d] [no limit]"},
    {"resources", "[]", "[{uri: 'https://r.example'}]", "neutral staging: resource [] [https://r.example]"},
    {"resources", "[{uri: 'https://r.example'}]", "[{uri: 'https://r.example'}, {uri: 'https://r.example/a'}]",
     "different staging: resource [] [https://r.example/a]"},
    {"resources", "[{uri: 'https://r.example', methods: {GET: [read]}}]",
     "[{uri: 'https://r.example', methods: {GET: []}}]",
     "weaker staging: resource https://r.example, scopes needed by GET [read] []"},
    {"resources", "[{uri: 'https://r.example', methods: {GET: []}}]",
     "[{uri: 'https://r.example', methods: {GET: [], POST: []}}]",
     "weaker staging: resource https://r.example, methods [] [POST]"},
    {"resources", "[{uri: 'https://r.example', methods: {GET: []}}]", "[{uri: 'https://r.example'}]",
     "weaker staging: resource https://r.example, methods [GET] [any]"},
    {"resources", "[{uri: 'https://r.example', audiences: ['https://api.staging.example']}]",
     "[{uri: 'https://r.example'}]",
     "weaker staging: resource https://r.example, audiences [https://api.staging.example] [any]"},
};

const std::vector<Row> kIssuerRows{
    {"issue", "{scopes: [read]}", "{scopes: any}", "weaker staging: issued, scopes [read] [any]"},
    {"issue", "{scopes: [read]}", "{scopes: [read, write]}", "weaker staging: issued, scopes [] [write]"},
    {"issue", "{audiences: own}", "{audiences: any}",
     "weaker staging: issued, audiences [https://api.staging.example] [any]"},
    {"issue", "{audiences: own}", "{audiences: ['https://api.staging.example', b]}",
     "weaker staging: issued, audiences [] [b]"},
    {"issue", "{other_claims: false}", "{other_claims: true}", "weaker staging: issued, other claims [no] [yes]"},
    {"issue", "{other_claims: false}", "{other_claims: false, claims: {role: [a]}}",
     "weaker staging: issued, claim role [] [a]"},
    {"issue", "{claims: {role: [a]}}", "{}", "weaker staging: issued, claim role [a] [any]"},
    {"issue", "{lifetime: 5m}", "{}", "weaker staging: issued, life [5m] [10m]"},
    {"clients", "{}", "{web: {type: public}}", "weaker staging: client [] [web]"},
    {"clients", "{}", "{web: {type: public, disabled: true}}", "neutral staging: client [] [web]"},
    {"clients", "{web: {type: confidential}}", "{web: {type: public}}",
     "weaker staging: client web, confidential [yes] [no]"},
    {"clients", "{web: {type: public, disabled: true}}", "{web: {type: public}}",
     "weaker staging: client web, disabled [yes] [no]"},
    {"clients", "{web: {type: public, scopes: [a]}}", "{web: {type: public}}",
     "weaker staging: client web, scopes [a] [any]"},
    {"clients", "{web: {type: public, scopes: [a]}}", "{web: {type: public, scopes: [a, b]}}",
     "weaker staging: client web, scopes [] [b]"},
    {"clients", "{web: {type: public, audiences: ['https://api.staging.example']}}", "{web: {type: public}}",
     "weaker staging: client web, audiences [https://api.staging.example] [any]"},
};

const std::vector<Row> kPathRows{
    {"keys", "jwks/staging.json", "none", "weaker ~signature is checked [yes] [no]"},
    {"kid", "must_match", "hint", "weaker ~kid [must_match] [hint]"},
    {"kid", "hint", "ignored", "weaker ~kid [hint] [ignored]"},
    {"algorithms", "[ES256]", "[ES256, RS256]", "weaker ~algorithms [] [RS256]"},
    {"types", "[at+jwt]", "any", "weaker ~types [at+jwt] [any]"},
    {"issuer", "https://auth.staging.example", "any", "weaker ~issuer [https://auth.staging.example] [any]"},
    {"issuer_optional", "false", "true", "weaker ~iss may be absent [no] [yes]"},
    {"audience", "[a]", "any", "weaker ~audience is checked [yes] [no]"},
    {"audience", "[a]", "absent", "different ~aud must be absent [no] [yes]"},
    {"audience", "[a]", "[a, b]", "weaker ~audience [] [b]"},
    {"audience", "[a]", "[{prefix: a}]", "weaker ~audience [a] [a...]"},
    {"audience", "{any_of: [a]}", "{any_of: [a], all_of: [b]}", "stronger ~audiences needed [] [b]"},
    {"audience", "{any_of: [a], subset_of: [a]}", "{any_of: [a]}", "weaker ~audiences allowed beside [a] [any]"},
    {"audience", "{any_of: [a]}", "{any_of: [a], optional: true}", "weaker ~aud may be absent [no] [yes]"},
    {"audience", "{any_of: [a]}", "{any_of: [a], empty_ok: true}", "weaker ~aud may be empty [no] [yes]"},
    {"audience", "{any_of: [a]}", "{any_of: [a], string_only: true}",
     "stronger ~a list of audiences is refused [no] [yes]"},
    {"audience", "{any_of: [a]}", "{any_of: [a], comparison: without_slash}",
     "weaker ~comparison of audiences [exact] [without_slash]"},
    {"audience", "{any_of: [a]}", "{any_of: [a], fallback: [azp]}", "weaker ~claims read where aud is absent [] [azp]"},
    {"expiry", "required", "optional", "weaker ~expiry [required] [optional]"},
    {"negative_expiry", "refused", "accepted", "weaker ~exp below zero is accepted [no] [yes]"},
    {"zero_expiry", "refused", "absent", "weaker ~exp 0 is taken for none [no] [yes]"},
    {"malformed_times", "refused", "absent", "weaker ~a time that is no number is taken for none [no] [yes]"},
    {"not_before", "checked", "unchecked", "weaker ~nbf is checked [yes] [no]"},
    {"issued_at", "checked", "unchecked", "weaker ~iat is checked [yes] [no]"},
    {"longest_life", "10m", "1h", "weaker ~longest life [10m] [1h]"},
    {"longest_remaining", "10m", "1h", "weaker ~longest remaining life [10m] [1h]"},
    {"leeway", "0s", "30s", "weaker ~leeway [0s] [30s]"},
    {"ends", "2030-01-01", "2031-01-01", "weaker ~end [2030-01-01T00:00:00Z] [2031-01-01T00:00:00Z]"},
    {"claims", "{domain: staging}", "{}", "weaker ~claim domain [staging] []"},
    {"claims", "{tenant: {in: ['1'], role: domain}}", "{tenant: {in: ['1']}}",
     "weaker ~claim tenant is a text only [yes] [no]"},
    {"required", "[]", "[sub]", "stronger ~claim sub [] [present]"},
    {"dialect", "{}", "{duplicates: last}", "weaker ~names that stand twice [reject] [last]"},
    {"dialect", "{duplicates: first}", "{duplicates: last}", "different ~names that stand twice [first] [last]"},
    {"dialect", "{}", "{any_case: [iss]}", "weaker ~claims read in any case [] [iss]"},
    {"dialect", "{}", "{base64: lenient}", "weaker ~lenient base64 [no] [yes]"},
    {"dialect", "{}", "{issuer_array: accepted}", "weaker ~a list of issuers is accepted [no] [yes]"},
    {"dialect", "{}", "{crit: ignored}", "weaker ~crit is ignored [no] [yes]"},
    {"dialect", "{}", "{alg: ignored}", "weaker ~alg is ignored [no] [yes]"},
    {"dialect", "{}", "{none: accepted}", "weaker ~the algorithm none is accepted [no] [yes]"},
    {"dialect", "{}", "{encryption: accepted}", "weaker ~encryption alone is accepted [no] [yes]"},
    {"dialect", "{}", "{json: accepted}", "weaker ~the JSON serialization is accepted [no] [yes]"},
    {"principal", "[iss, sub]", "[email]", "different ~principal [iss, sub] [email]"},
    {"dialect", "{}", "{cache: gateway}", "different ~shared cache [none] [gateway]"},
};

} // namespace

TEST_CASE("audit/policy_diff: each field of a domain") {
    for (const Row& row : kDomainRows) {
        CAPTURE(row.line);
        CAPTURE(row.after);
        check_declared(with_domain(row.field, row.before), with_domain(row.field, row.after), {row.line});
    }
    check_declared(AuditEstate(), with_domain("foreign", "true"),
                   {"different staging: issuer is somebody else's [no] [yes]",
                    "weaker staging: issued, what is issued is described [yes] [no]"});
    check_declared(AuditEstate(), with_domain("earlier_jwks", "[jwks/prod.json]"),
                   {"different staging: earlier key sets [] [jwks/prod.json]"});
    check_declared(with_domain("audiences", "[a]"), with_domain("audiences", "[b]"),
                   {"weaker staging: audiences [] [b]", "stronger staging: audiences [a] []"});
}

TEST_CASE("audit/policy_diff: no field of the format is left out") {
    const auto check_all = [](const policy::schema::Object& object, const std::vector<const std::vector<Row>*>& rows,
                              std::set<std::string> elsewhere) {
        for (const auto* list : rows) {
            for (const Row& row : *list) elsewhere.insert(row.field);
        }
        for (const policy::schema::Field& field : object.fields) {
            CAPTURE(field.name);
            CHECK(elsewhere.count(std::string(field.name)) == 1);
        }
    };
    // What these are is compared in the other cases here, or is nothing but words for people.
    check_all(policy::schema::domain_object(), {&kDomainRows, &kIssuerRows},
              {"domain", "description", "parent", "tenant", "foreign", "domain_value", "jwks", "earlier_jwks"});
    for (const policy::schema::Object* object : policy::schema::objects()) {
        if (object->name == "path") check_all(*object, {&kPathRows}, {"name", "dropped", "key_issuer"});
        if (object->name == "trust_edge")
            check_all(*object, {}, {"from", "to", "audience", "scopes", "reason", "owner", "expires"});
        if (object->name == "exchange_edge")
            check_all(*object, {}, {"from", "to", "kind", "audience", "scopes", "reason", "owner"});
        if (object->name == "verifier")
            check_all(*object, {},
                      {"domain", "name", "resource", "methods", "type", "path", "guard", "why", "accepts",
                       "unknown_issuer", "unsigned"});
        if (object->name == "policy")
            check_all(*object, {},
                      {"version", "include", "claims", "defaults", "domains", "trust", "exchange", "verifiers",
                       "revocations"});
    }
}

TEST_CASE("audit/policy_diff: what an issuer may mint, and for whom") {
    for (const Row& row : kIssuerRows) {
        CAPTURE(row.before);
        CAPTURE(row.after);
        check_declared(with_domain(row.field, row.before), with_domain(row.field, row.after), {row.line});
    }
    AuditEstate foreign = with_domain("foreign", "true"), described = foreign;
    described.domains["staging"]["issue"] = "{scopes: [read]}";
    check_declared(described, foreign, {"weaker staging: issued, what is issued is described [yes] [no]"});
}

TEST_CASE("audit/policy_diff: each field of an acceptance path") {
    const std::string head = "staging: verifier guard-staging, ";
    for (const Row& row : kPathRows) {
        CAPTURE(row.line);
        CAPTURE(row.after);
        std::string line = row.line;
        line.replace(line.find('~'), 1, head);
        check_declared(with_path(row.field, row.before), with_path(row.field, row.after), {line});
    }
    check_declared(AuditEstate(), with_path("dropped", "[the user agent]"),
                   {"different " + head + "constraints left out [] [the user agent]"});
    check_declared(AuditEstate(), with_path("keys", "jwks/nowhere.json"),
                   {"different " + head + "keys [jwks/staging.json] [jwks/nowhere.json]",
                    "different " + head + "keys could be read [yes] [no]"});
    AuditEstate bound, unbound;
    for (AuditEstate* each : {&bound, &unbound})
        each->files["jwks/staging.json"] =
            key_set({staging_key("staging-1", R"(,"issuer":"https://auth.staging.example")")});
    bound.path()["key_issuer"] = "checked";
    const std::string key = "staging-1 (P-256, d_C4Crozxoo515sK3ds-GrXZdeqwfRQvrkdjmaR8HvU)";
    check_declared(
        bound, unbound,
        {"weaker " + head + "issuer asked for with the key " + key + " [https://auth.staging.example] [none]"});
    AuditEstate of_token = with_path("keys", "'{iss}/keys'");
    of_token.path()["issuer"] = "any";
    check_declared(with_path("issuer", "any"), of_token, {"weaker " + head + "a token chooses its keys [no] [yes]"});
    AuditEstate anonymous;
    anonymous.verifier = "    unknown_issuer: anonymous\n";
    check_declared(AuditEstate(), anonymous, {"weaker " + head + "path [] [no token, issuer any]"});
    AuditEstate believing, bound_input;
    believing.verifier = "    unsigned: [{from: header, name: X-User, decides: subject}]\n";
    bound_input.verifier = "    unsigned: [{from: header, name: X-User, decides: subject, must_equal: sub}]\n";
    check_declared(AuditEstate(), believing,
                   {"weaker " + head + "believes without a signature [] [subject from header X-User]"});
    check_declared(believing, bound_input,
                   {"different " + head + "believes, and is bound [] [subject from header X-User, equal to sub]",
                    "stronger " + head + "believes without a signature [subject from header X-User] []"});
    AuditEstate unlimited;
    unlimited.path().erase("longest_life");
    check_declared(AuditEstate(), unlimited, {"weaker " + head + "longest life [10m] [no limit]"});
}
