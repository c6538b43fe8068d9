#include <doctest/doctest.h>

#include <algorithm>
#include <optional>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/audit/language.h"
#include "jwtdomain/audit/product.h"
#include "jwtdomain/base/escape.h"
#include "random_patterns.h"

using namespace jwtdomain;
using namespace jwtdomain::accept;
using namespace jwtdomain::audit;

namespace {

Strings any() {
    Strings out;
    out.any = true;
    return out;
}

Strings exact(std::vector<std::string> words) {
    Strings out;
    out.exact = std::move(words);
    return out;
}

Strings like(std::vector<Pattern> patterns, std::vector<std::string> words = {}) {
    Strings out;
    out.exact = std::move(words);
    out.patterns = std::move(patterns);
    return out;
}

Strings regex(const std::string& text) { return like({{Match::regex, text}}); }
Strings glob(const std::string& text) { return like({{Match::glob, text}}); }
Strings prefix(const std::string& text) { return like({{Match::prefix, text}}); }
Strings suffix(const std::string& text) { return like({{Match::suffix, text}}); }

CommonWord common(const std::vector<Strings>& languages, const std::vector<std::string>& excluded = {}) {
    std::vector<const Strings*> pointers;
    for (const Strings& language : languages) pointers.push_back(&language);
    return common_word(pointers, excluded);
}

// The word, "-" for none, "?" for unknown.
std::string word(const std::vector<Strings>& languages, const std::vector<std::string>& excluded = {}) {
    const CommonWord found = common(languages, excluded);
    CHECK((found.overlap == Overlap::unknown) == !found.why.empty());
    if (found.overlap == Overlap::some) return "'" + found.word + "'";
    CHECK(found.word.empty());
    return found.overlap == Overlap::none ? "-" : "?";
}

} // namespace

TEST_CASE("audit/language: any word is a common word of what takes all") {
    CHECK(word({}) == "'x'");
    CHECK(word({any(), any()}) == "'x'");
    CHECK(word({any()}, {"x", "x1", "x3"}) == "'x2'");
    CHECK(word({any(), exact({"a"})}) == "'a'");
    CHECK(word({exact({}), any()}) == "-");
    CHECK(word({like({}), prefix("a")}) == "-");
}

TEST_CASE("audit/language: exact words come before patterns") {
    CHECK(word({exact({"a", "b"}), exact({"b", "c"})}) == "'b'");
    CHECK(word({exact({"a"}), exact({"c"})}) == "-");
    CHECK(word({exact({"a", "b"}), exact({"b", "c"})}, {"b"}) == "-");
    CHECK(word({exact({"long-word", "prod"}), glob("*o*")}) == "'prod'");
    CHECK(word({like({{Match::glob, "*"}}, {"prod"}), glob("p*")}) == "'prod'"); // though 'p' is shorter
    CHECK(word({like({{Match::glob, "*"}}, {"prod"}), glob("p*")}, {"prod"}) == "'p'");
    CHECK(word({exact({""}), glob("*")}) == "''");
    CHECK(word({exact({"a"}), regex("(")}) == "?");
    CHECK(word({exact({"a"}), like({{Match::regex, "("}}, {"a"})}) == "'a'");
    CHECK(word({exact({"\xff"}), any()}) == "?");
    CHECK(word({exact({"\xff", "ok"}), any()}) == "'ok'");
}

TEST_CASE("audit/language: patterns that meet, with the shortest word") {
    CHECK(word({prefix("ab"), suffix("bc")}) == "'abc'");
    CHECK(word({prefix("ab"), suffix("bc")}, {"abc"}) == "'abbc'");
    CHECK(word({prefix("ab"), prefix("abc")}) == "'abc'");
    CHECK(word({glob("https://*.example.com"), glob("https://prod.*")}) == "'https://prod.example.com'");
    CHECK(word({like({{Match::contains, "aba"}}), like({{Match::contains, "bab"}})}) == "'abab'");
    CHECK(word({regex("^tenant-\\d+$"), prefix("tenant-7")}) == "'tenant-7'");
    CHECK(word({regex("^[0-9]{3}$"), regex("^[^0-4]"), suffix("55")}) == "'555'");
    CHECK(word({glob("?")}) == "'a'");
    CHECK(word({glob("*")}) == "''");
    CHECK(word({glob("*")}, {"", "a"}) == "'b'");
    CHECK(word({regex("^[^a-z]$")}) == "'0'");
    CHECK(word({regex("^[^a-z0-9]$")}) == "'A'");
    CHECK(word({regex("^\\W$")}) == "'!'");
    CHECK(word({regex("^(?:zz|aab|b\\.)$")}) == "'b.'");
    CHECK(word({like({{Match::prefix, "long"}, {Match::prefix, "x"}}),
                like({{Match::suffix, "long"}, {Match::suffix, "yx"}})}) == "'xyx'");
}

