#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "jwtdomain/base/json.h"

using namespace jwtdomain;
using json::Defect;
using json::Kind;
using namespace std::string_literals;

namespace {

Defect defect(std::string_view text, const json::Limits& limits = {}) {
    json::Document document;
    return document.parse(text, limits).defect;
}

// The one string that `text` is, or a mark of failure.
std::string string_of(const std::string& text) {
    json::Document document;
    if (document.parse(text) || !document.root().is(Kind::string)) return "<rejected>";
    return std::string(document.root().text());
}

std::optional<std::int64_t> integer_of(const std::string& text) {
    json::Document document;
    REQUIRE_FALSE(document.parse(text));
    return document.root().integer();
}

std::string repeat(const std::string& part, std::size_t times) {
    std::string text;
    for (std::size_t i = 0; i < times; ++i) text += part;
    return text;
}

} // namespace

TEST_CASE("json/values: each kind, with where it stands") {
    const std::string text = " { \"a\" : [1, true, false, null, \"x\\n\", {}] , \"b\":-2.5e3 } ";
    json::Document document;
    REQUIRE_FALSE(document.parse(text));
    const json::Value root = document.root();
    CHECK(root.is(Kind::object));
    CHECK(root.size() == 2);
    CHECK(root.offset() == 1);
    CHECK(root.raw() == text.substr(1, text.size() - 2));
    const json::Value a = root.find("a").value();
    CHECK(a.size() == 6);
    CHECK(a.raw() == "[1, true, false, null, \"x\\n\", {}]");
    std::vector<json::Value> elements;
    for (const json::Member& member : a) {
        CHECK(member.name.empty());
        elements.push_back(member.value);
    }
    REQUIRE(elements.size() == 6);
    CHECK(elements[0].integer() == 1);
    CHECK(elements[1].boolean());
    CHECK(elements[2].is(Kind::boolean));
    CHECK_FALSE(elements[2].boolean());
    CHECK(elements[3].is(Kind::null));
    CHECK(elements[4].text() == "x\n");
    CHECK(elements[4].raw() == "\"x\\n\"");
    CHECK(elements[5].is(Kind::object));
    CHECK_FALSE(elements[5].begin() != elements[5].end());
    CHECK(root.find("b")->number() == -2500);
    CHECK(root.find("b")->offset() == text.find("-2.5"));
    CHECK_FALSE(root.find("c"));
    CHECK_FALSE(a.find("a")); // not an object
    std::string names;
    for (const json::Member& member : root)
        names += std::string(member.name) + "@" + std::to_string(member.name_offset) + " ";
    CHECK(names == "a@3 b@" + std::to_string(text.find("\"b\"")) + " ");
}

TEST_CASE("json/values: the wrong question has no answer") {
    json::Document document;
    REQUIRE_FALSE(document.parse(R"(["1", 1, true, null, [], {}])"));
    for (const json::Member& member : document.root()) {
        const bool number = member.value.is(Kind::number);
        CHECK(member.value.integer().has_value() == number);
        CHECK(member.value.number().has_value() == number);
        CHECK((member.value.is(Kind::boolean) || !member.value.boolean()));
        CHECK_FALSE(member.value.find("x"));
    }
}

TEST_CASE("json/reuse: a Document forgets what it held") {
    json::Document document;
    const std::string large = "[" + repeat("\"\\u0041\",", 1000) + "1]", broken = "[\"\\u0041\",",
                      small = "\"\\u0042\"";
    REQUIRE_FALSE(document.parse(large));
    CHECK(document.parse(broken));
    REQUIRE_FALSE(document.parse(small));
    CHECK(document.root().text() == "B");
    CHECK(document.root().size() == 0);
}

