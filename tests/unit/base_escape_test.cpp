#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "jwtdomain/base/escape.h"

using jwtdomain::escape_text;
using jwtdomain::find_invalid_utf8;
using jwtdomain::is_plain;
using jwtdomain::percent_encoded;
using namespace std::string_literals;

namespace {

// What may never reach a terminal, in any output of escape_text.
bool harmless(const std::string& out) {
    for (const char c : out) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    }
    return find_invalid_utf8(out) == std::string::npos;
}

std::string utf8(char32_t c) {
    std::string out;
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3f)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xc0 | (c >> 6));
        tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xe0 | (c >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xf0 | (c >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
    return out;
}

} // namespace

TEST_CASE("escape/plain: letters of all scripts pass unchanged") {
    for (const char* text :
         {"", "https://api.example.com/a?b=c#d", "Grüße, Ελληνικά, русский, 日本語, 한국어, العربية, עברית, हिन्दी, ไทย",
          "e\u0301 combined", "\U0001F600 \U00020000"}) {
        CHECK(escape_text(text) == text);
        CHECK(is_plain(text));
    }
}

TEST_CASE("escape/terminal: an ESC sequence cannot move the cursor") {
    CHECK(escape_text("a\x1b[2J\x1b[1;1Hb") == "a\\x1b[2J\\x1b[1;1Hb");
    CHECK(escape_text("\x1b]0;title\x07") == "\\x1b]0;title\\x07");
    CHECK(escape_text("\x1b]8;;https://evil.example\x1b\\prod\x1b]8;;\x1b\\") ==
          "\\x1b]8;;https://evil.example\\x1b\\\\prod\\x1b]8;;\\x1b\\\\");
    CHECK_FALSE(is_plain("\x1b"));
}

TEST_CASE("escape/terminal: a carriage return or backspace cannot overwrite a verdict") {
    CHECK(escape_text("REJECTED\rACCEPTED") == "REJECTED\\x0dACCEPTED");
    CHECK(escape_text("no\b\byes") == "no\\x08\\x08yes");
    CHECK(escape_text("a\x7f") == "a\\x7f");
}

TEST_CASE("escape/terminal: C1 controls cannot start a sequence, as characters or as raw octets") {
    CHECK(escape_text("\u009b2J") == "\\u{9b}2J"); // CSI
    CHECK(escape_text("\u0085") == "\\u{85}");     // NEL
    CHECK(escape_text("\x9b"
                      "2J") == "\\x9b2J");
    CHECK(escape_text("\x90\x9d") == "\\x90\\x9d");
    for (char32_t c = 0x80; c <= 0x9f; ++c) CHECK_FALSE(is_plain(utf8(c)));
}

TEST_CASE("escape/log: a newline cannot forge a second log line") {
    CHECK(escape_text("alice\n2026-11-23 accepted bob") == "alice\\x0a2026-11-23 accepted bob");
    CHECK(escape_text("a\tb") == "a\\x09b");
    CHECK(escape_text("a\u2028b\u2029c") == "a\\u{2028}b\\u{2029}c");
    CHECK(escape_text("a\0b"s) == "a\\x00b");
}

TEST_CASE("escape/bidi: an override cannot turn a name around") {
    CHECK(escape_text("prod\u202egnigats") == "prod\\u{202e}gnigats");
    for (const char32_t c : std::initializer_list<char32_t>{0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d,
                                                            0x202e, 0x2066, 0x2067, 0x2068, 0x2069}) {
        CHECK_FALSE(is_plain(utf8(c)));
    }
}

TEST_CASE("escape/invisible: two names that look alike are told apart") {
    CHECK(escape_text("pro\u200bd") == "pro\\u{200b}d");
    CHECK(escape_text("\ufeffprod") == "\\u{feff}prod");
    CHECK(escape_text("pr\u00adod") == "pr\\u{ad}od");
    CHECK(escape_text("a\u00a0b") == "a\\u{a0}b");
    CHECK(escape_text("a\u3000b") == "a\\u{3000}b");
    for (const char32_t c :
         std::initializer_list<char32_t>{0x034f, 0x115f, 0x1160, 0x17b4, 0x180e, 0x200c, 0x200d, 0x2060, 0x2064, 0x206f,
                                         0x2800, 0x3164, 0xffa0, 0xfffb, 0x1d173}) {
        CHECK_FALSE(is_plain(utf8(c)));
    }
}

TEST_CASE("escape/invisible: tags and variation selectors cannot carry hidden text") {
    CHECK(escape_text("a\U000E0070\U000E0072") == "a\\u{e0070}\\u{e0072}");
    CHECK(escape_text("a\ufe0f") == "a\\u{fe0f}");
    for (char32_t c = 0xe0000; c <= 0xe0fff; ++c) CHECK_FALSE(is_plain(utf8(c)));
    for (char32_t c = 0xfe00; c <= 0xfe0f; ++c) CHECK_FALSE(is_plain(utf8(c)));
    CHECK_FALSE(is_plain(utf8(0x180b)));
}