TEST_CASE("audit/language: patterns that do not meet") {
    CHECK(word({prefix("ab"), prefix("b")}) == "-");
    CHECK(word({suffix("/prod"), suffix("/staging")}) == "-");
    CHECK(word({glob("https://*.prod.example.com"), glob("https://*.staging.example.com")}) == "-");
    CHECK(word({regex("^tenant-\\d+$"), prefix("tenant-x")}) == "-");
    CHECK(word({regex("^a+$"), regex("b")}) == "-");
    CHECK(word({regex("^(?:aa)+$"), regex("^a(?:aa)*$")}) == "-");
    CHECK(word({prefix("a"), suffix("b"), regex("^.{1}$")}) == "-");
    CHECK(word({like({{Match::equal, "a"}}), glob("?")}, {"a"}) == "-");
    CHECK(word({regex("^[ab]{1,2}$")}, {"a", "b", "aa", "ab", "ba", "bb", "a\n", "b\n"}) != "-"); // $ takes "aa\n"
    CHECK(word({like({{Match::prefix, "a"}, {Match::prefix, "b"}}),
                like({{Match::prefix, "c"}, {Match::prefix, "d"}})}) == "-");
}

TEST_CASE("audit/language: a word is well-formed UTF-8, and none is claimed only beyond it") {
    CHECK(word({prefix("\xc3"), glob("??")}) == "'\xc3\x80'");
    CHECK(word({prefix("\xc3"), glob("?")}) == "?");
    CHECK(word({prefix("\xff"), any()}) == "?");
    CHECK(word({prefix("\xff"), prefix("\xfe")}) == "-");
    CHECK(word({prefix("\xed\xa0"), any()}) == "?"); // a surrogate
    CHECK(word({prefix("\xe2\x82"), suffix("z")}) == "'\xe2\x82\x80z'");
    CHECK(word({prefix("\xf4"), suffix("z")}) == "'\xf4\x80\x80\x80z'");
    CHECK(word({regex("^é.$"), suffix("ü")}) == "'éü'");
    CHECK(word({regex("^.$"), regex("^[^ -~]$"), suffix("é")}) == "'é'");
}

TEST_CASE("audit/language: what cannot be analysed is unknown unless a word is found beside it") {
    CHECK(word({regex("a(?=b)"), prefix("a")}) == "?");
    CHECK(common({regex("a(?=b)"), prefix("a")}).why.find("look-around at column 2") != std::string::npos);
    CHECK(word({like({{Match::regex, "(?=b)"}, {Match::prefix, "ab"}}), prefix("a")}) == "'ab'");
    CHECK(word({regex("("), exact({})}) == "-");
    CHECK(word({regex("("), any()}) == "?");
    CHECK(word({prefix(std::string(5000, 'a')), prefix("a")}) == "?");
    std::vector<Strings> many(20, prefix("a"));
    CHECK(word(many) == "?");
    std::vector<Pattern> patterns;
    for (int i = 0; i < 100; ++i) patterns.push_back({Match::prefix, std::to_string(i) + "-"});
    CHECK(word({like(patterns), like(patterns)}) == "?"); // 10,000 combinations
    CHECK(word({like(patterns), prefix("77")}) == "'77-'");
}

