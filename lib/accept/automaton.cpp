#include "jwtdomain/accept/automaton.h"

#include <memory>
#include <utility>

#include "jwtdomain/accept/automaton_builder.h"

namespace jwtdomain::accept {
namespace {

// A set of states with those that empty moves reach; clearing it takes no time.
class StateSet {
public:
    explicit StateSet(const std::vector<Automaton::State>& states) : states_(&states), entered_(states.size(), 0) {}

    void clear() {
        members_.clear();
        accepting_ = settled_ = false;
        closed_ = 0;
        ++round_;
    }

    void add(std::uint32_t state) {
        enter(state);
        for (; closed_ < members_.size(); ++closed_) {
            for (const std::uint32_t next : (*states_)[members_[closed_]].empty) enter(next);
        }
    }

    const std::vector<std::uint32_t>& members() const { return members_; }
    bool accepting() const { return accepting_; }
    bool settled() const { return settled_; } // accepting, whatever follows

private:
    void enter(std::uint32_t state) {
        if (std::exchange(entered_[state], round_) == round_) return;
        members_.push_back(state);
        const Automaton::State& s = (*states_)[state];
        if (!s.accepting) return;
        accepting_ = true;
        for (const Automaton::Edge& edge : s.edges) settled_ = settled_ || (edge.to == state && edge.on.all());
    }

    const std::vector<Automaton::State>* states_;
    std::vector<std::size_t> entered_; // the round in which a state became a member
    std::vector<std::uint32_t> members_;
    std::size_t round_ = 1;
    std::size_t closed_ = 0; // members before this one have had their empty moves taken
    bool accepting_ = false, settled_ = false;
};

} // namespace

void AutomatonBuilder::glob(std::string_view pattern) {
    std::uint32_t at = start();
    bool looping = false; // two stars in a row are one
    for (const char c : pattern) {
        if (c == '*') {
            if (!looping) loop(at);
            looping = true;
            continue;
        }
        at = c == '?' ? step(at, Octets{}.set()) : text(at, {&c, 1});
        looping = false;
    }
    accept(at);
}

Result<Automaton> Automaton::of(const Pattern& pattern) {
    const std::string_view text = pattern.text;
    if (text.size() > kMaxPattern)
        return fail(Fault::limit, "the pattern is longer than " + std::to_string(kMaxPattern) + " octets");
    AutomatonBuilder builder;
    const std::uint32_t start = builder.start();
    switch (pattern.match) {
    case Match::equal: builder.accept(builder.text(start, text)); break;
    case Match::prefix: {
        const std::uint32_t end = builder.text(start, text);
        builder.loop(end);
        builder.accept(end);
        break;
    }
    case Match::suffix:
        builder.loop(start);
        builder.accept(builder.text(start, text));
        break;
    case Match::contains: {
        builder.loop(start);
        const std::uint32_t end = builder.text(start, text);
        if (end != start) builder.loop(end);
        builder.accept(end);
        break;
    }
    case Match::glob: builder.glob(text); break;
    case Match::regex:
        if (Status status = builder.regex(text); !status) return fail(status.error());
        break;
    }
    if (builder.full())
        return fail(Fault::limit, "the pattern needs more than " + std::to_string(kMaxStates) + " states",
                    "repeat less, or split it into several patterns");
    return builder.take();
}

bool Automaton::matches(std::string_view text) const {
    StateSet now(states_), next(states_);
    now.add(start_);
    for (const char c : text) {
        if (now.settled()) return true;
        if (now.members().empty()) return false;
        next.clear();
        for (const std::uint32_t state : now.members()) {
            for (const Edge& edge : states_[state].edges) {
                if (edge.on.test(static_cast<unsigned char>(c))) next.add(edge.to);
            }
        }
        std::swap(now, next);
    }
    return now.accepting();
}

Status compile(Pattern& pattern) {
    pattern.automaton = nullptr;
    if (pattern.match != Match::regex) return {};
    Result<Automaton> made = Automaton::of(pattern);
    if (!made) return fail(made.error());
    pattern.automaton = std::make_shared<const Automaton>(std::move(*made));
    return {};
}

std::string quote_regex(std::string_view text) {
    constexpr std::string_view kMeaning = "\\^$.|?*+()[]{}-";
    std::string out;
    for (const char c : text) {
        if (kMeaning.find(c) != std::string_view::npos) out += '\\';
        out += c;
    }
    return out;
}

} // namespace jwtdomain::accept
