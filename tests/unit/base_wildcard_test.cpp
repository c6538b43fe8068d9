#include <doctest/doctest.h>

#include "jwtdomain/base/wildcard.h"

using namespace jwtdomain;
using namespace jwtdomain::wildcard;

TEST_CASE("wildcard/text: '*' is any run, '?' one octet or one character") {
    for (const Unit unit : {Unit::octet, Unit::character}) {
        CHECK(matches("", "", unit));
        CHECK(matches("*", "", unit));
        CHECK(matches("a*b*c", "a/x/b.c", unit)); // no rules of files: '/' and '.' are as all else
        CHECK(matches("*.example.com", ".example.com", unit));
        CHECK(matches("**a", "aaa", unit));
        CHECK(matches("a?c", "a?c", unit));
        CHECK(!matches("?", "", unit));
        CHECK(!matches("a*b", "a*c", unit));
        CHECK(!matches("*ab", "abc", unit));
        CHECK(!matches("a[b]", "ab", unit));
    }
    CHECK(matches("pr?", "pr\xc3\xbc", Unit::character));
    CHECK(!matches("pr??", "pr\xc3\xbc", Unit::character));
    CHECK(!matches("pr?", "pr\xc3\xbc", Unit::octet));
    CHECK(matches("pr??", "pr\xc3\xbc", Unit::octet));
    CHECK(matches("*?x", "\xe2\x82\xac\xf0\x9f\x94\x91x", Unit::character));
    CHECK(!matches("?", "\xbc", Unit::character)); // the rest of a character is none
    CHECK(matches("?", "\xff", Unit::character));
}

TEST_CASE("wildcard/text: many stars take no time") {
    std::string pattern;
    for (int i = 0; i < 500; ++i) pattern += "*a";
    CHECK(!matches(pattern + "b", std::string(5000, 'a'), Unit::octet));
}

TEST_CASE("wildcard/name: a leading dot is only matched by a dot") {
    CHECK(!name_matches("*", ".git"));
    CHECK(!name_matches("?git", ".git"));
    CHECK(name_matches(".*", ".git"));
    CHECK(name_matches("d?.y*l", "d\xc3\xa4.yaml"));
    CHECK(!name_matches("", "a"));
}

TEST_CASE("wildcard/path: names, and '**/' for any number of directories") {
    CHECK(path_matches("domains/*.yaml", "domains/a.yaml"));
    CHECK(path_matches("domains/?.yaml", "domains/\xc3\xbc.yaml")); // as a walk through the files finds it
    CHECK(!path_matches("domains/??.yaml", "domains/\xc3\xbc.yaml"));
    CHECK(path_matches("./domains//a.yaml", "domains/a.yaml"));
    CHECK(!path_matches("domains/*.yaml", "domains/a/b.yaml"));
    CHECK(path_matches("domains/**/*.yaml", "domains/a.yaml"));
    CHECK(path_matches("domains/**/*.yaml", "domains/a/b/c.yaml"));
    CHECK(path_matches("domains/**", "domains/a/b/c.json"));
    CHECK(!path_matches("domains/**/*.yaml", "domains/a/b/c.json"));
    CHECK(path_matches("**/x/*.yaml", "a/x/b/x/c.yaml"));
    CHECK(!path_matches("**/*.yaml", ".git/a.yaml"));
    CHECK(!path_matches("*", ".hidden"));
    CHECK(path_matches("a.yaml", "a.yaml"));
    CHECK(!path_matches("", "a"));
    CHECK(!path_matches("a/b", "a"));
    CHECK(!path_matches("../a", "../a"));
    std::string directories, names;
    for (int i = 0; i < 100; ++i) {
        directories += "**/a*/";
        names += "a/";
    }
    CHECK(!path_matches(directories + "b", names + "a"));
}

TEST_CASE("wildcard/split: what no pattern is") {
    for (const char* wrong : {"", "/a", "a/", "..", "a/../b", ".", "./"}) {
        CHECK_MESSAGE(!split_path(wrong), wrong);
    }
    CHECK(!split_path(std::string_view("a\0b", 3)));
    CHECK(split_path("a/./b//**/**/c") == std::vector<std::string>{"a", "b", "**", "c"});
    CHECK(split_path("**") == std::vector<std::string>{"**", "*"});
}
