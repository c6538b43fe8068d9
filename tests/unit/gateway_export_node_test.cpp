// What is written for jose: its options, and what they cannot say.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "gateway_order.h"

using namespace jwtdomain;
using namespace jwtdomain::test_order;
using Json = nlohmann::json;

TEST_CASE("gateway/export_node: options of jwtVerify") {
    const auto out = written(order_for(Algorithm::ES256), "node");
    const Json service = Json::parse(out.text)["services"]["prod"];
    CHECK(service["library"] == "jose");
    CHECK(service["keys"]["keys"][0]["alg"] == "ES256");
    CHECK(service["options"] == Json::parse(R"({"issuer": "https://auth.example.com",
        "audience": ["https://api.example.com"], "algorithms": ["ES256"], "typ": "at+jwt",
        "requiredClaims": ["exp", "sub"], "clockTolerance": 30, "maxTokenAge": 600})"));
    CHECK(words(out) == "further-audiences lifetime domain reading");
    CHECK(has(service["description"].dump(), "not enforced: domain"));
}

TEST_CASE("gateway/export_node: an algorithm of two names") {
    const Json service = Json::parse(written(order_for(Algorithm::Ed25519), "node").text)["services"]["prod"];
    CHECK(service["options"]["algorithms"] == Json::parse(R"(["Ed25519", "EdDSA"])"));
    CHECK_FALSE(service["keys"]["keys"][0].contains("alg"));
}

TEST_CASE("gateway/export_node: other audiences are other options") {
    gateway::Order order = order_for(Algorithm::ES256);
    add_resource(order, "https://api.example.com/a", {"GET"}, {"x"});
    CHECK(Json::parse(written(order, "node").text)["services"].size() == 1);
    order.entries.back().paths.front().audience.any_of.exact = {"urn:narrow"};
    const auto out = written(order, "node");
    const Json services = Json::parse(out.text)["services"];
    CHECK(services["https://api.example.com/a"]["options"]["audience"] == Json::parse(R"(["urn:narrow"])"));
    CHECK(has(words(out), "scopes"));
}

TEST_CASE("gateway/export_node: whatever a value is, it is a string") {
    gateway::Order order = order_for(Algorithm::ES256);
    own(order).audience.any_of.exact = {"\"], \"typ\": null, \n\\"};
    const Json service = Json::parse(written(order, "node").text)["services"]["prod"];
    CHECK(service["options"]["audience"][0] == "\"], \"typ\": null, \n\\");
}

TEST_CASE("gateway/export_node: types, keys at a URL, and what jose does not know") {
    gateway::Order order = order_for(Algorithm::ES256);
    own(order).type.absent_ok = true;
    own(order).time.longest_life.reset();
    order.keys_url = "https://a.example/jwks";
    const auto out = written(order, "node");
    CHECK(words(out) == "algorithms type further-audiences issued-at domain reading");
    CHECK(Json::parse(out.text)["services"]["prod"]["keys"] == "https://a.example/jwks");
    for (const Algorithm algorithm : {Algorithm::ES256K, Algorithm::Ed448})
        CHECK(has(failure(order_for(algorithm), "node"), "--alg ES256"));
}
