#include "jwtdomain/audit/language.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/audit/product.h"
#include "jwtdomain/audit/trie.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::audit {
namespace {

using accept::Automaton;
using accept::Pattern;
using accept::Strings;

constexpr std::size_t kMaxLanguages = 16;         // that have patterns
constexpr std::size_t kMaxMatching = 200'000'000; // octets times states, for the exact words
constexpr std::size_t kDearMatching = 2'000'000, kDearSteps = 100'000;
constexpr std::size_t kRemembered = 256; // answers to questions that took long

// A language that does not take every word, with its patterns made ready.
struct Language {
    const Strings* source;
    std::unordered_set<std::string_view> exact;
    std::vector<std::shared_ptr<const Automaton>> automata = {};
    std::size_t states = 0;
    std::string blind = {}; // why it may have words that we cannot see; empty: it has none
};

Language prepare(const Strings& source) {
    Language out{.source = &source, .exact = {source.exact.begin(), source.exact.end()}};
    for (const Pattern& pattern : source.patterns) {
        std::shared_ptr<const Automaton> automaton = pattern.automaton;
        if (!automaton) {
            Result<Automaton> made = Automaton::of(pattern);
            if (!made) {
                out.blind = "a pattern cannot be analysed: " + made.error().message;
                continue;
            }
            automaton = std::make_shared<const Automaton>(std::move(*made));
        }
        out.states += automaton->states().size();
        out.automata.push_back(std::move(automaton));
    }
    return out;
}

// All that the answer depends on, as one text.
std::string name_of(std::span<const Strings* const> languages, std::span<const std::string> excluded) {
    std::string out;
    const auto add = [&](std::string_view text) {
        out += std::to_string(text.size()) + ":";
        out += text;
    };
    for (const Strings* language : languages) {
        out += language->any ? 'a' : 'l';
        for (const std::string& word : language->exact) add(word);
        for (const Pattern& pattern : language->patterns) {
            out += 'p' + std::to_string(static_cast<int>(pattern.match));
            add(pattern.text);
        }
    }
    out += 'x';
    for (const std::string& word : excluded) add(word);
    return out;
}

class Question {
public:
    Question(std::span<const Strings* const> languages, std::span<const std::string> excluded)
        : excluded_(excluded), excluded_set_(excluded.begin(), excluded.end()) {
        for (const Strings* language : languages) {
            if (!language->any) languages_.push_back(prepare(*language));
        }
    }

    // Did it take so long that one should not ask it again?
    bool was_dear() const { return dear_ || matching_ > kDearMatching; }

    CommonWord answer() {
        if (languages_.empty()) return {.overlap = Overlap::some, .word = some_word()};
        try_exact_words();
        if (best_) return {.overlap = Overlap::some, .word = std::string(*best_)};
        CommonWord found = search_patterns();
        // What was not seen does not matter where a word was found, and only there.
        if (found.overlap == Overlap::none && !why_.empty()) return {.overlap = Overlap::unknown, .why = why_};
        return found;
    }

private:
    std::string some_word() const {
        std::string word = "x";
        for (std::size_t i = 1; excluded_set_.count(word) > 0; ++i) word = "x" + std::to_string(i);
        return word;
    }

    // An exact word of one language that is in the others is common; after this, what is left is common to patterns.
    void try_exact_words() {
        const auto smallest = std::min_element(languages_.begin(), languages_.end(), [](const auto& a, const auto& b) {
            return std::pair(!a.source->patterns.empty(), a.exact.size()) <
                   std::pair(!b.source->patterns.empty(), b.exact.size());
        });
        if (smallest->source->patterns.empty()) { // its words are all that there can be
            for (const std::string_view word : smallest->exact) try_word(word);
            return;
        }
        for (const Language& language : languages_) {
            for (const std::string_view word : language.exact) try_word(word);
        }
    }

    void try_word(std::string_view word) {
        if (excluded_set_.count(word) > 0) return;
        if (best_ && std::pair(best_->size(), *best_) <= std::pair(word.size(), word)) return;
        bool certain = true;
        for (const Language& language : languages_) {
            if (has(language, word)) continue;
            if (language.blind.empty() && matching_ <= kMaxMatching) return;
            certain = false;
            why_ = language.blind.empty() ? "there are too many words to match with patterns" : language.blind;
        }
        if (!certain) return;
        if (find_invalid_utf8(word) == std::string_view::npos)
            best_ = word;
        else
            why_ = "a common word is not UTF-8";
    }

    bool has(const Language& language, std::string_view word) {
        if (language.exact.count(word) > 0) return true;
        matching_ += (word.size() + 1) * language.states;
        if (matching_ > kMaxMatching) return false;
        return std::any_of(language.automata.begin(), language.automata.end(),
                           [&](const auto& automaton) { return automaton->matches(word); });
    }

    CommonWord search_patterns() {
        const auto finite = [](const Language& language) { return language.source->patterns.empty(); };
        if (std::any_of(languages_.begin(), languages_.end(), finite)) return {};
        std::vector<Factor> factors;
        for (const Language& language : languages_) {
            if (!language.blind.empty()) why_ = language.blind;
            std::vector<const Automaton*> automata;
            for (const auto& automaton : language.automata) automata.push_back(automaton.get());
            if (automata.empty()) return {}; // and it is blind
            factors.emplace_back(automata);
        }
        if (factors.size() > kMaxLanguages) {
            return {.overlap = Overlap::unknown,
                    .why = "more than " + std::to_string(kMaxLanguages) + " languages have patterns"};
        }
        SearchCost cost;
        CommonWord found = search_product(factors, Trie(excluded_), {}, &cost);
        dear_ = dear_ || cost.steps > kDearSteps || cost.edges > kDearSteps;
        return found;
    }

    std::span<const std::string> excluded_;
    std::unordered_set<std::string_view> excluded_set_;
    std::vector<Language> languages_;
    std::optional<std::string_view> best_;
    std::size_t matching_ = 0;
    bool dear_ = false;
    std::string why_; // there may be words that were not seen
};

} // namespace

CommonWord common_word(std::span<const accept::Strings* const> languages, std::span<const std::string> excluded) {
    const bool patterns = std::any_of(languages.begin(), languages.end(),
                                      [](const Strings* language) { return !language->patterns.empty(); });
    if (!patterns) return Question(languages, excluded).answer();
    // The same patterns meet again and again: for each attacker, trust edge and remedy.
    static thread_local std::unordered_map<std::string, CommonWord> remembered;
    std::string name = name_of(languages, excluded);
    if (const auto known = remembered.find(name); known != remembered.end()) return known->second;
    Question question(languages, excluded);
    CommonWord out = question.answer();
    if (question.was_dear()) {
        if (remembered.size() >= kRemembered) remembered.clear();
        remembered.emplace(std::move(name), out);
    }
    return out;
}

} // namespace jwtdomain::audit