TEST_CASE("json/numbers: what RFC 8259 calls a number, and nothing else") {
    for (const char* text : {"0", "-0", "1", "-1", "10", "1.0", "0.1", "-0.0", "1e5", "1E5", "1e+5", "1e-5", "1.5e05",
                             "0e0", "0E+00", "123456789012345678901234567890", "1e999999999999", "1e-999999999999"}) {
        CAPTURE(std::string(text));
        CHECK(defect(text) == Defect::none);
        CHECK(defect("[" + std::string(text) + "]") == Defect::none);
        CHECK(defect("{\"a\":" + std::string(text) + "}") == Defect::none);
    }
    for (const char* text :
         {"01",    "-01",   "00",    "+1",   "-",     "--1",   ".5",       "-.5",          "1.",   "1.e5", "1e",
          "1e+",   "1e-",   "1E+-1", "0x1F", "1_000", "1 000", "Infinity", "-Infinity",    "NaN",  "nan",  "inf",
          "1e5.5", "1.2.3", "0e",    "1a",   "1d",    "1f",    "-a",       "\xef\xbc\x91", "2.e3", "- 1",  "1,"}) {
        CAPTURE(std::string(text));
        CHECK(defect(text) != Defect::none);
        CHECK(defect("[" + std::string(text) + "]") == Defect::syntax);
        CHECK(defect("{\"a\":" + std::string(text) + "}") == Defect::syntax);
    }
}

TEST_CASE("json/numbers: integers are exact, or there is none") {
    const std::pair<const char*, std::optional<std::int64_t>> cases[] = {
        {"0", 0},
        {"-0", 0},
        {"1700000000", 1700000000},
        {"1.7e9", 1700000000},
        {"1700000000.0", 1700000000},
        {"1700000000.000e0", 1700000000},
        {"17000000000e-1", 1700000000},
        {"0.0017e12", 1700000000},
        {"0.0", 0},
        {"-0.0e5", 0},
        {"0e18", 0},
        {"1e18", 1000000000000000000},
        {"9223372036854775807", std::numeric_limits<std::int64_t>::max()},
        {"9223372036854775807.0", std::numeric_limits<std::int64_t>::max()},
        {"-9223372036854775808", std::numeric_limits<std::int64_t>::min()},
        {"-922337203685477580.8e1", std::numeric_limits<std::int64_t>::min()},
        {"9007199254740993", 9007199254740993}, // no double holds it
        {"9223372036854775808", std::nullopt},
        {"-9223372036854775809", std::nullopt},
        {"9223372036854775808.0", std::nullopt},
        {"1e19", std::nullopt},
        {"1.5", std::nullopt},
        {"1e-1", std::nullopt},
        {"1e400", std::nullopt},
        {"1e99999999999999999999", std::nullopt},
        {"1e-99999999999999999999", std::nullopt},
        {"1.00000000000000000000001", std::nullopt},
        {"18446744073709551616", std::nullopt}, // 2^64 does not become 0
    };
    for (const auto& [text, expected] : cases) {
        const std::string shown = text; // clang cannot capture a binding
        CAPTURE(shown);
        CHECK(integer_of(text) == expected);
    }
    const std::string long_one = "1" + std::string(100000, '0') + "e-100000";
    CHECK(integer_of(long_one) == 1);
    CHECK(integer_of("1" + std::string(100000, '0')) == std::nullopt);
}

TEST_CASE("json/numbers: a double beyond its range is no number") {
    json::Document document;
    REQUIRE_FALSE(document.parse("[1e400, -1e400, 1.5, 1e-400]"));
    std::vector<std::optional<double>> numbers;
    for (const json::Member& member : document.root()) numbers.push_back(member.value.number());
    CHECK(numbers == std::vector<std::optional<double>>{std::nullopt, std::nullopt, 1.5, std::nullopt});
}

