// Finding tokens as they stand: neighbours, right ends, what is no token, chunks.
#include <doctest/doctest.h>

#include "scan_found.h"

using namespace jwtdomain;
using namespace jwtdomain::scan;
using test::found_in;
using test::FoundText;
using test::only_one;
using test::sample;

namespace {

std::string part(std::string_view text) { return base64url_encode(text); }

} // namespace

TEST_CASE("scan/find: no neighbour hides a token, and its octets are told") {
    const std::string token = sample();
    for (const std::string_view right :
         {"",  "&", "#",  ",", "<",   ")", "]", "|", ":", ".",   "\"",      "'",
          ";", " ", "\n", "}", "%22", "/", "?", "=", "~", "\\n", "\x1b[0m", "\xc2\xa0"}) {
        CAPTURE(right);
        for (const std::string_view left :
             {"", "%3D", "%20", "_", "\\n", "=", "Bearer ", "x", "eyJ", "ey", "-", "abc.", "."}) {
            CAPTURE(left);
            const FoundText found = only_one(std::string(left) + token + std::string(right) + "tail");
            CHECK(found.token == token);
            CHECK(found.condition == Condition::whole);
            CHECK(found.offset == left.size());
        }
    }
    const std::string nul = std::string(1, '\0');
    CHECK(only_one(nul + token + nul + nul).token == token);
    const FoundText third = only_one("one\ntwo\n  " + token + "\n");
    CHECK(third.line == 3);
    CHECK(third.size == token.size());
}

TEST_CASE("scan/find: headers that do not begin with a quotation mark; no claims; a detached payload") {
    for (const char* const header : {"{ \"alg\":\"HS256\"}", "{\r\n \"alg\":\"HS256\"}", "{\n\"alg\":\"HS256\"}",
                                     "{\t\"alg\":\"HS256\"}", "{\"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}"})
        CHECK(only_one(sample(header)).token == sample(header));
    CHECK(only_one(sample(R"({"alg":"HS256"})", 32, "{}")).token.find(".e30.") != std::string::npos);
    const FoundText detached = only_one(sample(R"({"alg":"ES256"})", 64, ""));
    CHECK(detached.form == Form::detached);
    CHECK(detached.condition == Condition::whole);
}

TEST_CASE("scan/find: the length that the algorithm gives fixes the right end") {
    struct Case {
        const char* algorithm;
        std::size_t octets;
    };
    for (const Case& each : {Case{"HS256", 32},
                             {"HS384", 48},
                             {"HS512", 64},
                             {"ES256", 64},
                             {"ES384", 96},
                             {"ES512", 132},
                             {"EdDSA", 64},
                             {"EdDSA", 114},
                             {"Ed25519", 64},
                             {"Ed448", 114},
                             {"RS256", 256},
                             {"RS256", 384},
                             {"PS512", 512},
                             {"RS256", 128},
                             {"RS256", 1024}}) {
        CAPTURE(each.algorithm);
        CAPTURE(each.octets);
        const std::string header = std::string(R"({"alg":")") + each.algorithm + "\"}";
        const std::string token = sample(header, each.octets);
        CHECK(only_one(token + ".").token == token);
        const FoundText glued = only_one(token + "AndMore");
        CHECK(glued.token == token);
        CHECK(glued.glued);
        const FoundText cut = only_one(token.substr(0, token.size() - 30));
        CHECK(cut.condition == Condition::truncated);
    }
    const std::string none = part(R"({"alg":"none"})") + "." + part(R"({"sub":"a"})") + ".";
    CHECK(only_one(none).condition == Condition::whole);
}

TEST_CASE("scan/find: scrubbed and truncated tokens are told as such") {
    const std::string token = sample();
    const std::string input = token.substr(0, token.rfind('.'));
    for (const char* const scrubbed :
         {".[REDACTED]", ".***", ".", ".REDACTED", ".xxxxxxxx", ".<signature>", ".signature"}) {
        CAPTURE(scrubbed);
        const FoundText found = only_one(input + scrubbed);
        CHECK(found.condition == Condition::scrubbed);
        CHECK(found.token.substr(0, input.size()) == input);
    }
    for (const std::string& cut : {input, input + "...", input.substr(0, input.size() - 9),
                                   token.substr(0, token.size() - 1), input + ".abcd..."})
        CHECK(only_one(cut + "\n").condition == Condition::truncated);
}

