// The report of `explain`: one page, or the list of all.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "cli/explain/page.h"

namespace jwtdomain::cli {

using ExplainReport = std::variant<std::vector<IndexEntry>, Page>;

std::string to_text(const ExplainReport& report, bool color);
std::string to_json(const ExplainReport& report);

// An example line by line. Lines of the good and of the bad one stand side by side where they differ.
struct ExampleLine {
    enum class Side { both, good, bad } side;
    std::string text; // fit to be printed
};
std::vector<ExampleLine> compare(const ExampleText& example);

} // namespace jwtdomain::cli
