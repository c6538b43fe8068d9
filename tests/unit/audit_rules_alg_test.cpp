// The rules about algorithms, and about what a token's header may ask for.
#include "audit_estate.h"

using namespace jwtdomain;
using namespace jwtdomain::audit;
using namespace jwtdomain::audit::test;

namespace {

std::string rules_of_header(const std::string& header) {
    AuditEstate estate;
    estate.add_token(header, AuditEstate::claims("prod"));
    return estate.rules();
}

} // namespace

TEST_CASE("audit/rules/alg: ALG-01 none") {
    AuditEstate estate;
    estate.path()["dialect"] = "{none: accepted}";
    CHECK(estate.rules() == "ALG-01");
    CHECK(estate.only("ALG-01").severity == Severity::critical);
    CHECK(estate.only("ALG-01").attacker == Attacker::outsider);
    estate.path()["dialect"] = "{none: refused}";
    CHECK(estate.rules() == "");
    CHECK(rules_of_header(R"({"alg":"none"})") == ""); // such a token is no defect of a verifier
    estate.path()["keys"] = "none";                    // no signature is checked
    CHECK(estate.rules() == "ALG-01 RUN-03");
    CHECK(estate.only("ALG-01").severity == Severity::critical);
}

TEST_CASE("audit/rules/alg: ALG-04 keys that the header brings along, or says the place of") {
    for (const char* keys : {"'{jwk}'", "'{x5c}'", "'{jku}'", "'{x5u}'", "'https://keys.staging.example{jku}'"}) {
        CAPTURE(keys);
        AuditEstate estate;
        estate.path()["keys"] = keys;
        CHECK(estate.rules() == "ALG-04");
        CHECK(estate.only("ALG-04").severity == Severity::critical);
        CHECK(estate.only("ALG-04").attacker == Attacker::outsider);
    }
    AuditEstate pinned; // a claim of that name says nothing of the header
    pinned.path()["keys"] = "'{jku}'";
    pinned.path()["claims"] = "{domain: staging, jku: ['https://keys.staging.example']}";
    CHECK(pinned.only("ALG-04").severity == Severity::critical);
    AuditEstate kid; // which of the keys of that host
    kid.path()["keys"] = "'https://auth.staging.example/{kid}'";
    CHECK(kid.rules() == "");
    CHECK(rules_of_header(R"({"alg":"ES256","jku":"https://evil.example/jwks.json"})") == ""); // nobody looks at it
}

TEST_CASE("audit/rules/alg: ALG-12 keys that sign for all customers of AWS") {
    const auto rules_at = [](const std::string& place) {
        AuditEstate estate;
        estate.files[place] = estate.files["jwks/staging.json"];
        estate.path()["keys"] = "'" + place + "'";
        return estate.rules();
    };
    for (const char* place : {"https://public-keys.auth.elb.eu-west-1.amazonaws.com/x",
                              "https://public-keys.auth.elb.cn-north-1.amazonaws.com.cn/x",
                              "https://s3-us-gov-west-1.amazonaws.com/aws-elb-public-keys-prod-us-gov-west-1/x"}) {
        CAPTURE(std::string(place));
        CHECK(rules_at(place) == "ALG-12 JWK-04"); // the policy does not name that host
    }
    AuditEstate by_kid;
    by_kid.path()["keys"] = "'https://public-keys.auth.elb.eu-west-1.amazonaws.com/{kid}'";
    CHECK(by_kid.rules() == "ALG-12");
    CHECK(by_kid.only("ALG-12").severity == Severity::critical);
    for (const char* place :
         {"https://cognito-idp.eu-west-1.amazonaws.com/x", "https://public-keys.auth.elb.evil.example/x",
          "https://s3.amazonaws.com/own-keys", "https://evil.example/public-keys.auth.elb.eu-west-1.amazonaws.com"}) {
        CAPTURE(std::string(place));
        CHECK(rules_at(place) == "JWK-04");
    }
    by_kid.path()["keys"] = "jwks/staging.json"; // its own
    CHECK(by_kid.rules() == "");
}

TEST_CASE("audit/rules/alg: ALG-05 keys from where the token says") {
    AuditEstate estate;
    estate.path()["keys"] = "'{iss}/jwks.json'";
    CHECK(estate.rules() == ""); // there is one issuer
    estate.path()["issuer"] = "any";
    CHECK(estate.rules() == "ALG-05 ISS-01");
    CHECK(estate.only("ALG-05").severity == Severity::critical);
    CHECK(estate.only("ALG-05").attacker == Attacker::outsider);
    AuditEstate array; // the first is asked for keys, and the second is right
    array.path()["keys"] = "'{iss}/jwks.json'";
    array.path()["dialect"] = "{issuer_array: accepted}";
    CHECK(array.rules() == "ALG-05 ISS-05");
    CHECK(array.only("ALG-05").severity == Severity::critical);
    AuditEstate tenants;
    tenants.path()["keys"] = "https://keys.staging.example/{tenant}.json";
    CHECK(tenants.rules() == "ALG-05");
    CHECK(tenants.only("ALG-05").severity == Severity::high); // who has a place there is not known
    tenants.path()["claims"] = "{domain: staging, tenant: [a, b]}";
    CHECK(tenants.rules() == "JWK-04"); // the policy does not name that host
}

TEST_CASE("audit/rules/alg: places that are named by several claims multiply, and end") {
    AuditEstate estate;
    std::string values;
    for (int i = 0; i < 40; ++i) values += (i == 0 ? "[v" : ", v") + std::to_string(i);
    values += "]";
    const auto paths_with = [&](const std::string& claims) {
        estate.path()["claims"] = "{domain: staging, " + claims + "}";
        std::size_t paths = 0;
        estate.prove_and([&](const Estate& made, const Findings& findings) {
            for (const Service& service : made.services) {
                if (service.domain != 1) continue;
                paths = service.entry->paths.size();
                if (paths == 1) CHECK(findings.cell(made, 0, 1).unknown); // where its keys are is not known
            }
        });
        return paths;
    };
    estate.path()["keys"] =
        "['https://keys.staging.example/{tenant}.json', 'https://keys.staging.example/{team}.json']";
    CHECK(paths_with("tenant: " + values + ", team: [a, b]") == 80);
    CHECK(paths_with("tenant: " + values + ", team: " + values) == 1); // 1,600 would be too many
}

TEST_CASE("audit/rules/alg: ALG-09 encrypted is not signed") {
    AuditEstate estate;
    estate.path()["dialect"] = "{encryption: accepted}";
    CHECK(estate.rules() == "ALG-09");
    CHECK(estate.only("ALG-09").severity == Severity::critical);
    estate.path()["dialect"] = "{encryption: refused}";
    CHECK(estate.rules() == "");
    estate.paths.clear(); // nobody says how it reads
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/rules/alg: TYP-03 another serialization") {
    AuditEstate estate;
    estate.path()["dialect"] = "{json: accepted}";
    CHECK(estate.rules() == "TYP-03");
    CHECK(estate.only("TYP-03").severity == Severity::high);
    estate.path()["dialect"] = "{json: refused}";
    CHECK(estate.rules() == "");
    estate.paths.clear(); // nobody says how it reads
    CHECK(estate.rules() == "");
}

TEST_CASE("audit/rules/alg: ALG-02 secrets and signatures on one path") {
    AuditEstate estate;
    estate.path()["algorithms"] = "[ES256, HS256]";
    CHECK(estate.rules() == "ALG-02");
    estate.path()["algorithms"] = "[ES256, RS256]";
    CHECK(estate.rules() == "");
    AuditEstate by_key;
    by_key.files["secrets.json"] = key_set({oct("mac", kRandom)});
    by_key.path()["keys"] = "[jwks/staging.json, secrets.json]";
    by_key.path()["algorithms"] = "[ES256, HS256]";
    CHECK(by_key.only("ALG-02").message.find("secrets and public keys") != std::string::npos);
    AuditEstate apart; // each verifier of one kind
    apart.files["secrets.json"] = key_set({oct("mac", kRandom)});
    apart.path()["keys"] = "secrets.json";
    apart.path()["algorithms"] = "[HS256]";
    CHECK(apart.rules() == "");
}

TEST_CASE("audit/rules/alg: ALG-03 an algorithm that nothing binds") {
    AuditEstate estate;
    estate.files["jwks/staging.json"] = key_set({rsa("a", 0)});
    estate.path().erase("algorithms");
    CHECK(estate.rules() == "ALG-03 KEY-10");
    estate.files["jwks/staging.json"] = key_set({rsa("a", 0, R"(,"alg":"RS256")")});
    CHECK(estate.rules() == ""); // the key says it
    estate.files["jwks/staging.json"] = key_set({rsa("a", 0)});
    estate.path()["algorithms"] = "[RS256]";
    CHECK(estate.rules() == ""); // the path says it
    estate.path().erase("algorithms");
    estate.files["jwks/staging.json"] =
        key_set({R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})"});
    CHECK(estate.rules() == "KEY-05"); // the type of the key leaves one (the key is that of RFC 8037)
}

TEST_CASE("audit/rules/alg: ALG-06 a kid that does harm") {
    AuditEstate estate;
    for (const char* kid : {"../../dev/null", "x' OR '1'='1", "https://evil.example/k", "a\\u0000b"}) {
        CAPTURE(kid);
        estate.files["jwks/staging.json"] = key_set({staging_key(kid)});
        CHECK(estate.rules() == "ALG-06");
        CHECK(rules_of_header(R"({"alg":"ES256","kid":")" + std::string(kid) + R"("})") == "ALG-06");
    }
    estate.files["jwks/staging.json"] = key_set({staging_key("a/b")});
    CHECK(estate.rules() == "");
    estate.add_token(R"({"alg":"ES256","kid":"a/b"})", AuditEstate::claims("staging"));
    CHECK(estate.rules() == ""); // opaque, and found in a set
    estate.add_token(R"({"alg":"ES256","kid":"/etc/passwd"})", AuditEstate::claims("staging"));
    CHECK(estate.rules() == "ALG-06");
    CHECK(estate.only("ALG-06").domains == std::vector<std::size_t>{1});
    CHECK(rules_of_header(R"({"alg":"ES256"})") == "");
}

TEST_CASE("audit/rules/alg: ALG-07 crit") {
    AuditEstate estate;
    estate.path()["dialect"] = "{crit: ignored}";
    CHECK(estate.rules() == "ALG-07");
    CHECK(rules_of_header(R"({"alg":"ES256","crit":[]})") == "ALG-07");
    CHECK(rules_of_header(R"({"alg":"ES256","crit":["alg"]})") == "ALG-07");
    CHECK(rules_of_header(R"({"alg":"ES256","crit":["x"]})") == "ALG-07"); // absent
    CHECK(rules_of_header(R"({"alg":"ES256","crit":["x"],"x":1})") == ""); // verifiers refuse it
    CHECK(rules_of_header(R"({"alg":"ES256"})") == "");
}

TEST_CASE("audit/rules/alg: ALG-08 an unencoded payload") {
    const std::string header = R"({"alg":"ES256","b64":false,"crit":["b64"]})";
    CHECK(rules_of_header(header) == "ALG-08");
    CHECK(rules_of_header(R"({"alg":"ES256","b64":true})") == "");
    AuditEstate detached; // a JWS that is no JWT
    detached.tokens.push_back({base64url_encode(header) + "..AAAA", "token 1"});
    CHECK(detached.rules() == "");
    AuditEstate plain; // the payload as it is
    plain.tokens.push_back({base64url_encode(header) + R"(.{"iss":"x"}.AAAA)", "token 1"});
    CHECK(plain.rules() == "ALG-08");
}

TEST_CASE("audit/rules/alg: ALG-10 work without bound") {
    const auto iterations = [](const std::string& count) {
        const std::string header = R"({"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":)" + count + "}";
        AuditEstate estate;
        estate.tokens.push_back({base64url_encode(header) + ".AA.AA.AA.AA", "token 1"});
        return estate.rules();
    };
    CHECK(iterations("2147483647") == "ALG-10");
    CHECK(iterations("1e99") == "ALG-10");
    CHECK(iterations("600000") == "");
    CHECK(rules_of_header(R"({"alg":"ES256","zip":"DEF"})") == "ALG-10");
    CHECK(rules_of_header(R"({"alg":"ES256"})") == "");
}