TEST_CASE("json/strings: escapes") {
    CHECK(string_of(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
    CHECK(string_of(R"("\u0041\u00e4\u20ac\uFFFF")") == "Aä€\uffff");
    CHECK(string_of(R"("\u0000")") == "\0"s);
    CHECK(string_of(R"("a\u0000b")") == "a\0b"s);
    CHECK(string_of(R"("\uD83D\uDE00")") == "\U0001F600");
    CHECK(string_of(R"("\ud800\udc00\uDBFF\uDFFF")") == "\U00010000\U0010FFFF");
    CHECK(string_of("\"plain \x7f \u2028 \U0001F600\"") == "plain \x7f \u2028 \U0001F600");
    for (const char* text : {R"("\x41")", R"("\a")", R"("\v")", R"("\0")", R"("\'")", R"("\u")", R"("\u1")",
                             R"("\u123")", R"("\u12 3")", R"("\u12G4")", R"("\U0041")", R"("\u+123")", R"("\u-123")",
                             R"("\u0x41")", "\"\\", "\"\\u00", "\"\\\"", "\"\\\n\"", "\"\\\xc3\xa4\""}) {
        CAPTURE(std::string(text));
        CHECK(defect(text) == Defect::syntax);
    }
}

TEST_CASE("json/strings: a lone surrogate in an escape is not UTF-8") {
    for (const char* text : {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\udc00\ud800")", R"("\ud800x")",
                             R"("\ud800\n")", R"("\ud83d\u0041")", R"("x\udfff")",
                             R"("\ud800\)"
                             "\"",
                             R"("\uD800\uDBFF\uDC00")"}) {
        CAPTURE(std::string(text));
        CHECK(defect(text) == Defect::invalid_utf8);
    }
    CHECK(defect(R"("\ud800\uZZZZ")") == Defect::syntax);
    CHECK(defect(R"({"\ud800":1})") == Defect::invalid_utf8);
}

TEST_CASE("json/strings: raw control characters, NUL and bad UTF-8 at every position of a word") {
    for (std::size_t before = 0; before < 20; ++before) {
        for (std::size_t after = 0; after < 20; ++after) {
            const auto at = [&](const std::string& middle) {
                std::string text = "\"";
                text.append(before, 'x').append(middle).append(after, 'y');
                return text + "\"";
            };
            for (const char c : {'\0', '\n', '\r', '\t', '\x1b', '\x1f'})
                REQUIRE(defect(at(std::string(1, c))) == Defect::syntax);
            for (const char* octets :
                 {"\x80", "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82", "\xc3"}) {
                REQUIRE(defect(at(octets)) == Defect::invalid_utf8);
            }
            for (const char* octets : {" ", "!", "#", "[", "]", "\x7f", "\xc3\xa4", "\xf0\x9f\x98\x80"}) {
                REQUIRE(string_of(at(octets)) == std::string(before, 'x') + octets + std::string(after, 'y'));
            }
            REQUIRE(string_of(at("\\n")) == std::string(before, 'x') + "\n" + std::string(after, 'y'));
            REQUIRE(defect(at("\"")) != Defect::none); // what follows the quote is left over
        }
    }
}

TEST_CASE("json/structure: what is not one JSON text") {
    for (const char* text : {"",
                             " ",
                             "\t\n\r ",
                             "[",
                             "]",
                             "{",
                             "}",
                             "[1",
                             "[1,",
                             "[1,]",
                             "[,1]",
                             "[,]",
                             "[1,,2]",
                             "[1 2]",
                             "[1;2]",
                             "{1:2}",
                             "{a:1}",
                             "{'a':1}",
                             "{\"a\"}",
                             "{\"a\":}",
                             "{\"a\":1,}",
                             "{,}",
                             "{,\"a\":1}",
                             "{\"a\":1,,\"b\":2}",
                             "{\"a\"::1}",
                             "{\"a\":1 \"b\":2}",
                             "{\"a\":1;\"b\":2}",
                             "{\"a\" 1}",
                             "{\"a\",1}",
                             "{null:1}",
                             "{[]:1}",
                             "[1}",
                             "{\"a\":1]",
                             "\"",
                             "\"a",
                             "'a'",
                             "a",
                             "True",
                             "TRUE",
                             "tru",
                             "truee",
                             "nul",
                             "nulll",
                             "fals",
                             "falsee",
                             "undefined",
                             "/* */1",
                             "1//",
                             "// x\n1",
                             "#\n1",
                             "\xef\xbb\xbf{}",
                             "\xfe\xff",
                             "\v1",
                             "\f1",
                             "\xc2\xa0"
                             "1",
                             "\xe2\x80\xa8"
                             "1",
                             "[\"a\"",
                             "[\"a\",\n",
                             "<null>",
                             "@",
                             "!",
                             "*",
                             "&1",
                             "|",
                             "$",
                             "`1`",
                             "(1)",
                             "[\\u0031]",
                             "\\u005b\\u005d",
                             "{\"a\":\"b\",\"a\"",
                             "[\"\\\"]"}) {
        CAPTURE(std::string(text));
        CHECK(defect(text) != Defect::none);
    }
    for (const char* text : {"{}", "[]", " [ ] ", "\t{\n}\r ", "[[]]", "[{}]", "{\"\":{}}", "\"\"", "null",
                             "[null,null]", "{\"a\":{\"a\":{\"a\":1}}}", "{\"a\\u0000\":1,\"a\":2}"}) {
        CAPTURE(std::string(text));
        CHECK(defect(text) == Defect::none);
    }
}

TEST_CASE("json/structure: nothing may follow, not even a NUL") {
    for (const std::string& text : {"{}x"s, "{} {}"s, "{}\0"s, "1\0"s, "[]]"s, "{}}"s, "\"a\"\"b\""s, "null,"s,
                                    "{}\x1a"s, "{} \xef\xbb\xbf"s, "truefalse"s, "1 1"s}) {
        CAPTURE(text);
        CHECK((defect(text) == Defect::trailing_data || text[0] == 't'));
        CHECK(defect(text) != Defect::none);
    }
    for (const std::string& text : {"\0"s, "\0{}"s, "[\0]"s, "{\"a\"\0:1}"s, "[1\0]"s})
        CHECK(defect(text) == Defect::syntax);
}

TEST_CASE("json/duplicates: two spellings of one name are one name") {
    CHECK(defect(R"({"alg":"ES256","alg":"none"})") == Defect::duplicate_name);
    CHECK(defect(R"({"alg":"ES256","\u0061lg":"none"})") == Defect::duplicate_name);
    CHECK(defect(R"({"\u0061\u006C\u0067":1,"alg":2})") == Defect::duplicate_name);
    CHECK(defect(R"({"a/b":1,"a\/b":2})") == Defect::duplicate_name);
    CHECK(defect("{\"\U0001F600\":1,\"\\ud83d\\ude00\":2}") == Defect::duplicate_name);
    CHECK(defect(R"({"":1,"":2})") == Defect::duplicate_name);
    CHECK(defect(R"([{"x":{"a":1,"b":2,"a":3}}])") == Defect::duplicate_name);
    // Names differ by octets: neither case nor Unicode normalisation makes two of them one.
    CHECK(defect("{\"a\":1,\"A\":2,\"\u00e4\":3,\"a\u0308\":4,\" a\":5,\"a\\u0000\":6}") == Defect::none);
    // Nor do equal beginnings, nor lengths that differ by 256 octets.
    CHECK(defect(R"({"customer_id":1,"customer_no":2,"custome":3,"customer":4})") == Defect::none);
    CHECK(defect(R"({"customer_id":1,"x":0,"customer_id":2})") == Defect::duplicate_name);
    CHECK(defect("{\"customer\":1,\"customer" + std::string(256, 'x') + "\":2}") == Defect::none);
    CHECK(defect(R"([{"a":1},{"a":1}])") == Defect::none);
    CHECK(defect(R"({"a":{"a":1}})") == Defect::none);
}

TEST_CASE("json/duplicates: found among few and many, first and last") {
    for (const std::size_t count : {2u, 15u, 16u, 17u, 18u, 1000u}) {
        for (const std::size_t again : {std::size_t{0}, count / 2, count - 1}) {
            std::string text = "{";
            for (std::size_t i = 0; i < count; ++i) text += "\"name" + std::to_string(i) + "\":0,";
            CHECK(defect(text + "\"last\":1}") == Defect::none);
            const std::size_t offset = text.size();
            text += "\"name" + std::to_string(again) + "\":1}";
            json::Document document;
            const json::Problem problem = document.parse(text);
            CHECK(problem.defect == Defect::duplicate_name);
            CHECK(problem.offset == offset);
        }
    }
}

TEST_CASE("json/duplicates: modelling readers that keep the first or the last") {
    const std::string text = R"({"aud":"a","iss":"x","\u0061ud":"b"})";
    json::Document document;
    REQUIRE_FALSE(document.parse(text, {.duplicates = json::Duplicates::first}));
    CHECK(document.root().find("aud")->text() == "a");
    CHECK(document.root().size() == 3);
    REQUIRE_FALSE(document.parse(text, {.duplicates = json::Duplicates::last}));
    CHECK(document.root().find("aud")->text() == "b");
    CHECK(document.root().find("iss")->text() == "x");
}

TEST_CASE("json/limits: depth") {
    for (const char* open : {"[", "{\"a\":"}) {
        const std::string close = open[0] == '[' ? "]" : "}";
        const auto nested = [&](std::size_t depth) { return repeat(open, depth) + "1" + repeat(close, depth); };
        CHECK(defect(nested(32)) == Defect::none);
        CHECK(defect(nested(33)) == Defect::too_deep);
        CHECK(defect(nested(100000)) == Defect::too_deep);
        CHECK(defect(repeat(open, 1000000)) == Defect::too_deep); // not even closed
        CHECK(defect(nested(3), {.depth = 3}) == Defect::none);
        CHECK(defect(nested(4), {.depth = 3}) == Defect::too_deep);
    }
    CHECK(defect("1", {.depth = 0}) == Defect::none);
    CHECK(defect("[]", {.depth = 0}) == Defect::too_deep);
    CHECK(defect("[" + repeat("[],", 1000) + "[]]", {.depth = 2}) == Defect::none); // siblings are not deeper
}

TEST_CASE("json/limits: number of values") {
    const std::string text = "[1,2,3]"; // four values
    CHECK(defect(text, {.values = 4}) == Defect::none);
    CHECK(defect(text, {.values = 3}) == Defect::too_large);
    CHECK(defect("[" + repeat("1,", 1u << 20) + "1]") == Defect::too_large);
}

TEST_CASE("json/problem: where and what, at the octet") {
    const auto problem = [](std::string_view text) {
        json::Document document;
        return document.parse(text);
    };
    CHECK(problem("{\"a\":01}").offset == 6);
    CHECK(problem("[1,]").offset == 3);
    CHECK(problem("[1 2]").offset == 3);
    CHECK(std::string(problem("[1 2]").expected) == "',' or ']'");
    CHECK(problem("{} x").offset == 3);
    CHECK(problem("[\"ab\xff\"]").offset == 4);
    CHECK(problem("[\"ab\\ud800\"]").offset == 4);
    CHECK(problem("{\"a\":1,\"b\":2,\"a\":3}").offset == 13);
    CHECK(problem("").offset == 0);
}

TEST_CASE("json/attack: megabytes of nothing are handled in one pass") {
    const std::size_t size = 16u << 20;
    CHECK(defect(std::string(size, '[')) == Defect::too_deep);
    CHECK(defect(std::string(size, ' ')) == Defect::syntax);
    CHECK(defect("\"" + std::string(size, 'a')) == Defect::syntax);
    CHECK(defect("\"" + std::string(size, '\\')) == Defect::syntax);
    CHECK(defect(std::string(size, '1')) == Defect::none);
    CHECK(defect("1e" + std::string(size, '1')) == Defect::none);
}
