#include <doctest/doctest.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/token.h"

using namespace jwtdomain;

namespace {

constexpr std::string_view kA1 = // RFC 7515 A.1
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ."
    "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

std::string token(std::string_view header, std::string_view claims) {
    return base64url_encode(header) + "." + base64url_encode(claims) + ".AAAA";
}

std::string codes(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& finding : findings) out += (out.empty() ? "" : " ") + std::string(info(finding.reason).code);
    return out;
}

std::string defects_of(std::string_view text, const Reading& reading = {}) {
    UnverifiedToken parsed;
    parsed.parse(text, reading);
    return codes(parsed.defects());
}

std::string header_defects(std::string_view header) {
    const std::string text = token(header, "{}");
    UnverifiedToken parsed;
    REQUIRE(parsed.parse(text));
    return codes(parsed.header().defects);
}

} // namespace

TEST_CASE("jwt/token: the example of RFC 7515 A.1 comes apart") {
    UnverifiedToken parsed;
    REQUIRE(parsed.parse(kA1));
    CHECK(parsed.usable());
    CHECK(parsed.defects().empty());
    CHECK(parsed.header().algorithm == "HS256");
    CHECK(parsed.header().type == "JWT");
    CHECK(!parsed.header().kid);
    CHECK(parsed.has_claims());
    CHECK(parsed.claims().find("iss")->text() == "joe");
    CHECK(parsed.claims().find("exp")->integer() == 1300819380);
    CHECK(parsed.signature().size() == 32);
    CHECK(parsed.signing_input() == kA1.substr(0, kA1.rfind('.')));
    CHECK(parsed.payload().substr(0, 6) == "{\"iss\"");
}

TEST_CASE("jwt/token: what is not three parts is told apart") {
    CHECK(defects_of("") == "token-parts");
    CHECK(defects_of("abc") == "token-parts");
    CHECK(defects_of("a.b") == "token-parts");
    CHECK(defects_of("a.b.c.d") == "token-parts");
    CHECK(defects_of("a.b.c.d.e") == "token-encrypted");
    CHECK(defects_of(R"({"payload":"","signatures":[]})") == "token-serialization");
    CHECK(defects_of("jdr1.prod.f.1.x.y") == "token-is-refresh");
    CHECK(defects_of(std::string(kMaxToken + 1, 'a')) == "token-too-large");
}

TEST_CASE("jwt/token: every second spelling of the encoding is refused, with its place") {
    const std::string good = token(R"({"alg":"ES256"})", "{}");
    struct Case {
        std::string_view from, to, code;
    };
    for (const Case& c : {Case{"eyJhbGciOiJFUzI1NiJ9", "eyJhbGciOiJFUzI1NiJ9=", "encoding-padding"},
                          Case{"eyJhbGciOiJFUzI1NiJ9", "eyJhbGci OiJFUzI1NiJ9", "encoding-character"},
                          Case{"e30", "e31", "encoding-noncanonical"}, Case{"e30", "e30A0", "encoding-noncanonical"},
                          Case{"AAAA", "AA+A", "encoding-character"}}) {
        std::string text = good;
        text.replace(text.find(c.from), c.from.size(), c.to);
        CAPTURE(text);
        CHECK(defects_of(text) == c.code);
    }
    UnverifiedToken parsed;
    parsed.parse("eyJhbGciOiJFUzI1NiJ9.e30.A!AA");
    REQUIRE(parsed.defects().size() == 1);
    CHECK(parsed.defects()[0].detail == "in the signature, character 2");
    CHECK(!parsed.usable());
}

TEST_CASE("jwt/token: header and claims must be strict JSON objects") {
    CHECK(defects_of(token("[]", "{}")) == "header-not-object");
    CHECK(defects_of(token("x", "{}")) == "header-not-json");
    CHECK(defects_of(token(R"({"alg":"a","alg":"b"})", "{}")) == "header-duplicate-name");
    CHECK(defects_of(token(R"({"alg":"a","\u0061lg":"b"})", "{}")) == "header-duplicate-name");
    CHECK(defects_of(token("{\"alg\":\"\xff\"}", "{}")) == "header-invalid-utf8");
    CHECK(defects_of(token("{\"a\":" + std::string(40, '['), "{}")) == "header-too-deep");
    CHECK(defects_of(token("{}", "7")) == "claims-not-object");
    CHECK(defects_of(token("{}", "{} x")) == "claims-not-json");
    CHECK(defects_of(token("{}", R"({"sub":1,"sub":2})")) == "claims-duplicate-name");
    CHECK(defects_of(token("{}", "{\"a\":\"\xc0\x80\"}")) == "claims-invalid-utf8");
    CHECK(defects_of(token("{}", "{\"a\":" + std::string(100000, '['))) == "claims-too-deep");
    CHECK(defects_of(token("x", "y")) == "header-not-json claims-not-json");
}

