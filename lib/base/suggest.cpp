#include "jwtdomain/base/suggest.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace jwtdomain {
namespace {

constexpr std::size_t kLongest = 64; // octets; longer words are not names that somebody mistyped

char fold(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Optimal string alignment distance in octets, ASCII case folded: insert, delete, change, swap neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
    std::array<std::array<std::size_t, kLongest + 1>, 3> rows{};
    for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto& row = rows[i % 3];
        const auto& above = rows[(i + 2) % 3];
        const auto& above_that = rows[(i + 1) % 3];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = fold(a[i - 1]) == fold(b[j - 1]);
            row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + !same});
            const bool swapped = i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) && fold(a[i - 2]) == fold(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], above_that[j - 2] + 1);
        }
    }
    return rows[a.size() % 3][b.size()];
}

bool starts_with(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(), [](char x, char y) { return fold(x) == fold(y); });
}

} // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> names) {
    if (word.empty() || word.size() > kLongest) return {};
    const std::size_t allowed = word.size() < 2 ? 0 : word.size() < 5 ? 1 : word.size() < 9 ? 2 : 3;
    std::string_view best;
    std::size_t best_distance = allowed + 1;
    std::string_view completed;
    std::size_t completions = 0;
    for (const std::string_view name : names) {
        if (name.empty() || name.size() > kLongest) continue;
        if (starts_with(name, word)) {
            completed = name;
            ++completions;
        }
        const std::size_t gap = name.size() > word.size() ? name.size() - word.size() : word.size() - name.size();
        if (gap >= best_distance) continue;
        const std::size_t d = distance(word, name);
        if (d < best_distance) {
            best = name;
            best_distance = d;
        }
    }
    if (best.empty() && completions == 1) return completed;
    return best;
}

std::string_view nearest(std::string_view word, const std::vector<std::string>& names) {
    const std::vector<std::string_view> views(names.begin(), names.end());
    return nearest(word, std::span<const std::string_view>(views));
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
    const std::string_view near = nearest(word, names);
    return near.empty() ? "" : "did you mean " + std::string(near) + "? ";
}

} // namespace jwtdomain
