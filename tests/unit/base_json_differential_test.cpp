// Our reader against nlohmann::json on generated and mutated texts. They agree on what is accepted and on every value,
// but for the differences that compare_verdicts names.
#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <random>
#include <set>
#include <string>

#include "jwtdomain/base/json.h"

using namespace jwtdomain;
using json::Defect;
using json::Kind;
using Peer = nlohmann::json;

namespace {

class Generator {
public:
    explicit Generator(std::uint64_t seed) : random_(seed) {}

    std::string text() {
        out_.clear();
        value(0);
        const std::size_t mutations = below(4);
        for (std::size_t i = 0; i < mutations; ++i) mutate();
        return out_;
    }

private:
    std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }
    template <std::size_t N> void one_of(const char* const (&choices)[N]) { out_ += choices[below(N)]; }

    void space() {
        if (below(4) == 0) one_of({" ", "\n", "\t", "\r\n", "  "});
    }

    void value(std::size_t depth) {
        space();
        switch (below(depth > 4 ? 5 : 9)) {
        case 0: one_of({"true", "false", "null"}); break;
        case 1:
        case 2: number(); break;
        case 3:
        case 4: string(); break;
        case 5:
        case 6: container(depth, '[', ']'); break;
        default: container(depth, '{', '}'); break;
        }
        space();
    }

    void container(std::size_t depth, char open, char close) {
        out_ += open;
        const std::size_t count = below(30) == 0 ? 20 + below(10) : below(5);
        for (std::size_t i = 0; i < count; ++i) {
            if (i > 0) out_ += ',';
            if (open == '{') {
                space();
                if (below(8) == 0) {
                    one_of({"\"alg\"", "\"\\u0061lg\"", "\"a\"", "\"\"", "\"\\/\"", "\"/\""});
                } else {
                    string();
                }
                space();
                out_ += ':';
            }
            value(depth + 1);
        }
        space();
        out_ += close;
    }

    void digits(std::size_t most) {
        for (std::size_t i = below(most) + 1; i > 0; --i) out_ += static_cast<char>('0' + below(10));
    }

    void number() {
        if (below(3) == 0) out_ += '-';
        if (below(4) == 0) {
            one_of({"0", "9223372036854775807", "9223372036854775808", "18446744073709551615", "18446744073709551616",
                    "1700000000", "9007199254740993"});
        } else {
            out_ += static_cast<char>('1' + below(9));
            if (below(2) == 0) digits(22);
        }
        if (below(3) == 0) {
            out_ += '.';
            digits(20);
        }
        if (below(4) == 0) {
            one_of({"e", "E", "e+", "E-"});
            digits(3);
        }
    }

    void string() {
        out_ += '"';
        for (std::size_t i = below(12); i > 0; --i) {
            switch (below(6)) {
            case 0:
                one_of({"\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t", "\\u0041", "\\u00E4", "\\u0000",
                        "\\uFFFF", "\\ud83d\\ude00", "\\uDBFF\\uDFFF"});
                break;
            case 1:
                one_of({"ä", "€", "\U0001F600", "\u2028", "\x7f", "\uffff", "\U0010FFFF", "{", "[", ",", ":"});
                break;
            default: out_ += static_cast<char>('a' + below(26)); break;
            }
        }
        out_ += '"';
    }

    void mutate() {
        const std::size_t at = below(out_.size() + 1);
        const std::size_t length = below(4) + 1;
        switch (below(6)) {
        case 0: out_.erase(at, length); break;
        case 1: out_.insert(at, 1, static_cast<char>(below(256))); break;
        case 2: {
            const char* const pieces[] = {
                "\"",       "\\",  "{", "}",   "[",       "]",       ",",    ":",    "0",    "-",
                ".",        "e",   " ", "\\u", "\\ud800", "\\udc00", "null", "\x80", "\xc3", "\xed\xa0\x80",
                "\xc0\xaf", "\x01"};
            out_.insert(at, pieces[below(std::size(pieces))]);
            break;
        }
        case 3: out_.insert(at, out_.substr(below(out_.size() + 1), length * 4)); break;
        case 4:
            if (at < out_.size()) out_[at] = static_cast<char>(static_cast<unsigned char>(out_[at]) ^ (1u << below(8)));
            break;
        default: out_.insert(at, " "); break;
        }
    }

    std::mt19937_64 random_;
    std::string out_;
};

enum class Verdict { accepted, rejected, number_overflow };

Verdict ask_peer(const std::string& text, Peer& value) {
    try {
        value = Peer::parse(text);
        return Verdict::accepted;
    } catch (const Peer::out_of_range&) {
        return Verdict::number_overflow;
    } catch (const Peer::parse_error&) {
        return Verdict::rejected;
    }
}