TEST_CASE("escape/invisible: private use and noncharacters are shown by number") {
    for (const char32_t c :
         std::initializer_list<char32_t>{0xe000, 0xf8ff, 0xfdd0, 0xfffe, 0xffff, 0x1fffe, 0xf0000, 0x10ffff})
        CHECK_FALSE(is_plain(utf8(c)));
}

TEST_CASE("escape/utf8: an overlong ESC or slash is not decoded") {
    CHECK(escape_text("\xc0\x9b") == "\\xc0\\x9b");
    CHECK(escape_text("\xe0\x80\xaf") == "\\xe0\\x80\\xaf");
    CHECK(escape_text("\xf0\x80\x80\x9b") == "\\xf0\\x80\\x80\\x9b");
}

TEST_CASE("escape/utf8: surrogates, values over U+10FFFF and broken sequences are shown octet by octet") {
    CHECK(escape_text("\xed\xa0\x80") == "\\xed\\xa0\\x80");
    CHECK(escape_text("\xf4\x90\x80\x80") == "\\xf4\\x90\\x80\\x80");
    CHECK(escape_text("\xff\xfe") == "\\xff\\xfe");
    CHECK(escape_text("a\xc3") == "a\\xc3");
    CHECK(escape_text("\xe2\x82z") == "\\xe2\\x82z"); // the z is not swallowed
    CHECK(escape_text("\xc3\x1b[2J") == "\\xc3\\x1b[2J");
}

TEST_CASE("escape/backslash: an escape that the attacker wrote differs from one of ours") {
    CHECK(escape_text("\\x1b") == "\\\\x1b");
    CHECK(escape_text("\x1b") != escape_text("\\x1b"));
    CHECK_FALSE(is_plain("a\\b"));
}

TEST_CASE("escape/every: no code point and no octet gets through as a control") {
    for (int octet = 0; octet < 256; ++octet) {
        const std::string text(1, static_cast<char>(octet));
        REQUIRE(harmless(escape_text(text)));
        REQUIRE(is_plain(text) == (escape_text(text) == text));
    }
    for (char32_t c = 0; c <= 0x10ffff; ++c) {
        if (c >= 0xd800 && c <= 0xdfff) continue;
        const std::string text = utf8(c);
        const std::string out = escape_text(text);
        if (is_plain(text) != (out == text) || !harmless(out)) FAIL("code point " << static_cast<unsigned>(c));
    }
}

TEST_CASE("escape/limit: a long text is cut with dots, never inside an escape or a character") {
    CHECK(escape_text("abcdefgh", 8) == "abcdefgh");
    CHECK(escape_text("abcdefghi", 8) == "abcde...");
    CHECK(escape_text("ab\x1b\x1b\x1b", 8) == "ab...");
    CHECK(escape_text("a\x1b"
                      "bcdefg",
                      8) == "a\\x1b...");
    CHECK(escape_text("äöüäöü", 5) == "äö...");
    CHECK(escape_text("abc", 2) == "..");
    CHECK(escape_text("abc", 0).empty());
    CHECK(escape_text("", 0).empty());
    const std::string text = "a\x1b\u202e\xff\\日";
    for (std::size_t limit = 0; limit < 30; ++limit) {
        CAPTURE(limit);
        const std::string cut = escape_text(text, limit);
        CHECK(harmless(cut));
        std::size_t characters = 0;
        for (const char c : cut) characters += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
        CHECK(characters <= limit);
    }
}

TEST_CASE("escape/limit: fifty megabytes are not walked for eighty characters") {
    const std::string text(50u << 20, '\x1b');
    for (int i = 0; i < 10000; ++i) REQUIRE(escape_text(text, 80).size() == 79);
}

TEST_CASE("escape/utf8: the offset of the first wrong octet is found") {
    CHECK(find_invalid_utf8("") == std::string::npos);
    CHECK(find_invalid_utf8("grüße \U0001F600\ufffd") == std::string::npos);
    CHECK(find_invalid_utf8("ab\x80") == 2);
    CHECK(find_invalid_utf8("ü\xc3") == 2);
    CHECK(find_invalid_utf8("\xed\x9f\xbf\xed\xbf\xbf") == 3);
    CHECK(find_invalid_utf8("\xf4\x8f\xbf\xbf\xf5") == 4);
    CHECK(find_invalid_utf8("\xc1\xbf") == 0);
}

TEST_CASE("escape/percent: all but unreserved characters, and what is kept") {
    CHECK(percent_encoded("aZ09-._~") == "aZ09-._~");
    CHECK(percent_encoded("a b/c?%\n") == "a%20b%2Fc%3F%25%0A");
    CHECK(percent_encoded("a b/c", "/") == "a%20b/c");
    CHECK(percent_encoded("\xc3\xa9") == "%C3%A9");
    CHECK(percent_encoded("").empty());
}