TEST_CASE("scan/find: encrypted tokens, also with no key in them, and SD-JWTs with their disclosures") {
    const auto jwe = [](const char* encryption, std::size_t key, std::size_t vector, std::size_t tag) {
        return part(std::string(R"({"alg":"dir","enc":")") + encryption + "\"}") + "." + part(std::string(key, 'k')) +
               "." + part(std::string(vector, 'v')) + "." + part(std::string(99, 'c')) + "." +
               part(std::string(tag, 't'));
    };
    for (const std::string& token :
         {jwe("A128GCM", 0, 12, 16), jwe("A256GCM", 256, 12, 16), jwe("A128CBC-HS256", 0, 16, 16),
          jwe("A192CBC-HS384", 40, 16, 24), jwe("A256CBC-HS512", 0, 16, 32)}) {
        const FoundText found = only_one("cookie=" + token + "; Path=/");
        CHECK(found.token == token);
        CHECK(found.form == Form::jwe);
        CHECK(found.condition == Condition::whole);
        CHECK(only_one(token + "glued").token == token);
        CHECK(only_one(token.substr(0, token.size() - 2)).condition == Condition::truncated);
    }
    const std::string disclosures = "~" + part(R"(["salt","name","Alice"])") + "~" + part(R"(["salt2","DE"])") + "~";
    const std::string jws = sample(R"({"alg":"ES256"})", 64);
    for (const std::string& token :
         {jws + disclosures, jws + disclosures + sample(R"({"alg":"ES256","typ":"kb+jwt"})", 64)}) {
        const FoundText found = only_one("vp_token=" + token + "&state=1");
        CHECK(found.token == token);
        CHECK(found.form == Form::sd_jwt);
    }
    CHECK(only_one(jws + "~user").token == jws);
}

TEST_CASE("scan/find: what is no token is passed over") {
    for (const std::string& text :
         {std::string("com.example.app.eyJhbGci.service.method.name"), part(R"({"version":3,"sources":["a.js"]})"),
          part(R"({"user":1})") + ".XxYyZz." + part("signature of flask itself"),
          "pk." + part(R"({"u":"name","a":"abc"})") + "." + part(std::string(16, 's')),
          part(R"({"id":1,"offset":20})") + "=", part(R"({"alg":"HS256"})"),
          part(R"({"alg":256})") + "." + part("{}") + ".x", part(R"([{"alg":"HS256"}])") + "." + part("{}") + ".x",
          part(R"({"alg":"HS256"})") + ".payload.signature",
          part(R"({"alg":"HS256")") + "." + part("{}") + "." + part(std::string(32, 's')),
          std::string("eyJhbGciOiJIUzI1NiJ9 and eyJ... are how tokens begin"), std::string("eyJ"),
          std::string("eyJ.eyJ.eyJ"), std::string("ZXlK V5S leU 794 579 5 7 79\\ e\0y", 33)}) {
        CAPTURE(text);
        for (const Effort effort : {Effort::strict, Effort::normal, Effort::loose})
            CHECK(found_in(text, effort).empty());
    }
}

TEST_CASE("scan/find: tokens inside of the claims of a token") {
    const std::string inner = sample();
    const std::string outer = sample(R"({"alg":"ES256"})", 64, R"({"sub":"a","actor":")" + inner + "\"}");
    const auto found = found_in("x " + outer + " y");
    REQUIRE(found.size() == 2);
    CHECK(found[0].token == outer);
    CHECK(found[1].token == inner);
    CHECK(found[1].layers == "claims");
    CHECK(found[1].offset == 2);
    const auto nested = found_in(sample(R"({"alg":"ES256","cty":"JWT"})", 64, outer));
    REQUIRE(nested.size() == 3);
    CHECK(nested[2].layers == "claims claims");
}

TEST_CASE("scan/find: chunks and windows of any size find what the whole text has") {
    std::mt19937 random(3);
    std::string text;
    for (int i = 0; i < 60; ++i) {
        const std::string token = sample(R"({"alg":"ES256","kid":")" + std::to_string(i) + "\"}", 64);
        text += std::string(random() % 300, "abc \n=eZ79"[random() % 10]);
        switch (random() % 7) {
        case 0: text += token; break;
        case 1: text += base64_encode(token); break;
        case 2: text += test::in_lines(token, 40, "\n"); break;
        case 3: text += test::digits_of(token, ""); break;
        case 4: text += test::utf16_of(token, false); break;
        case 5: text += token.substr(0, random() % token.size()); break;
        default: text += test::with_dots(token, "%2E"); break;
        }
        text += "\n;";
    }
    const auto whole = found_in(text);
    CHECK(whole.size() > 40);
    for (const std::size_t chunk : {1u, 7u, 64u, 997u, 5000u}) {
        CAPTURE(chunk);
        CHECK(found_in(text, Effort::normal, chunk) == whole);
        CHECK(found_in(text, Effort::normal, chunk, 16384) == whole);
    }
}
