#include <doctest/doctest.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/redact.h"
#include "jwtdomain/jwt/salvage.h"
#include "jwtdomain/jwt/spot.h"
#include "jwtdomain/jwt/unwrap.h"

using namespace jwtdomain;

namespace {

const std::string kHeader = base64url_encode(R"({"alg":"ES256"})");
const std::string kClaims = base64url_encode(R"({"sub":"alice"})");
const std::string kSignature = base64url_encode(std::string(64, 's'));
const std::string kToken = kHeader + "." + kClaims + "." + kSignature;

// "cookie session, junk": what was seen, from the outside in.
std::string seen(const std::string& text) {
    const auto unwrapped = unwrap_token(text);
    REQUIRE_MESSAGE(unwrapped, text);
    CHECK(unwrapped->token == kToken);
    std::string out;
    for (const Seen& s : unwrapped->seen) {
        out += (out.empty() ? "" : ", ") + std::string(name_of(s.wrapping)) + (s.detail.empty() ? "" : " " + s.detail);
        CHECK(!describe(s).empty());
    }
    return out;
}

std::string percent(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
            out += c;
        } else {
            out += '%';
            out += "0123456789ABCDEF"[static_cast<unsigned char>(c) >> 4];
            out += "0123456789ABCDEF"[static_cast<unsigned char>(c) & 15];
        }
    }
    return out;
}

std::string in_lines(const std::string& text, std::size_t width, const std::string& end = "\n") {
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += width) out += text.substr(i, width) + end;
    return out;
}

std::string utf16(const std::string& text) {
    std::string out = "\xff\xfe";
    for (const char c : text) {
        out += c;
        out += '\0';
    }
    return out;
}

Fault fault_of(const std::string& text) {
    const auto unwrapped = unwrap_token(text);
    REQUIRE(!unwrapped);
    return unwrapped.error().fault;
}

} // namespace

TEST_CASE("jwt/unwrap: the token alone, with white space around it") {
    CHECK(seen(kToken) == "");
    CHECK(seen("  \r\n\t" + kToken + "\n\n") == "");
}

TEST_CASE("jwt/unwrap: the places where tokens are copied from") {
    CHECK(seen("Bearer " + kToken) == "scheme Bearer");
    CHECK(seen("bearer  " + kToken) == "scheme Bearer");
    CHECK(seen("Authorization: DPoP " + kToken) == "header-field Authorization, scheme DPoP");
    CHECK(seen("curl -H 'Authorization: Bearer " + kToken + "' https://api.example/") ==
          "header-field Authorization, scheme Bearer");
    CHECK(seen("session=" + kToken + "; theme=dark; Path=/") == "cookie session");
    CHECK(seen("Cookie: theme=dark; session=" + kToken) == "cookie session");
    CHECK(seen("https://app.example/cb#access_token=" + kToken + "&token_type=bearer") == "parameter access_token");
    CHECK(seen("export TOKEN=" + kToken) == "parameter TOKEN");
    CHECK(seen("{\"access_token\": \"" + kToken + "\", \"expires_in\": 300}") == "json-member access_token");
    CHECK(seen("\"" + kToken + "\"") == "quotes");
    CHECK(seen("<" + kToken + ">") == "quotes");
    CHECK(seen("[\"" + kToken + "\"]") == "leading-junk 1, trailing-junk 1, quotes");
    CHECK(seen("\xef\xbb\xbf" + kToken) == "byte-order-mark");
    CHECK(seen(utf16(kToken + "\r\n")) == "utf-16");
}

TEST_CASE("jwt/unwrap: encodings around the token are peeled off, one after the other") {
    CHECK(seen(base64_encode(kToken)) == "base64");
    CHECK(seen(base64url_encode(kToken)) == "base64");
    CHECK(seen(in_lines(base64_encode(kToken), 40)) == "base64");
    CHECK(seen("data:\n  token: " + base64_encode(kToken) + "\n") == "base64");
    CHECK(seen(base64_encode(base64_encode(kToken))) == "base64, base64");
    CHECK(seen(percent("Bearer " + kToken)) == "url-encoded, scheme Bearer");
    CHECK(seen(percent(base64_encode(kToken))) == "url-encoded, base64");
}

TEST_CASE("jwt/unwrap: a token that was broken into lines is joined") {
    CHECK(seen(in_lines(kToken, 30)) == "wrapped-lines");
    CHECK(seen(in_lines(kToken, 64, "\r\n")) == "wrapped-lines");
    CHECK(seen(in_lines(kToken, 40, " \\\n")) == "wrapped-lines");
    CHECK(seen("Bearer " + in_lines(kToken, 72)) == "scheme Bearer, wrapped-lines");
    CHECK(seen(kHeader + ".\n" + kClaims + ".\n" + kSignature) == "wrapped-lines");
    CHECK(seen(kHeader + "\n." + kClaims + "\n." + kSignature + "\n") == "wrapped-lines");
}

