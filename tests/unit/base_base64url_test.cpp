#include <doctest/doctest.h>

#include <random>
#include <string>
#include <tuple>
#include <utility>

#include "jwtdomain/base/base64url.h"

using namespace jwtdomain;
using namespace std::string_literals;

namespace {

Base64Defect defect(std::string_view text, std::size_t* at = nullptr) {
    std::string out;
    return base64url_decode(text, out, at);
}

std::string decoded(std::string_view text) {
    std::string out = "stale";
    REQUIRE(base64url_decode(text, out) == Base64Defect::none);
    return out;
}

} // namespace

TEST_CASE("base64/url: the vectors of RFC 4648 section 10, and appendix C of RFC 7515") {
    const std::pair<const char*, const char*> vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\x03\xec\xff\xe0\xc1", "A-z_4ME"}};
    for (const auto& [octets, text] : vectors) {
        CHECK(base64url_encode(octets) == text);
        CHECK(decoded(text) == octets);
        std::string appended = "x.";
        base64url_append(appended, octets);
        CHECK(appended == "x." + std::string(text));
    }
    CHECK(base64_encode("foob") == "Zm9vYg==");
    CHECK(base64_encode("fooba") == "Zm9vYmE=");
    CHECK(base64_encode("\xfb\xff") == "+/8=");
}

TEST_CASE("base64/url: every octet string of any length comes back") {
    std::string octets;
    for (int size = 0; size < 520; ++size) {
        REQUIRE(decoded(base64url_encode(octets)) == octets);
        octets += static_cast<char>(size * 167 + 13);
    }
}

TEST_CASE("base64/malleability: no octet string has a second spelling") {
    std::string out;
    const auto check = [&](std::string_view text) {
        if (base64url_decode(text, out) == Base64Defect::none && base64url_encode(out) != text)
            FAIL("second spelling: " << std::string(text));
    };
    std::string text;
    for (unsigned a = 0; a < 256; ++a) {
        text.assign(1, static_cast<char>(a));
        check(text);
        for (unsigned b = 0; b < 256; ++b) {
            text.assign({static_cast<char>(a), static_cast<char>(b)});
            check(text);
            text += "A";
            for (unsigned c = 0; c < 256; c += 1 + (b & 7)) {
                text[2] = static_cast<char>(c);
                check(text);
            }
        }
    }
    CHECK(defect("Zh") == Base64Defect::trailing_bits); // as Zg, with another unused bit
    CHECK(defect("Zm9") == Base64Defect::trailing_bits);
}

TEST_CASE("base64/strict: other alphabets, padding, white space, wrong lengths, with the place") {
    const std::tuple<std::string, Base64Defect, std::size_t> cases[] = {
        {"Zg==", Base64Defect::padding, 2},
        {"Zm9vYmE=", Base64Defect::padding, 7},
        {"=", Base64Defect::padding, 0},
        {"A+z_4ME", Base64Defect::character, 1},
        {"A-z/4ME", Base64Defect::character, 3},
        {"Zm9v\n", Base64Defect::character, 4},
        {" Zm9v", Base64Defect::character, 0},
        {"Zm 9v", Base64Defect::character, 2},
        {"Zm9v.", Base64Defect::character, 4},
        {"Zm9vY", Base64Defect::length, 4},
        {"Z", Base64Defect::length, 0},
        {"Zm9\0"s, Base64Defect::character, 3},
        {"Zm9\xff", Base64Defect::character, 3},
        {"Zm9\xc3\xa4", Base64Defect::character, 3},
        {"Zm9vYmB", Base64Defect::trailing_bits, 6},
        {"Zm9vZ!", Base64Defect::character, 5},
    };
    for (const auto& [text, expected, where] : cases) {
        const std::string shown = text; // clang cannot capture a binding
        CAPTURE(shown);
        std::size_t at = 999;
        CHECK(defect(text, &at) == expected);
        CHECK(at == where);
    }
}

TEST_CASE("base64/strict: one wrong octet is found at every position") {
    const std::string good(64, 'A');
    for (std::size_t i = 0; i < good.size(); ++i) {
        std::string bad = good;
        bad[i] = '*';
        std::size_t at = 999;
        REQUIRE(defect(bad, &at) == Base64Defect::character);
        REQUIRE(at == i);
    }
}

TEST_CASE("base64/strict: every octet at every position of a long text, as the alphabet says") {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (const std::size_t length : {64u, 100u, 131u}) {
        std::string text(length, 'A');
        for (std::size_t i = 0; i < length; ++i) {
            for (int octet = 0; octet < 256; ++octet) {
                text[i] = static_cast<char>(octet);
                const bool in_alphabet = kAlphabet.find(text[i]) != std::string_view::npos;
                std::string out;
                const Base64Defect found = base64url_decode(text, out);
                const bool good = found == Base64Defect::none && base64url_encode(out) == text;
                const bool last_bits = found == Base64Defect::trailing_bits && i + 1 == length;
                if (in_alphabet ? !good && !last_bits : good || last_bits) FAIL("octet " << octet << " at " << i);
            }
            text[i] = 'A';
        }
    }
}

TEST_CASE("base64/lenient: takes what others take") {
    std::string out;
    for (const char* text : {"Zm9vYg", "Zm9vYg==", "Zm9v Yg==\n", "Zm9vYh", "Zm9vYg="}) {
        CAPTURE(std::string(text));
        CHECK(base64_decode_lenient(text, out));
        CHECK(out == "foob");
    }
    CHECK(base64_decode_lenient("+/-_", out));
    CHECK(out == "\xfb\xff\xbf");
    for (const char* text : {"Z", "Zm9vY", "Zm9v.", "Zg==Zg==", "Zm9\xff"}) {
        CAPTURE(std::string(text));
        CHECK_FALSE(base64_decode_lenient(text, out));
    }
}

TEST_CASE("base/base64url: long texts decode as short ones do, and a wrong character anywhere is found") {
    std::mt19937 random(7);
    for (std::size_t size = 0; size < 400; ++size) {
        std::string octets(size, '\0');
        for (char& c : octets) c = static_cast<char>(random());
        const std::string text = jwtdomain::base64url_encode(octets);
        std::string out = "left over from before";
        CHECK(jwtdomain::base64url_decode(text, out) == jwtdomain::Base64Defect::none);
        CHECK(out == octets);
        if (text.empty()) continue;
        const std::size_t place = random() % text.size();
        for (const int wrong :
             {0x00, 0x2b, 0x2c, 0x2e, 0x2f, 0x3a, 0x40, 0x5b, 0x5e, 0x60, 0x7b, 0x80, 0xad, 0xdf, 0xff}) {
            std::string broken = text;
            broken[place] = static_cast<char>(wrong);
            std::size_t at = 0;
            CHECK(jwtdomain::base64url_decode(broken, out, &at) == jwtdomain::Base64Defect::character);
            CHECK(at == place);
        }
    }
}