TEST_CASE("jwt/token: crit, b64 and zip that a verifier must refuse") {
    CHECK(header_defects(R"({"alg":"ES256"})") == "");
    CHECK(header_defects(R"({"alg":"ES256","crit":[]})") == "crit-malformed");
    CHECK(header_defects(R"({"alg":"ES256","crit":"exp","exp":1})") == "crit-malformed");
    CHECK(header_defects(R"({"alg":"ES256","crit":["exp"]})") == "crit-malformed");
    CHECK(header_defects(R"({"alg":"ES256","crit":["alg"]})") == "crit-malformed");
    CHECK(header_defects(R"({"alg":"ES256","crit":["exp","exp"],"exp":1})") == "crit-unknown crit-malformed");
    CHECK(header_defects(R"({"alg":"ES256","crit":["exp"],"exp":1})") == "crit-unknown");
    CHECK(header_defects(R"({"alg":"ES256","crit":["b64"],"b64":false})") == "b64-false");
    CHECK(header_defects(R"({"alg":"ES256","b64":"false"})") == "b64-false");
    CHECK(header_defects(R"({"alg":"ES256","b64":true})") == "");
    CHECK(header_defects(R"({"alg":"ES256","zip":"DEF"})") == "zip-present");
}

TEST_CASE("jwt/token: names of a wrong type count as absent, and are told") {
    const std::string text = token(R"({"alg":5,"kid":["k"],"typ":{}})", "{}");
    UnverifiedToken parsed;
    REQUIRE(parsed.parse(text));
    CHECK(!parsed.header().algorithm);
    CHECK(!parsed.header().kid);
    CHECK(!parsed.header().type);
    CHECK(parsed.header().kid_malformed);
    CHECK(parsed.header().type_malformed);
}

TEST_CASE("jwt/token: other verifiers' readings") {
    const std::string twice = token(R"({"alg":"a","alg":"b"})", R"({"sub":"x","sub":"y"})");
    UnverifiedToken parsed;
    CHECK(!parsed.parse(twice));
    REQUIRE(parsed.parse(twice, {.duplicates = json::Duplicates::last, .lenient_base64 = false}));
    CHECK(parsed.header().algorithm == "b");
    CHECK(parsed.claims().find("sub")->text() == "y");
    REQUIRE(parsed.parse(twice, {.duplicates = json::Duplicates::first, .lenient_base64 = false}));
    CHECK(parsed.header().algorithm == "a");
    CHECK(!parsed.parse(twice)); // the reading before leaves nothing behind
    const std::string padded = "eyJhbGciOiJFUzI1NiJ9=.e30=.AA==";
    CHECK(!parsed.parse(padded));
    CHECK(parsed.parse(padded, {.duplicates = json::Duplicates::reject, .lenient_base64 = true}));
}

TEST_CASE("jwt/token: one object reads token after token, broken ones between") {
    UnverifiedToken parsed;
    const std::string one = token(R"({"alg":"ES256","kid":"1"})", R"({"n":1})");
    const std::string two = token(R"({"alg":"ES256","kid":"1"})", R"({"n":2})"); // the same header
    const std::string broken = token(R"({"alg":"ES256","kid":"1"})", "x");
    for (int round = 0; round < 3; ++round) {
        REQUIRE(parsed.parse(one));
        CHECK(parsed.claims().find("n")->integer() == 1);
        CHECK(parsed.parse(broken)); // usable: a JWS whose payload is no JSON
        CHECK(!parsed.has_claims());
        REQUIRE(parsed.parse(two));
        CHECK(parsed.claims().find("n")->integer() == 2);
        CHECK(parsed.header().kid == "1");
        CHECK(!parsed.parse(""));
        CHECK(!parsed.parse("e30"));
    }
}

TEST_CASE("jwt/token: white space and Bearer around a pasted token") {
    CHECK(trim_token(" a.b.c\n") == "a.b.c");
    CHECK(trim_token("Bearer a.b.c") == "a.b.c");
    CHECK(trim_token("bEARER \t a.b.c \r\n") == "a.b.c");
    CHECK(trim_token("Bearer") == "Bearer");
    CHECK(trim_token("  ") == "");
    CHECK(trim_token("Basic abc") == "Basic abc");
}

TEST_CASE("jwt/token: the fingerprint is SHA-256 of the signing input, so that no signature shows in it") {
    CHECK(fingerprint("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); // FIPS 180-2
    UnverifiedToken a, b;
    REQUIRE(a.parse("eyJhbGciOiJFUzI1NiJ9.e30.AAAA"));
    REQUIRE(b.parse("eyJhbGciOiJFUzI1NiJ9.e30.BBBB"));
    CHECK(fingerprint(a.signing_input()) == fingerprint(b.signing_input()));
}
