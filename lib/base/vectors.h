// Small things that are done with vectors everywhere.
#pragma once

#include <algorithm>
#include <vector>

namespace jwtdomain {

// In order, each once.
template <class Value> void sort_once(std::vector<Value>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

// To each of them, where they are.
template <class Value> std::vector<const Value*> pointers(const std::vector<Value>& values) {
    std::vector<const Value*> out;
    out.reserve(values.size());
    for (const Value& value : values) out.push_back(&value);
    return out;
}

} // namespace jwtdomain
