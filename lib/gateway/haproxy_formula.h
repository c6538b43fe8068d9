// Conditions in disjunctive normal form, over atoms that are known by their numbers. Bounded: what would grow beyond
// is marked, and then nothing may be concluded from it.
// Internal: not installed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace jwtdomain::gateway::haproxy {

struct Literal {
    std::uint32_t atom;
    bool holds;
    auto operator<=>(const Literal&) const = default;
};

using Cube = std::vector<Literal>; // all of them; in order, each atom once

class Formula {
public:
    static Formula always() { return Formula(true); }
    static Formula never() { return Formula(false); }
    static Formula of(Literal literal);
    static Formula unbounded(); // too large to be looked at

    // Any of them. None: never; one that is empty: always.
    const std::vector<Cube>& cubes() const { return cubes_; }
    bool too_large() const { return too_large_; }

    friend Formula operator&&(const Formula& a, const Formula& b);
    friend Formula operator||(const Formula& a, const Formula& b);
    friend Formula operator!(const Formula& a);

private:
    explicit Formula(bool holds) {
        if (holds) cubes_.emplace_back();
    }
    void add(Cube cube);
    std::vector<Cube> cubes_;
    bool too_large_ = false;
};

} // namespace jwtdomain::gateway::haproxy
