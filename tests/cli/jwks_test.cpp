#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "tests/support/two_domains.h"

using namespace jwtdomain;
using test::read_text;
using test::write_text;
using Json = nlohmann::json;

namespace {

// Every member of RFC 7518 section 6 that is private, of all key types.
const std::vector<std::string> kPrivateMembers{"d", "p", "q", "dp", "dq", "qi", "oth", "k"};

void check_public(const std::string& text, const Json& secret) {
    const Json set = Json::parse(text);
    for (const Json& key : set["keys"]) {
        for (const std::string& name : kPrivateMembers) CHECK_MESSAGE(!key.contains(name), name);
    }
    for (const std::string& name : kPrivateMembers) {
        if (secret.contains(name) && secret[name].is_string())
            CHECK_MESSAGE(text.find(secret[name].get<std::string>()) == std::string::npos, name);
    }
}

} // namespace

TEST_CASE("jwks/domain: the set of a domain is what its policy publishes") {
    test::TwoDomains two;
    two.must({"keygen", "--domain", "prod"});
    const test::Outcome out = two.world.run({"jwks", "--domain", "prod"});
    CHECK(out.status == 0);
    CHECK(out.out == read_text(two.policy_file("jwks/prod.json")));
    CHECK(out.err.empty());
}

TEST_CASE("jwks/domain: a private member never leaves, whatever stands in the file") {
    for (const char* algorithm : {"ES256", "EdDSA", "RS256", "HS256"}) {
        CAPTURE(algorithm);
        test::TwoDomains two;
        two.put_domain("prod", "algorithms: [ES256, EdDSA, RS256]\n");
        two.must({"keygen", "--domain", "prod"});
        const Json secret = Json::parse(two.must({"keygen", "--out", "-", "--format", "jwk", "--alg", algorithm}));
        Json set = Json::parse(read_text(two.policy_file("jwks/prod.json")));
        set["keys"].push_back(secret);
        two.put("jwks/prod.json", set.dump());
        const test::Outcome out = two.world.run({"jwks", "--domain", "prod"});
        CHECK(out.status == 0);
        CHECK(out.err.find("private members") != std::string::npos);
        CHECK(out.err.find(secret.contains("d") ? secret["d"].get<std::string>() : secret["k"].get<std::string>()) ==
              std::string::npos);
        check_public(out.out, secret);
    }
}

TEST_CASE("jwks/domain: no key yet, keys elsewhere, no such domain: each says what to do") {
    test::TwoDomains two;
    const test::Outcome none = two.world.run({"jwks", "--domain", "prod"});
    CHECK(none.status == 3);
    CHECK(none.out.empty());
    CHECK(none.err.find("jwtdomain keygen --domain prod") != std::string::npos);
    CHECK(two.world.run({"jwks", "--domain", "prodd"}).err.find("prod") != std::string::npos);
    two.put("domains/prod.yaml",
            "domain: prod\nissuer: https://a.example.com\naudiences: [x]\njwks: https://a.example.com/jwks\n");
    CHECK(two.world.run({"jwks", "--domain", "prod"}).err.find("https://a.example.com/jwks") != std::string::npos);
    CHECK(two.world.run({"jwks"}).status == 2);
    CHECK(two.world.run({"jwks", "--domain", "prod", "--key", "x"}).status == 2);
}

TEST_CASE("jwks/key: private files of every format give their public halves, each key once") {
    test::TwoDomains two;
    std::vector<std::string> line{"jwks"};
    std::vector<Json> secrets;
    for (const char* algorithm : {"ES256", "ES384", "ES512", "ES256K", "Ed25519", "Ed448", "RS256"}) {
        const std::string jwk = two.directory / (std::string(algorithm) + ".jwk"),
                          pem = two.directory / (std::string(algorithm) + ".pem");
        two.must({"keygen", "--out", jwk, "--alg", algorithm});
        two.must({"keygen", "--from", jwk, "--out", pem});
        line.insert(line.end(), {"--key", jwk, "--key", pem});
        secrets.push_back(Json::parse(read_text(jwk)));
    }
    const std::string out = two.must(line);
    const Json keys = Json::parse(out)["keys"];
    REQUIRE(keys.size() == secrets.size());
    for (std::size_t i = 0; i < secrets.size(); ++i) {
        check_public(out, secrets[i]);
        CHECK(keys[i]["kid"] == secrets[i]["kid"]);
        CHECK(keys[i]["alg"] == secrets[i]["alg"]);
        CHECK(keys[i]["use"] == "sig");
    }
}

TEST_CASE("jwks/check: is for a domain, and for URLs that may be asked") {
    test::TwoDomains two;
    two.make_keys();
    const auto says = [&](std::vector<std::string> options, int status, const std::string& words) {
        options.insert(options.begin(), "jwks");
        const test::Outcome outcome = two.world.run(options);
        CAPTURE(outcome.err);
        CHECK(outcome.status == status);
        CHECK(outcome.out.empty());
        CHECK(outcome.err.find(words) != std::string::npos);
    };
    says({"--check", "https://id.example/jwks"}, 2, "--domain NAME --check URL");
    says({"--key", "key.pem", "--check", "https://id.example/jwks"}, 2, "either --domain or --key");
    says({"--domain", "nobody", "--check", "https://id.example/jwks"}, 3, "nobody");
    says({"--domain", "prod", "--check", "http://id.example/jwks"}, 3, "only https");
    says({"--domain", "prod", "--check", "jwks.json"}, 3, "URL");
    says({"--domain", "prod", "--allow-private"}, 2, "are for --check");
    says({"--key", "key.pem", "--fetch"}, 2, "are for --check");
    says({"--domain", "prod", "--format", "text"}, 2, "text");
}

TEST_CASE("jwks/key: a shared secret, and a key that others may read, are refused") {
    test::TwoDomains two;
    const std::string secret = two.directory / "secret.jwk", open = two.directory / "open.pem";
    two.must({"keygen", "--out", secret, "--alg", "HS256"});
    const test::Outcome refused = two.world.run({"jwks", "--key", secret});
    CHECK(refused.status == 3);
    CHECK(refused.out.empty());
    CHECK(refused.err.find(Json::parse(read_text(secret))["k"].get<std::string>()) == std::string::npos);
    two.must({"keygen", "--out", open});
    chmod(open.c_str(), 0640);
    CHECK(two.world.run({"jwks", "--key", open}).err.find("chmod 600") != std::string::npos);
}
