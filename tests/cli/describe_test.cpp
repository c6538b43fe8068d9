#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "tests/support/audited.h"
#include "tests/support/golden.h"

using namespace jwtdomain;
using test::Audited;
using test::Outcome;

namespace {

const std::string kEnvoy = test::read_text(std::string(TEST_DATA) + "/gateway/envoy.yaml");

struct Gateways : Audited {
    Gateways() {
        put_verifiers("[]\n");
        put("policy.yaml", "version: 1\n");
        put("envoy.yaml", kEnvoy); // beside the keys
    }
    static std::string only(const std::string& provider) { // one provider, for every request
        return "providers:\n  main:\n" + provider +
               "rules:\n  - match: {prefix: /}\n    requires: {provider_name: main}\n";
    }
    static std::string strict(const std::string& domain) {
        return only("    issuer: https://auth." + domain + ".example.com\n    audiences: [https://api." + domain +
                    ".example.com]\n    require_expiration: true\n    local_jwks: {filename: jwks/" + domain +
                    ".json}\n");
    }
    std::string verdict(std::vector<std::string> words) {
        words.insert(words.begin(), {"audit", "--format", "json"});
        return nlohmann::json::parse(world.run(words).out)["verdict"];
    }
    std::string file(const std::string& name) const { return policy_file(name); }
};

} // namespace

TEST_CASE("cli/describe: in words and in the normal form") {
    Gateways estate;
    const Outcome text = estate.world.run({"describe", estate.file("envoy.yaml")});
    CHECK(text.status == 0);
    CHECK(test::widest_line(text.out) <= 80);
    test::check_golden("describe/envoy.txt", text.out);
    const Outcome json = estate.world.run({"describe", estate.file("envoy.yaml"), "--format", "json"});
    test::check_golden("describe/envoy.json", json.out);
    // The form is what audit reads, too, and says the same.
    estate.put("form.json", json.out);
    CHECK(estate.verdict({"prod=" + estate.file("form.json")}) ==
          estate.verdict({"prod=" + estate.file("envoy.yaml")}));
    const Outcome again = estate.world.run({"describe", estate.file("form.json"), "--format", "json"});
    auto one = nlohmann::json::parse(json.out), two = nlohmann::json::parse(again.out);
    CHECK(one["verifiers"] == two["verifiers"]);
}

TEST_CASE("cli/describe: names are escaped; a folder is read on after a bad file") {
    Gateways estate;
    estate.put("folder/a.yaml", "providers: {p: {issuer: x, local_jwks: {filename: k.json}}}\nrules:\n"
                                "  - match: {prefix: \"/\\e[2J\\u202e\"}\n    requires: {provider_name: p}\n");
    estate.put("folder/b.yaml", "a: [");
    const Outcome outcome = estate.world.run({"describe", estate.file("folder")});
    CHECK(outcome.status == 3);
    CHECK(outcome.out.find('\x1b') == std::string::npos);
    CHECK(outcome.out.find("/\\x1b[2J\\u{202e}*") != std::string::npos);
    CHECK(outcome.err.find("b.yaml:1:") != std::string::npos);
}

TEST_CASE("audit/config: one stream with many domains, read once") {
    Gateways estate;
    estate.world.input = Gateways::strict("prod");
    const Outcome both = estate.world.run({"audit", "prod=-", "staging=-", "--format", "json"});
    CHECK(both.err.empty());
    CHECK(nlohmann::json::parse(both.out)["services"].size() == 2);
    CHECK(estate.world.run({"audit", "prod=-#namespace=prod"}).err.find("is selected by namespace") !=
          std::string::npos);
}