TEST_CASE("jwt/unwrap: what stands around the token and explains nothing is junk") {
    CHECK(seen("token " + kToken + " and more") == "leading-junk 5, trailing-junk 8");
    CHECK(seen(kToken + " and more") == "trailing-junk 8");
    CHECK(seen(kToken + ".") == "trailing-junk 1");
    CHECK(seen(kToken + "\nhello") == "trailing-junk 5");
    CHECK(seen(kToken + "'") == "trailing-junk 1");
}

TEST_CASE("jwt/unwrap: of several tokens the first, and how many more") {
    const auto two = unwrap_token(kToken + "\n" + kToken + "\n" + kToken);
    REQUIRE(two);
    CHECK(two->token == kToken);
    CHECK(two->more == 2);
    CHECK(two->seen.empty());
    const auto response = unwrap_token("{\"access_token\":\"" + kToken + "\",\"id_token\":\"" + kToken + "\"}");
    REQUIRE(response);
    CHECK(response->more == 1);
}

TEST_CASE("jwt/unwrap: JWS and JWE in JSON serialization are taken whole") {
    for (const char* const text :
         {R"({"payload":"e30","protected":"e30","signature":"AA"})", R"( {"payload":"","signatures":[]} )",
          R"({"protected":"e30","ciphertext":"AA","iv":"AA","tag":"AA"})"}) {
        const auto unwrapped = unwrap_token(text);
        REQUIRE(unwrapped);
        CHECK(unwrapped->form == Unwrapped::Form::json);
    }
}

TEST_CASE("jwt/unwrap: broken tokens are taken for what they were") {
    const auto token_of = [](const std::string& text) {
        const auto unwrapped = unwrap_token(text);
        REQUIRE_MESSAGE(unwrapped, text);
        CHECK(unwrapped->form == Unwrapped::Form::compact);
        return unwrapped->token;
    };
    CHECK(token_of(kHeader) == kHeader);
    CHECK(token_of(kHeader + "." + kClaims.substr(0, 9)) == kHeader + "." + kClaims.substr(0, 9));
    CHECK(token_of(kHeader + "." + kClaims + ".") == kHeader + "." + kClaims + ".");
    CHECK(token_of(kHeader + ".." + kSignature) == kHeader + ".." + kSignature);
    CHECK(token_of(kHeader + "...") == kHeader);
    std::string damaged = kToken;
    damaged[5] = '!';
    CHECK(token_of(damaged) == damaged);
    std::string headless = kToken;
    headless[0] = 'A';
    CHECK(token_of(headless) == headless);
    CHECK(token_of("x" + kToken) == kToken);
    std::string with_nul = kToken;
    with_nul[8] = '\0';
    CHECK(token_of(with_nul) == with_nul);
}

TEST_CASE("jwt/unwrap: what is no token is said to be none, with what it is where that is known") {
    CHECK(fault_of("") == Fault::no_input);
    CHECK(fault_of(" \n\t ") == Fault::no_input);
    for (const char* const text : {"hello", "www.example.com", "a.b.c", "{}", "[]", "null", "1.2.3", "...", "~",
                                   "\xff\xfe\xfd", "eyJ", "%", "e"}) {
        CAPTURE(text);
        CHECK(fault_of(text) == Fault::invalid);
    }
    CHECK(fault_of(std::string(1000, '\0')) == Fault::invalid);
    const auto hint = [](const char* text) { return unwrap_token(text).error().hint; };
    CHECK(hint("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----") == "this is PEM: a key or a certificate");
    CHECK(hint(R"({"keys":[]})") == "this is a key or a set of keys");
    CHECK(hint(R"({"alg":"RS256"})") == "this is a header that is decoded already: give the token itself");
}

TEST_CASE("jwt/unwrap: long input of every shape takes time in proportion") {
    constexpr std::size_t kLong = 1u << 20;
    for (const char* const unit : {"e", "eyJ", ".", "eyJ.", "%41", "A\n", "{", "\"", "~", "eyJ~", "=", "ZXlK"}) {
        std::string text;
        while (text.size() < kLong) text += unit;
        CAPTURE(unit);
        [[maybe_unused]] const auto unwrapped =
            unwrap_token(text); // that it ends is the point: the test has a time limit
        CHECK(redact_text(text).size() <= text.size() + 64);
    }
}

