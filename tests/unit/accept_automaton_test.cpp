#include <doctest/doctest.h>

#include <random>
#include <regex>

#include "jwtdomain/accept/automaton.h"
#include "random_patterns.h"

using namespace jwtdomain;
using namespace jwtdomain::accept;

namespace {

bool contains(const Pattern& pattern, std::string_view text) {
    Strings language;
    language.patterns = {pattern};
    return language.contains(text);
}

bool matches(Match match, const std::string& pattern, std::string_view text) {
    const Result<Automaton> made = Automaton::of({match, pattern});
    REQUIRE_MESSAGE(made.has_value(), pattern, ": ", made.error().message);
    const bool found = made->matches(text);
    CHECK(contains({match, pattern}, text) == found); // with nothing compiled beforehand
    return found;
}

bool found(const std::string& expression, std::string_view text) { return matches(Match::regex, expression, text); }

Error refused(const std::string& expression) {
    const Result<Automaton> made = Automaton::of({Match::regex, expression});
    REQUIRE_MESSAGE(!made, expression);
    return made.error();
}

} // namespace

TEST_CASE("accept/automaton: each kind of pattern takes the whole text") {
    CHECK(matches(Match::equal, "ab", "ab"));
    CHECK(!matches(Match::equal, "ab", "abc"));
    CHECK(matches(Match::equal, "", ""));
    CHECK(matches(Match::prefix, "ab", "ab"));
    CHECK(matches(Match::prefix, "ab", "abc"));
    CHECK(!matches(Match::prefix, "ab", "xab"));
    CHECK(matches(Match::suffix, "ab", "abab"));
    CHECK(!matches(Match::suffix, "ab", "aba"));
    CHECK(matches(Match::contains, "aab", "aaab."));
    CHECK(!matches(Match::contains, "aab", "abab"));
    CHECK(matches(Match::contains, "", ""));
    CHECK(matches(Match::glob, "https://*.example.com", "https://.example.com"));
    CHECK(matches(Match::glob, "a**b?", "a-bb."));
    CHECK(!matches(Match::glob, "a*b?", "ab"));
    CHECK(matches(Match::glob, "?", "\xff"));
    CHECK(!matches(Match::glob, "?", "é")); // two octets
    CHECK(!matches(Match::glob, "", "a"));
    CHECK(matches(Match::glob, "*", ""));
}

TEST_CASE("accept/automaton: patterns and their automata agree on random texts") {
    RandomPatterns random(1);
    for (int i = 0; i < 20'000; ++i) {
        const Pattern pattern = random.plain();
        const std::string text = random.text(8);
        const Result<Automaton> made = Automaton::of(pattern);
        REQUIRE(made);
        const bool expected = contains(pattern, text);
        REQUIRE_MESSAGE(made->matches(text) == expected, pattern.text, " on ", text);
    }
}

TEST_CASE("accept/automaton: what is too long or too large is a limit") {
    CHECK(Automaton::of({Match::prefix, std::string(4095, 'a')}));
    CHECK(Automaton::of({Match::prefix, std::string(4096, 'a')}).error().fault == Fault::limit); // one state too many
    CHECK(Automaton::of({Match::glob, std::string(4097, '*')}).error().fault == Fault::limit);
    CHECK(Automaton::of({Match::glob, std::string(4096, '*')})->states().size() == 1);
    CHECK(refused("(?:a{1000}){1000}").fault == Fault::limit);
    CHECK(refused("a{1001}").fault == Fault::limit);
    CHECK(refused("a{0,99999999999999999999}").fault == Fault::limit);
    CHECK(refused(std::string(2000, '(') + std::string(2000, ')')).fault == Fault::limit);
    std::string nothing = "()";
    for (int i = 0; i < 20; ++i) nothing = "(" + nothing + "{1000})"; // no states, but 1000^20 steps
    CHECK(refused(nothing).fault == Fault::limit);
    CHECK(found("^a{1000}$", std::string(1000, 'a')));
    CHECK(!found("^a{1000}$", std::string(999, 'a')));
}

TEST_CASE("accept/regex: an unanchored expression matches anywhere") {
    CHECK(found("b", "abc"));
    CHECK(!found("b", "ac"));
    CHECK(found("", ""));
    CHECK(found("()", "x"));
    CHECK(found("a|", "x"));
    CHECK(found("^b", "bc"));
    CHECK(!found("^b", "ab"));
    CHECK(found("b$", "ab"));
    CHECK(!found("b$", "bc"));
    CHECK(found("^ab$", "ab"));
    CHECK(!found("^ab$", "abab"));
    CHECK(found("^", "x"));
    CHECK(found("$", "x"));
    CHECK(!found("^$", "x"));
    CHECK(found("^^a$$", "a"));
}

