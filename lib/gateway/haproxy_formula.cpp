#include "jwtdomain/gateway/haproxy_formula.h"

#include <algorithm>

namespace jwtdomain::gateway::haproxy {
namespace {

constexpr std::size_t kMostCubes = 128, kMostLiterals = 512;

// False if no request is in both.
bool merge(const Cube& a, const Cube& b, Cube& out) {
    out.clear();
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(out));
    return std::adjacent_find(out.begin(), out.end(),
                              [](const Literal& x, const Literal& y) { return x.atom == y.atom; }) == out.end();
}

bool within(const Cube& small, const Cube& large) {
    return std::includes(large.begin(), large.end(), small.begin(), small.end());
}

} // namespace

Formula Formula::of(Literal literal) {
    Formula out(false);
    out.cubes_.push_back({literal});
    return out;
}

Formula Formula::unbounded() {
    Formula out(false);
    out.too_large_ = true;
    return out;
}

void Formula::add(Cube cube) {
    if (too_large_) return;
    for (const Cube& each : cubes_) {
        if (within(each, cube)) return;
    }
    std::erase_if(cubes_, [&](const Cube& each) { return within(cube, each); });
    too_large_ = cubes_.size() >= kMostCubes || cube.size() > kMostLiterals;
    if (!too_large_) cubes_.push_back(std::move(cube));
}

Formula operator&&(const Formula& a, const Formula& b) {
    Formula out(false);
    out.too_large_ = a.too_large_ || b.too_large_;
    Cube both;
    for (const Cube& x : a.cubes_) {
        for (const Cube& y : b.cubes_) {
            if (out.too_large_) return out;
            if (merge(x, y, both)) out.add(both);
        }
    }
    return out;
}

Formula operator||(const Formula& a, const Formula& b) {
    Formula out = a;
    out.too_large_ = a.too_large_ || b.too_large_;
    for (const Cube& cube : b.cubes_) out.add(cube);
    return out;
}

Formula operator!(const Formula& a) {
    Formula out(true);
    out.too_large_ = a.too_large_;
    for (const Cube& cube : a.cubes_) {
        Formula none(false);
        for (const Literal& literal : cube) none.add({{literal.atom, !literal.holds}});
        out = out && none;
    }
    return out;
}

} // namespace jwtdomain::gateway::haproxy