bool has_duplicates(const json::Value& value) {
    std::set<std::string> names;
    for (const json::Member& member : value) {
        if (value.is(Kind::object) && !names.emplace(member.name).second) return true;
        if (has_duplicates(member.value)) return true;
    }
    return false;
}

bool same_number(const json::Value& ours, const Peer& theirs) {
    const std::optional<std::int64_t> integer = ours.integer();
    const std::optional<double> number = ours.number();
    if (theirs.is_number_unsigned() && theirs.get<std::uint64_t>() > INT64_MAX)
        return !integer && number == theirs.get<double>();
    if (theirs.is_number_integer()) return integer == theirs.get<std::int64_t>();
    if (integer && number && static_cast<double>(*integer) != *number) return false;
    // Below the smallest double we say that there is none, nlohmann says 0 or a subnormal.
    if (!number)
        return std::fpclassify(theirs.get<double>()) == FP_ZERO ||
               std::fpclassify(theirs.get<double>()) == FP_SUBNORMAL;
    return *number == theirs.get<double>();
}

// Of equal names both keep the last here.
bool same_value(const json::Value& ours, const Peer& theirs) {
    switch (ours.kind()) {
    case Kind::null: return theirs.is_null();
    case Kind::boolean: return theirs.is_boolean() && theirs.get<bool>() == ours.boolean();
    case Kind::number: return theirs.is_number() && same_number(ours, theirs);
    case Kind::string: return theirs.is_string() && theirs.get_ref<const std::string&>() == ours.text();
    case Kind::array: {
        if (!theirs.is_array() || theirs.size() != ours.size()) return false;
        std::size_t i = 0;
        for (const json::Member& member : ours) {
            if (!same_value(member.value, theirs[i++])) return false;
        }
        return true;
    }
    case Kind::object: {
        if (!theirs.is_object()) return false;
        std::set<std::string> names;
        for (const json::Member& member : ours) names.emplace(member.name);
        if (names.size() != theirs.size()) return false;
        for (const auto& [name, value] : theirs.items()) {
            const std::optional<json::Value> found = ours.find(name);
            if (!found || !same_value(*found, value)) return false;
        }
        return true;
    }
    }
    return false;
}

struct Tally {
    int accepted = 0, rejected = 0, duplicates = 0;
};

// Empty if we agree; else what we differ in.
std::string compare_verdicts(const std::string& text, Tally& tally) {
    json::Document lax, strict;
    const json::Problem problem = lax.parse(text, {.depth = 1000, .duplicates = json::Duplicates::last});
    const json::Problem strict_problem = strict.parse(text, {.depth = 1000});
    if (problem && !strict_problem) return "the strict reader accepts what the lax one rejects";
    ++(strict_problem ? tally.rejected : tally.accepted);

    // nlohmann takes a NUL between tokens for the end of the text, and skips a byte order mark.
    if (text.find('\0') != std::string::npos) return problem ? "" : "a NUL is accepted";
    if (text.compare(0, 3, "\xef\xbb\xbf") == 0) return problem ? "" : "a byte order mark is accepted";

    Peer theirs;
    switch (ask_peer(text, theirs)) {
    case Verdict::rejected: return problem ? "" : "we accept, nlohmann rejects";
    case Verdict::number_overflow: return ""; // it gave up at a number over the largest double, and read no further
    case Verdict::accepted: break;
    }
    if (problem) return std::string("we reject, nlohmann accepts: expected ") + problem.expected;
    if (!same_value(lax.root(), theirs)) return "the values differ";
    const bool duplicates = has_duplicates(lax.root());
    tally.duplicates += duplicates;
    if (duplicates != (strict_problem.defect == Defect::duplicate_name))
        return "a duplicate name is missed or imagined";
    if (!duplicates && !same_value(strict.root(), theirs)) return "the strict values differ";
    return "";
}

} // namespace

TEST_CASE("json/differential: 50,000 generated and mutated texts are read as nlohmann::json reads them") {
    const std::uint64_t seed = (std::uint64_t{std::random_device{}()} << 20);
    Tally tally;
    for (std::uint64_t i = 0; i < 50000; ++i) {
        const std::string text = Generator(seed + i).text();
        const std::string difference = compare_verdicts(text, tally);
        if (!difference.empty()) FAIL("seed " << seed + i << ": " << difference << "\n" << text);
    }
    // The mixture is one in which a difference would show.
    CHECK(tally.accepted > 10000);
    CHECK(tally.rejected > 10000);
    CHECK(tally.duplicates > 150);
}
