#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/jwt/mint.h"

using namespace jwtdomain;

TEST_CASE("jwt/mint: the signing input is that of RFC 7515 appendix A.1") {
    CHECK(make_signing_input("{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}",
                             "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}") ==
          "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
          ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ");
}

TEST_CASE("jwt/mint: the whole token of RFC 7515 appendix A.1 comes out") {
    std::string octets;
    REQUIRE(base64url_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
                             octets) == Base64Defect::none);
    const auto key = HmacKey::from_secret(SecretBytes(std::string_view(octets)));
    Minter minter(Signer::make(*key, Algorithm::HS256).value(), "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}");
    std::string token = "before ";
    REQUIRE(minter.mint("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}", token)
                .has_value());
    CHECK(token == "before eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
                   ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
                   ".dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    std::string again;
    REQUIRE(minter.mint("{}", again).has_value());
    CHECK(again.rfind("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.e30.", 0) == 0);
}

TEST_CASE("jwt/mint: a header holds what it is given, in that order") {
    CHECK(write_header({.algorithm = "ES256", .kid = "a\"b", .type = "at+jwt", .further = {{"x", "[1]"}}}) ==
          R"({"alg":"ES256","kid":"a\"b","typ":"at+jwt","x":[1]})");
    CHECK(write_header({.algorithm = "EdDSA", .kid = {}, .type = {}, .further = {}}) == R"({"alg":"EdDSA"})");
}

TEST_CASE("jwt/mint: identifiers are 128 bits in one spelling, and do not come twice") {
    TokenIds ids;
    std::set<std::string> seen;
    std::string octets;
    for (int i = 0; i < 2000; ++i) {
        const std::string id = ids.next();
        REQUIRE(base64url_decode(id, octets) == Base64Defect::none);
        CHECK(octets.size() == 16);
        seen.insert(id);
    }
    CHECK(seen.size() == 2000);
    CHECK(TokenIds().next() != TokenIds().next());
}

TEST_CASE("jwt/mint: texts become JSON strings that read back the same") {
    std::string every;
    for (int c = 0; c < 0x80; ++c) every += static_cast<char>(c);
    every += "\xc3\xa9\xf0\x9f\x94\x91";
    CHECK(nlohmann::json::parse(json::quote(every)).get<std::string>() == every);
    CHECK(json::quote("") == "\"\"");
    std::string object;
    json::ObjectWriter writer(object);
    writer.text("a", "x").number("n", -5).raw("r", "{}").close();
    CHECK(object == R"({"a":"x","n":-5,"r":{}})");
}
