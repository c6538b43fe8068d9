#include "cli/explain/report.h"

#include <algorithm>

#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        lines.push_back(find_invalid_utf8(line) == std::string_view::npos ? std::string(line) : escape_text(line));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// A comma at the end comes and goes with the members behind it.
bool alike(std::string_view a, std::string_view b) {
    if (!a.empty() && a.back() == ',') a.remove_suffix(1);
    if (!b.empty() && b.back() == ',') b.remove_suffix(1);
    return a == b;
}

} // namespace

std::vector<ExampleLine> compare(const ExampleText& example) {
    using Side = ExampleLine::Side;
    const std::vector<std::string> good = lines_of(example.good), bad = lines_of(example.bad);
    // common[i][j]: how many lines good[i..] and bad[j..] have in common, in order.
    std::vector<std::vector<int>> common(good.size() + 1, std::vector<int>(bad.size() + 1, 0));
    for (std::size_t i = good.size(); i-- > 0;) {
        for (std::size_t j = bad.size(); j-- > 0;) {
            common[i][j] =
                alike(good[i], bad[j]) ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
        }
    }
    std::vector<ExampleLine> lines;
    std::size_t i = 0, j = 0;
    while (i < good.size() || j < bad.size()) {
        if (i < good.size() && j < bad.size() && alike(good[i], bad[j])) {
            lines.push_back({Side::both, bad[j]});
            ++i, ++j;
        } else if (j == bad.size() || (i < good.size() && common[i + 1][j] >= common[i][j + 1])) {
            lines.push_back({Side::good, good[i++]});
        } else {
            lines.push_back({Side::bad, bad[j++]});
        }
    }
    return lines;
}

} // namespace jwtdomain::cli