TEST_CASE("audit/language: hostile patterns cost a bounded number of states and steps") {
    struct Case {
        std::vector<std::string> expressions;
        Overlap overlap;
    };
    const std::string branches = [] {
        std::string out = "^(?:";
        for (int i = 0; i < 300; ++i) out += (i ? "|" : "") + std::string("a.") + std::to_string(i);
        return out + ")*$";
    }();
    for (const Case& c : {
             Case{{"^(a|b)*a(a|b){14}$", "^(a|b)*b(a|b){14}$"}, Overlap::none},
             Case{{"^(a|b)*a(a|b){14}$", "^b*a*b{0,20}$"}, Overlap::some},
             Case{{"^(a|b)*a(a|b){200}$", "^(a|b)*b(a|b){200}$"}, Overlap::none},
             Case{{"(a|b)*a(a|b){14}c", "(a|b)*a(a|b){15}c", "(a|b)*a(a|b){16}c"}, Overlap::some},
             Case{{"^(?:(?:a*)*)*$", "^(?:(?:a+)+b)*$", "^(?:a|a|a|a)*c$"}, Overlap::none},
             Case{{"^(?:aaaaaaa)+$", "^(?:aaaaaaaaaaa)+$", "^(?:aaaaaaaaaaaaa)+$"}, Overlap::some},
             Case{{"^(?:a{97})+$", "^(?:a{89})+$", "^(?:a{83})+$", "^(?:a{79})+b$"}, Overlap::unknown},
             Case{{branches, branches, branches}, Overlap::some},
         }) {
        std::vector<Automaton> automata;
        std::vector<Factor> factors;
        for (const std::string& text : c.expressions) {
            auto made = Automaton::of({Match::regex, text});
            REQUIRE(made);
            automata.push_back(std::move(*made));
        }
        for (const Automaton& automaton : automata) {
            const Automaton* const one[] = {&automaton};
            factors.emplace_back(one);
        }
        SearchCost cost;
        const SearchLimits limits{.states = 50'000, .steps = 2'000'000};
        const CommonWord found = search_product(factors, Trie({}), limits, &cost);
        CHECK_MESSAGE(found.overlap == c.overlap, c.expressions.front(), " ", found.why);
        CHECK(cost.states <= limits.states + 1);
        CHECK(cost.steps <= limits.steps + 300);
        for (const Automaton& automaton : automata) {
            if (found.overlap == Overlap::some) CHECK(automaton.matches(found.word));
        }
    }
}

namespace {

Strings random_language(RandomPatterns& random) {
    Strings out;
    if (random.below(20) == 0) return any();
    for (unsigned left = random.below(3); left > 0; --left) out.exact.push_back(random.text(4));
    if (random.below(8) == 0) return out;
    for (unsigned left = 1 + random.below(2); left > 0; --left) {
        Pattern pattern = random.plain();
        if (random.below(3) == 0) pattern = {Match::regex, random.regex()};
        CHECK(compile(pattern));
        out.patterns.push_back(std::move(pattern));
    }
    return out;
}

// All words over the alphabet of RandomPatterns up to a length, as common_word orders them.
std::vector<std::string> all_words(std::size_t longest) {
    std::vector<std::string> out{""};
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i].size() == longest) break;
        for (const char c : {'a', 'b', '.', '/'}) out.push_back(out[i] + c);
    }
    return out;
}

} // namespace

TEST_CASE("audit/language: random languages have the common word that enumeration finds") {
    RandomPatterns random(3);
    const std::vector<std::string> words = all_words(4);
    std::size_t some = 0, none = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::vector<Strings> languages;
        for (unsigned left = 2 + random.below(2); left > 0; --left) languages.push_back(random_language(random));
        std::vector<std::string> excluded;
        for (unsigned left = random.below(4); left > 0; --left) excluded.push_back(random.text(3));
        const auto is_common = [&](const std::string& text) {
            return std::find(excluded.begin(), excluded.end(), text) == excluded.end() &&
                   std::all_of(languages.begin(), languages.end(), [&](const Strings& s) { return s.contains(text); });
        };
        const auto first = std::find_if(words.begin(), words.end(), is_common);
        const CommonWord found = common(languages, excluded);
        REQUIRE_MESSAGE(found.overlap != Overlap::unknown, found.why);
        if (found.overlap == Overlap::none) {
            REQUIRE_MESSAGE(first == words.end(), *first);
            ++none;
            continue;
        }
        ++some;
        REQUIRE(is_common(found.word));
        REQUIRE(find_invalid_utf8(found.word) == std::string_view::npos);
        const bool is_exact = std::any_of(languages.begin(), languages.end(), [&](const Strings& s) {
            return std::find(s.exact.begin(), s.exact.end(), found.word) != s.exact.end();
        });
        const bool all_any = std::all_of(languages.begin(), languages.end(), [](const Strings& s) { return s.any; });
        if (is_exact || all_any || first == words.end()) continue;
        REQUIRE(found.word.size() <= first->size());
        const bool in_alphabet = found.word.find_first_not_of("ab./") == std::string::npos;
        if (in_alphabet) REQUIRE(found.word == *first);
    }
    CHECK(some > 5'000);
    CHECK(none > 2'000);
}
