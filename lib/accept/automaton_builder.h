// Internal: states are added one by one, up to the limit; past it nothing is added and full() says so.
#pragma once

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/accept/regex.h"

namespace jwtdomain::accept {

class AutomatonBuilder {
public:
    using Octets = Automaton::Octets;

    AutomatonBuilder() { add(); } // the start

    std::uint32_t start() const { return made_.start_; }
    bool full() const { return full_; }

    std::uint32_t add() {
        if (made_.states_.size() >= Automaton::kMaxStates) {
            full_ = true;
            return 0;
        }
        made_.states_.emplace_back();
        return static_cast<std::uint32_t>(made_.states_.size() - 1);
    }
    void edge(std::uint32_t from, const Octets& on, std::uint32_t to) {
        if (!full_) made_.states_[from].edges.push_back({on, to});
    }
    void empty(std::uint32_t from, std::uint32_t to) {
        if (!full_) made_.states_[from].empty.push_back(to);
    }
    void accept(std::uint32_t state) { made_.states_[state].accepting = true; }

    std::uint32_t step(std::uint32_t from, const Octets& on) {
        const std::uint32_t to = add();
        edge(from, on, to);
        return to;
    }
    std::uint32_t text(std::uint32_t from, std::string_view octets) {
        for (const char c : octets) from = step(from, Octets{}.set(static_cast<unsigned char>(c)));
        return from;
    }
    void loop(std::uint32_t state) { edge(state, Octets{}.set(), state); } // any run of octets

    // The languages of patterns, of the whole text. Faults: as Automaton::of.
    Status regex(std::string_view expression);
    void glob(std::string_view pattern);

    Automaton take() { return std::move(made_); }

private:
    Automaton made_;
    bool full_ = false;
};

} // namespace jwtdomain::accept