TEST_CASE("accept/regex: anchors stand at the ends of branches") {
    CHECK(found("^a|b$", "ax"));
    CHECK(found("^a|b$", "xb"));
    CHECK(!found("^a|b$", "xbax"));
    CHECK(found("(^|,)prod(,|$)", "ci,prod,dev"));
    CHECK(found("(^|,)prod(,|$)", "prod"));
    CHECK(!found("(^|,)prod(,|$)", "preprod,x"));
    CHECK(!found("(^|,)prod(,|$)", "prod2"));
    CHECK(found("(?:^(?:a|b)$)", "b"));
    CHECK(!found("(?:^(?:a|b)$)", "ab"));
    CHECK(found("(^a)?b$", "xb"));
    CHECK(found("(?:^a$)?", "xyz")); // nothing is found everywhere
    CHECK(!found("x(?:a$|b$)", "xax"));
    for (const char* text :
         {"a^", "$a", "(^a)*", "(a$)+", "a$\\n", "(a$|b)$", "^(^a|b)", "^*", "a(^b|c)", "(^a){0}bc", "bc(x$){0,0}"})
        CHECK_MESSAGE(refused(text).fault == Fault::unsupported, text);
}

TEST_CASE("accept/regex: the end is also before a line terminator that ends the text") {
    for (const char* end : {"", "\n", "\r\n", "\r", "\xc2\x85", "\xe2\x80\xa8", "\xe2\x80\xa9"})
        CHECK(found("^ab$", std::string("ab") + end));
    CHECK(!found("^ab$", "ab\n\n"));
    CHECK(!found("^ab$", "ab\nc"));
    CHECK(!found("^ab$", "\nab"));
}

TEST_CASE("accept/regex: literals, escapes and classes") {
    struct Case {
        const char *expression, *yes, *no;
    };
    for (const Case& c : {
             Case{"^a.c$", "a.c", "a\nc"},
             Case{"^a\\.c$", "a.c", "abc"},
             Case{"^\\/\\\\\\-\\{$", "/\\-{", "/"},
             Case{"^\\d+$", "0123456789", "12a"},
             Case{"^\\w+$", "aZ_09", "a-b"},
             Case{"^\\W+$", "-. é", "a"},
             Case{"^\\D$", "x", "7"},
             Case{"^\\s+$", " \t\n\r\f\v", "a"},
             Case{"^\\S+$", "a\vb", "a b"},
             Case{"^\\n\\t\\r\\f$", "\n\t\r\f", "ntrf"},
             Case{"^\\x41\\x7e$", "A~", "x41"},
             Case{"^[a-c]+$", "abc", "d"},
             Case{"^[^a-c]+$", "d\né", "dad"},
             Case{"^[-a]+$", "a-", "b"},
             Case{"^[a-]+$", "a-", "b"},
             Case{"^[\\w-]+$", "a-b", "a.b"},
             Case{"^[\\d.]+$", "1.2", "a"},
             Case{"^[^\\W_]+$", "aZ9", "_"},
             Case{"^[^\\W_]$", "a", "é"},
             Case{"^[^\\s]+$", "a\v", " "},
             Case{"^[\\]\\[]+$", "[]", "\\"},
             Case{"^[.*+?(){}|$^]+$", "$^.*", "a"},
             Case{"^[\\x41-\\x43]$", "B", "D"},
             Case{"^[+--]$", ",", "."},
         }) {
        CHECK_MESSAGE(found(c.expression, c.yes), c.expression);
        CHECK_MESSAGE(!found(c.expression, c.no), c.expression);
    }
    CHECK(found("^a}]$", "a}]"));
    CHECK(found("^[\\d\\D]$", "é"));
}

TEST_CASE("accept/regex: a character beyond ASCII is its octets, and '.' takes it whole or in parts") {
    CHECK(found("^é+$", "éé"));
    CHECK(!found("^é+$", "é\xa9"));
    CHECK(found("^é?$", ""));
    CHECK(found("^.$", "é"));
    CHECK(found("^.$", "😀"));
    CHECK(found("^..$", "é")); // to what reads octets
    CHECK(!found("^.$", "ab"));
    CHECK(!found("^.$", "éa"));
    CHECK(found("^[^a]$", "€"));
    CHECK(refused("a[é]").fault == Fault::unsupported);
    CHECK(refused("\\é").fault == Fault::unsupported);
    CHECK(refused("\\x80").fault == Fault::unsupported);
    CHECK(refused("a\xc3").fault == Fault::invalid);
}

TEST_CASE("accept/regex: repetitions, lazy or not") {
    for (const char* lazy : {"", "?"}) {
        const std::string end = std::string(lazy) + "$";
        CHECK(found("^a*" + end, ""));
        CHECK(found("^a*" + end, "aaa"));
        CHECK(!found("^a+" + end, ""));
        CHECK(found("^a?" + end, "a"));
        CHECK(!found("^a?" + end, "aa"));
        CHECK(found("^a{2}" + end, "aa"));
        CHECK(!found("^a{2}" + end, "aaa"));
        CHECK(found("^a{2,}" + end, "aaaa"));
        CHECK(!found("^a{2,}" + end, "a"));
        CHECK(found("^a{1,3}" + end, "aaa"));
        CHECK(!found("^a{1,3}" + end, "aaaa"));
        CHECK(found("^(?:a|bc){0}" + end, ""));
    }
    CHECK(found("^(?:a*)*$", "aaa"));
    CHECK(found("^(?:a|b){2,3}c$", "abac"));
    CHECK(!found("^(?:ab)+$", "aba"));
}

