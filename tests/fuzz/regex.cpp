// Two expressions and a text, divided by NUL. What compiles matches as its copy does; a common word is common; where
// there is none, no word of one is in the other.
#include <algorithm>
#include <string>
#include <vector>

#include "check.h"
#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/audit/language.h"
#include "jwtdomain/base/escape.h"

using namespace jwtdomain;
using namespace jwtdomain::accept;
using namespace jwtdomain::audit;

namespace {

constexpr std::size_t kMaxInput = 200;
constexpr std::size_t kMaxStates = 300; // more, and a search may come to its own limit, which takes seconds here

std::string next_part(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\0'), rest.size());
    std::string part(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return part;
}

Strings language_of(const std::string& text) {
    Strings out;
    out.patterns = {{Match::regex, text}};
    const Status status = compile(out.patterns.front());
    CHECK(status.has_value() == (out.patterns.front().automaton != nullptr));
    if (!status) CHECK(status.error().fault == Fault::limit || status.error().where.column <= text.size() + 1);
    return out;
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size > kMaxInput) return 0;
    std::string_view rest = view(data, size);
    const std::string first = next_part(rest), second = next_part(rest);
    const std::string text(rest);
    const Strings left = language_of(first), right = language_of(second);
    Strings uncompiled;
    uncompiled.patterns = {{Match::regex, first}};
    CHECK(left.contains(text) == uncompiled.contains(text));

    for (const Strings* language : {&left, &right}) {
        const auto& automaton = language->patterns.front().automaton;
        if (automaton && automaton->states().size() > kMaxStates) return 0;
    }

    const Strings* const one[] = {&left};
    const Strings* const both[] = {&left, &right};
    const CommonWord in_left = common_word(one), in_both = common_word(both);
    const std::vector<std::string> shortest{in_left.word};
    if (in_left.overlap == Overlap::some) {
        CHECK(left.contains(in_left.word) && find_invalid_utf8(in_left.word) == std::string_view::npos);
        const CommonWord other = common_word(one, shortest);
        if (other.overlap == Overlap::some)
            CHECK(other.word != in_left.word && other.word.size() >= in_left.word.size() && left.contains(other.word));
    }
    if (in_both.overlap == Overlap::some) CHECK(left.contains(in_both.word) && right.contains(in_both.word));
    if (in_both.overlap == Overlap::none) {
        CHECK(left.patterns.front().automaton && right.patterns.front().automaton);
        CHECK(!left.contains(text) || !right.contains(text));
        if (in_left.overlap == Overlap::some) CHECK(!right.contains(in_left.word));
    }
    return 0;
}
