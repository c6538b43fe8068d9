#include <doctest/doctest.h>

#include "cli/app/layout.h"
#include "cli/app/text.h"
#include "tests/support/fake_world.h"

using namespace jwtdomain;
using namespace jwtdomain::cli;

TEST_CASE("layout/columns: characters are counted, not octets") {
    CHECK(columns("pr\xc3\xbc\xe2\x82\xac") == 4);
    CHECK(padded("\xc3\xbc", 3) == "\xc3\xbc  ");
    CHECK(padded("abcd", 3) == "abcd");
}

TEST_CASE("layout/lines: text is broken at spaces, long words anywhere") {
    using Lines = std::vector<std::string>;
    CHECK(break_lines("", {.width = 5}) == Lines{""});
    CHECK(break_lines("one two three", {.width = 7}) == Lines{"one two", "three"});
    CHECK(break_lines("abcdefgh", {.width = 3}) == Lines{"abc", "def", "gh"});
    CHECK(break_lines("a bcdefgh i", {.width = 3}) == Lines{"a", "bcd", "efg", "h i"});
    CHECK(break_lines("\xc3\xbc\xc3\xbc\xc3\xbc", {.width = 2}) == Lines{"\xc3\xbc\xc3\xbc", "\xc3\xbc"});
    CHECK(break_lines("a bcdefgh i", {.width = 3, .whole_words = true}) == Lines{"a", "bcdefgh", "i"});
    CHECK(break_lines("one two three", {.width = 7, .taken = 4}) == Lines{"one", "two", "three"});
    CHECK(break_lines("three two", {.width = 7, .taken = 4}) == Lines{"", "three", "two"});
    CHECK(wrap("one two three", 2, {.width = 7}) == "one two\n  three");
    CHECK(wrap("three", 2, {.width = 7, .taken = 4}) == "\n  three");
}

TEST_CASE("layout/report: nothing is wider than 80 columns but what is copied") {
    const std::string longer(200, 'x');
    TextReport out(false);
    out.headline(Tone::good, "ACCEPTED", "by " + longer).field("name", longer).entry(Tone::warning, "code", longer);
    out.field(std::string(30, 'n'), longer + " " + longer);
    CHECK(test::widest_line(out.take()) == 80);
    TextReport copied(false);
    copied.path("private", "/" + longer);
    CHECK(copied.take() == "  private     /" + longer + "\n");
}