TEST_CASE("jwt/spot: where a header begins in base64") {
    for (const char* const json : {"{\"", "{}", "{ \"", "{\n\"", "{\r\n\"", "{\t\""})
        CHECK(opens_header(base64url_encode(json)));
    for (const char* const other : {"[]", "a", "{a", "\"{\""}) CHECK(!opens_header(base64url_encode(other)));
    CHECK(!opens_header("ey"));
    const auto spotted = spot_token("see " + kToken + "~WyJhIl0~, and so on");
    REQUIRE(spotted);
    CHECK(spotted->begin == 4);
    CHECK(spotted->tail == 4 + kToken.size());
    CHECK(spotted->end == spotted->tail + 9);
    CHECK(spotted->parts == 3);
    CHECK(!spot_token(kHeader + "." + kClaims));
    CHECK(spot_token(kHeader + "." + kClaims, 0, 2)->parts == 2);
}

TEST_CASE("jwt/redact: signatures go, headers and claims stay") {
    const std::string kept = kHeader + "." + kClaims + ".[redacted]";
    CHECK(redact_text("nothing here, not even eyJ.") == "nothing here, not even eyJ.");
    CHECK(redact_text(kToken) == kept);
    CHECK(redact_text("a " + kToken + ", b " + kToken + "!") == "a " + kept + ", b " + kept + "!");
    CHECK(redact_text(kept) == kept);
    CHECK(redact_text(kHeader + "." + kClaims + ".") == kHeader + "." + kClaims + ".");
    CHECK(redact_text(kHeader + ".." + kSignature) == kHeader + "..[redacted]");
    CHECK(redact_text("%20" + kToken) == "%20" + kept);
    CHECK(redact_text(kToken + "~WyJzYWx0Il0~" + kToken) == kept + "~[redacted]");
    CHECK(redact_text(kHeader + ".a.b.c.d") == kHeader + ".[redacted]"); // JWE
}

TEST_CASE("jwt/redact: in JSON also under escapes, in names, and in JSON serialization") {
    const std::string kept = kHeader + "." + kClaims + ".[redacted]";
    CHECK(redact_json(R"({"a": [1, ")" + kToken + R"("], "b":2})") == R"({"a": [1, ")" + kept + R"("], "b":2})");
    std::string escaped = kToken;
    for (std::size_t at = escaped.find('.'); at != std::string::npos; at = escaped.find('.'))
        escaped.replace(at, 1, "\\u002e");
    escaped.replace(0, 1, "\\u0065");
    CHECK(redact_json("{\"a\":\"" + escaped + "\"}") == "{\"a\":\"" + kept + "\"}");
    CHECK(redact_json("{\"" + kToken + "\":1}") == "{\"" + kept + "\":1}");
    CHECK(redact_json("{\"a\":\"" + kToken + "\\n\\u0001\\\"\"}") == "{\"a\":\"" + kept + "\\u000a\\u0001\\\"\"}");
    CHECK(redact_json(R"({"n":{"payload":"e30","signature":"SECRET"}})") ==
          R"({"n":{"payload":"e30","signature":"[redacted]"}})");
    CHECK(redact_json(R"({"payload":"e30","signatures":[{"signature":"SECRET"}]})") ==
          R"({"payload":"e30","signatures":[{"signature":"[redacted]"}]})");
    CHECK(redact_json(R"({"signature":"of a letter"})") == R"({"signature":"of a letter"})");
    CHECK(redact_json("{broken " + kToken) == "{broken " + kept);
    CHECK(redact_json("[\"" + base64_encode("Bearer " + kToken) + "\"]") == R"(["[redacted]"])");
    CHECK(redact_json("[\"" + base64_encode("Bearer of no token, and nothing to be hidden") + "\"]").size() > 60);
}

TEST_CASE("jwt/salvage: the members before the place where it breaks") {
    const auto json = [](const std::string& text) { return salvage_object(text).json; };
    CHECK(json(R"({"a":1,"b":[2,3]})") == R"({"a":1,"b":[2,3]})");
    CHECK(salvage_object(R"({"a":1})").whole);
    CHECK(salvage_object(R"({"a":1,"a":2})").whole);
    CHECK(json(R"({"a":1,"b":"tru)") == R"({"a":1})");
    CHECK(json(R"({"a":1,"b":{"c":2},"d)") == R"({"a":1,"b":{"c":2}})");
    CHECK(json(R"({"a":1,"b":2)") == R"({"a":1})"); // it may have had more digits
    CHECK(json(R"({"a":1} trailing)") == R"({"a":1} )");
    CHECK(json("{\"a\":1,\"b\":\"\xff\"}") == "{\"a\":1,\"b\":\"\xef\xbf\xbd\"}");
    CHECK(json(R"({"a":"}],{","b":tru)") == R"({"a":"}],{"})");
    CHECK(json("{\"a\":1,\"b\":" + std::string(100000, '[')) == R"({"a":1})");
    for (const char* const nothing : {"", "{", "[1,2", "true", "{\"a\"", "{\"a\":", "{,", "x"})
        CHECK(json(nothing).empty());
    CHECK(!salvage_object(R"({"a":1,"b":"tru)").whole);
}
