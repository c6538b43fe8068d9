#include <algorithm>

#include "jwtdomain/audit/product.h"

namespace jwtdomain::audit {
namespace {

constexpr std::uint32_t kUnsettled = UINT32_MAX, kNoSlot = UINT32_MAX;

} // namespace

Factor::Factor(std::span<const accept::Automaton* const> automata) {
    std::uint32_t total = 0;
    for (const accept::Automaton* automaton : automata) {
        parts_.push_back({automaton, total});
        total += static_cast<std::uint32_t>(automaton->states().size());
    }
    states_.resize(total);
    entered_.resize(total);
    slot_.resize(total);
    settled_.resize(total, kUnsettled);
    for (const Part& part : parts_) starts_.push_back(settle(part.first + part.automaton->start()));
}

const accept::Automaton::State& Factor::original(std::uint32_t state, std::uint32_t& first) const {
    const auto part = std::upper_bound(parts_.begin(), parts_.end(), state,
                                       [](std::uint32_t s, const Part& p) { return s < p.first; }) -
                      1;
    first = part->first;
    return part->automaton->states()[state - first];
}

// A state that only leads on by one empty move is the one that it leads to: the ends of a thousand branches are one
// state.
std::uint32_t Factor::settle(std::uint32_t state) {
    std::vector<std::uint32_t> chain;
    while (settled_[state] == kUnsettled) {
        std::uint32_t first = 0;
        const accept::Automaton::State& s = original(state, first);
        settled_[state] = state; // for good if it does not lead on, or in a circle of empty moves
        if (!s.edges.empty() || s.accepting || s.empty.size() != 1) break;
        chain.push_back(state);
        state = first + s.empty.front();
    }
    state = settled_[state];
    for (const std::uint32_t link : chain) settled_[link] = state;
    return state;
}

const Factor::State& Factor::at(std::uint32_t state) {
    State& out = states_[state];
    if (out.known) return out;
    out.known = true;
    std::vector<std::uint32_t> closure{state}, targets;
    entered_[state] = ++round_;
    for (std::size_t i = 0; i < closure.size(); ++i) {
        std::uint32_t first = 0;
        const accept::Automaton::State& s = original(closure[i], first);
        out.accepting = out.accepting || s.accepting;
        for (const Edge& edge : s.edges) targets.push_back(settle(first + edge.to));
        for (const std::uint32_t next : s.empty) {
            if (entered_[first + next] == round_) continue;
            entered_[first + next] = round_;
            closure.push_back(first + next);
        }
    }
    for (const std::uint32_t target : targets) slot_[target] = kNoSlot;
    std::size_t k = 0;
    for (const std::uint32_t member : closure) {
        std::uint32_t first = 0;
        for (const Edge& edge : original(member, first).edges) {
            const std::uint32_t to = targets[k++];
            if (slot_[to] == kNoSlot) {
                slot_[to] = static_cast<std::uint32_t>(out.edges.size());
                out.edges.push_back({edge.on, to});
            } else {
                out.edges[slot_[to]].on |= edge.on;
            }
        }
    }
    edges_made_ += closure.size() + out.edges.size();
    return out;
}

} // namespace jwtdomain::audit