TEST_CASE("cli/describe: bad input") {
    Gateways estate;
    CHECK(estate.world.run({"describe"}).status == 4);
    CHECK(estate.world.run({"describe", "nothing.yaml"}).status == 3);
    estate.put("other.yaml", "a: 1\n");
    const Outcome other = estate.world.run({"describe", estate.file("other.yaml")});
    CHECK(other.status == 3);
    CHECK(other.err.find("envoy") != std::string::npos);
    estate.put("broken.yaml", "a: [\n");
    CHECK(estate.world.run({"describe", estate.file("broken.yaml")}).err.find("broken.yaml:") != std::string::npos);
    CHECK(estate.world.run({"describe", estate.file("envoy.yaml"), "--type", "lighttpd"}).status == 2);
}

TEST_CASE("audit/config: the configurations of all domains, by hand, in a folder and on standard input") {
    Gateways estate;
    estate.put("gw/prod.yaml", Gateways::strict("prod"));
    estate.put("gw/staging.yaml", Gateways::strict("staging"));
    // Keys are named beside each file.
    estate.put("gw/jwks/prod.json", test::read_text(estate.policy_file("jwks/prod.json")));
    estate.put("gw/jwks/staging.json", test::read_text(estate.policy_file("jwks/staging.json")));
    const std::vector<std::string> both{"prod=" + estate.file("gw/prod.yaml"),
                                        "staging=" + estate.file("gw/staging.yaml")};
    CHECK(estate.verdict(both) == "isolated");
    std::vector<std::string> config = both;
    config.insert(config.begin(), {"audit", "--require", "config"});
    const Outcome isolated = estate.world.run(config);
    CHECK(isolated.status == 0);
    CHECK(isolated.out.find("[config]") != std::string::npos);
    CHECK(estate.verdict({both.front()}) == "not-proven"); // nothing is known of staging's
    CHECK(estate.world.run({"audit", "prod=" + estate.file("gw")}).status ==
          1); // a folder with a guard for staging's tokens
    estate.world.input = Gateways::strict("prod");
    CHECK(estate.world.run({"audit", "prod=-", both.back()}).status != 2);
}

TEST_CASE("audit/config: the policy names a configuration") {
    Gateways estate;
    estate.put("prod.yaml", Gateways::strict("prod"));
    estate.put("staging.yaml", Gateways::strict("staging"));
    estate.put("policy.yaml", "version: 1\nverifiers:\n  - {domain: prod, type: envoy, path: prod.yaml}\n"
                              "  - {domain: staging, type: envoy, path: staging.yaml}\n");
    CHECK(estate.verdict({}) == "isolated");
    estate.put("staging.yaml", "not: envoy\n");
    CHECK(estate.verdict({}) == "not-proven");
}

TEST_CASE("audit/config: keys within the configuration, in PEM, and no secret is repeated") {
    Gateways estate;
    const std::string secret = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldA";
    estate.put("inline.yaml", Gateways::only("    local_jwks: {inline_string: '{\"keys\":[{\"kty\":\"oct\",\"k\":\"" +
                                             secret + "\"},{\"kty\":\"oct\",\"k\":\"!\"}]}'}\n"));
    for (const char* format : {"text", "json", "html"}) {
        const Outcome audit = estate.world.run({"audit", "--format", format, "prod=" + estate.file("inline.yaml")});
        CHECK((audit.out + audit.err).find(secret) == std::string::npos);
    }
    estate.must({"keygen", "--out", estate.directory / "k.pem"});
    estate.must({"keygen", "--from", estate.directory / "k.pem", "--public", "--out", estate.policy_file("k.pem")});
    estate.put("pem.yaml", Gateways::only("    local_jwks: {filename: k.pem}\n"));
    estate.put("staging.yaml", Gateways::strict("staging"));
    const std::vector<std::string> words{"prod=" + estate.file("pem.yaml"), "staging=" + estate.file("staging.yaml")};
    CHECK(estate.verdict(words) == "isolated"); // nobody has it
    const std::string pem = test::read_text(estate.policy_file("k.pem"));
    estate.put("k.pem", pem + pem);
    CHECK(estate.verdict(words) == "not-proven");
}