TEST_CASE("accept/regex: what dialects read differently is refused, with its column") {
    struct Case {
        const char* expression;
        unsigned column;
        Fault fault;
    };
    constexpr Fault no = Fault::unsupported, bad = Fault::invalid;
    for (const Case& c : {
             Case{"a(?=b)", 2, no},      Case{"(?!b)", 1, no},   Case{"(?<=b)", 1, no},   Case{"(?<!b)", 1, no},
             Case{"(?P<n>a)", 1, no},    Case{"(?<n>a)", 1, no}, Case{"(?i)a", 1, no},    Case{"(?i:a)", 1, no},
             Case{"(?>a)", 1, no},       Case{"(?#c)", 1, no},   Case{"(*UTF8)a", 1, no}, Case{"(a)\\1", 4, no},
             Case{"a\\b", 2, no},        Case{"\\Aa", 1, no},    Case{"a\\z", 2, no},     Case{"\\pL", 1, no},
             Case{"\\v", 1, no},         Case{"\\Qa\\E", 1, no}, Case{"\\0", 1, no},      Case{"\\x{41}", 1, no},
             Case{"a*+", 2, no},         Case{"a++", 2, no},     Case{"a**", 3, no},      Case{"a{2}{3}", 5, no},
             Case{"a*?*", 4, no},        Case{"a{", 2, no},      Case{"a{,3}", 2, no},    Case{"a{01}", 2, no},
             Case{"{tenant}", 1, no},    Case{"a{2,x}", 2, no},  Case{"[]a]", 2, no},     Case{"[^]a]", 3, no},
             Case{"[[:alpha:]]", 2, no}, Case{"[a&&b]", 3, no},  Case{"[a-c-e]", 5, no},  Case{"[\\w-x]", 2, no},
             Case{"[a-\\d]", 2, no},     Case{"[\\b]", 2, no},   Case{"*a", 1, bad},      Case{"a|+", 3, bad},
             Case{"(?:?)", 4, bad},      Case{"(a", 1, bad},     Case{"a)", 2, bad},      Case{"x[a", 2, bad},
             Case{"a\\", 2, bad},        Case{"[z-a]", 2, bad},  Case{"a{3,2}", 2, bad},
         }) {
        const Error error = refused(c.expression);
        CHECK_MESSAGE(error.fault == c.fault, c.expression, ": ", error.message);
        CHECK_MESSAGE(error.where.column == c.column, c.expression, ": ", error.message);
        CHECK_MESSAGE(error.message.find("column " + std::to_string(c.column)) != std::string::npos, error.message);
        CHECK(!contains({Match::regex, c.expression}, "a")); // fails closed
    }
    CHECK(refused(std::string("a\0b", 3)).where.column == 2);
}

TEST_CASE("accept/regex: a pattern is compiled once and shared") {
    Pattern pattern{Match::regex, "^a+$"};
    REQUIRE(compile(pattern));
    REQUIRE(pattern.automaton);
    const Pattern copy = pattern;
    CHECK(copy.automaton == pattern.automaton);
    CHECK(contains(copy, "aa"));
    Pattern bad{Match::regex, "("};
    CHECK(!compile(bad));
    CHECK(!bad.automaton);
    Pattern glob{Match::glob, "("};
    CHECK(compile(glob));
    CHECK(!glob.automaton);
}

TEST_CASE("accept/regex: random expressions mean what std::regex takes them to mean") {
    RandomPatterns random(2);
    int positive = 0;
    for (int i = 0; i < 4'000; ++i) {
        const std::string expression = random.regex();
        const Result<Automaton> made = Automaton::of({Match::regex, expression});
        REQUIRE_MESSAGE(made.has_value(), expression, ": ", made.error().message);
        const std::regex theirs(expression, std::regex::ECMAScript);
        for (int k = 0; k < 12; ++k) {
            const std::string text = random.text(7);
            const bool expected = std::regex_search(text, theirs);
            positive += expected ? 1 : 0;
            REQUIRE_MESSAGE(made->matches(text) == expected, expression, " on ", text);
        }
    }
    CHECK(positive > 5'000);
    CHECK(positive < 43'000);
}

TEST_CASE("accept/regex: no expression makes matching slow") {
    const std::string text = std::string(20'000, 'a') + "!";
    for (const char* expression : {"^(?:a+)+$", "^(?:a|a)*$", "^(?:a|aa)+$", "(?:a*)*b", "(?:(?:(?:a?)*)*)*b"})
        CHECK(!found(expression, text));
}
