// envoy-gateway in the normal form: each thing that its documentation and source say of a field, and each that is not known.
#include <doctest/doctest.h>
#include <fstream>
#include <sstream>

#include "jwtdomain/gateway/gateway.h"

using namespace jwtdomain;

TEST_CASE("gateway/envoy-gateway: the example is recognised and read") {
    std::ifstream in(TEST_DATA "/gateway/envoy-gateway.yaml");
    std::ostringstream text;
    text << in.rdbuf();
    const auto import = gateway::read({.file = "envoy-gateway.yaml", .text = text.str()});
    REQUIRE(import);
    CHECK(import->type == "envoy-gateway");
    const auto verifiers = gateway::verifiers_of(*import, "prod");
    REQUIRE(verifiers);
    CHECK(verifiers->front().guard == accept::Entry::Guard::paths);
}