TEST_CASE("audit/config: one that cannot be read leaves the others, and a leak is a leak") {
    Gateways estate;
    estate.put("staging.yaml", Gateways::strict("staging"));
    const Outcome leak = estate.world.run({"audit", "prod=" + estate.file("envoy.yaml"), "staging=nothing.yaml"});
    CHECK(leak.status == 1);
    CHECK(leak.err.find("nothing.yaml") != std::string::npos);
    const Outcome unread = estate.world.run({"audit", "prod=nothing.yaml", "staging=" + estate.file("staging.yaml")});
    CHECK(unread.status == 3);
    CHECK(estate.world.run({"audit", "nix=x"}).err.find("nix") != std::string::npos);
    CHECK(estate.world.run({"audit", "prod=x", "staging"}).status == 2);
    CHECK(estate.world.run({"audit", "--type", "envoy"}).status == 2);
}

TEST_CASE("cli/describe: a stream that holds something of several types is read for each") {
    Gateways estate;
    estate.put("stream.yaml", kEnvoy +
                                  "---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: web\n"
                                  "  annotations: {nginx.ingress.kubernetes.io/auth-url: https://auth.example.com}\n"
                                  "spec: {rules: [{host: api.example.com}]}\n");
    const Outcome outcome = estate.world.run({"describe", estate.file("stream.yaml")});
    CHECK(outcome.status == 0);
    CHECK(test::first_line(outcome.out).rfind("envoy, external ", 0) == 0);
    CHECK(outcome.out.find("external") != outcome.out.rfind("external"));
}

TEST_CASE("cli/describe: which keys it leads to, and where those are named that are not there") {
    Gateways estate;
    estate.put("folder/a.yaml", Gateways::strict("gone"));
    estate.put("folder/b.yaml", "accepts:\n  - {keys: [../jwks/prod.json, 'https://keys.example/{iss}'], issuer: any, "
                                "audience: any, expiry: required}\n");
    const auto json =
        nlohmann::json::parse(estate.world.run({"describe", estate.file("folder"), "--format", "json"}).out);
    REQUIRE(json["keys"].size() == 3);
    for (const auto& key : json["keys"]) {
        const std::string location = key["location"];
        CAPTURE(key.dump());
        CHECK(key["read"] == (location == "../jwks/prod.json"));
        CHECK((key["at"].get<std::string>().find(location == "jwks/gone.json" ? "a.yaml:6:" : "b.yaml:2:") == 0));
        if (location == "jwks/gone.json")
            CHECK(key["why"].get<std::string>().find("folder/jwks/gone.json") != std::string::npos);
        if (location.find("iss") != std::string::npos)
            CHECK(key["why"].get<std::string>().find("the claim iss") != std::string::npos);
    }
    const Outcome text = estate.world.run({"describe", estate.file("folder/b.yaml")});
    CHECK(text.status == 0);
    CHECK(text.out.find("keys read             ../jwks/prod.json: 1 key, kid prod-1") != std::string::npos);
}

TEST_CASE("cli/describe: secrets are not shown") {
    Gateways estate;
    const std::string secret = R"({"keys":[{"kty":"oct","k":"bm9ib2R5LWtub3dzLXRoaXMtc2VjcmV0LWF0LWFsbA"}]})";
    const std::string key = test::read_text(estate.file("jwks/prod.json"));
    for (const auto& [text, shown] : {std::pair{secret, false}, std::pair{key, true}}) {
        std::string one_line = text;
        std::erase(one_line, '\n');
        estate.put("form.yaml",
                   "accepts: [{keys: {inline: '" + one_line + "'}, issuer: any, audience: any, expiry: required}]\n");
        const Outcome plain = estate.world.run({"describe", estate.file("form.yaml")});
        const Outcome json = estate.world.run({"describe", estate.file("form.yaml"), "--format", "json"});
        CHECK(plain.status == 0);
        for (const Outcome& outcome : {plain, json}) CHECK(outcome.out.find("bm9ib2R5") == std::string::npos);
        CHECK((json.out.find("inline") != std::string::npos) == shown);
    }
}
