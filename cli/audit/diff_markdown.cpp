// For the comment on a merge request.
#include <fmt/format.h>

#include "cli/app/markdown.h"
#include "cli/audit/diff.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

using audit::Change;
using audit::Direction;

constexpr std::size_t kListed = 100; // GitHub takes 64 KiB of comment
constexpr std::size_t kLongest = 300;

std::string row_of(const Change& change) {
    const bool bad = change.direction == Direction::weaker || change.direction == Direction::different;
    const std::string_view direction = name_of(change.direction);
    return fmt::format("| {} | {} | {} |\n", bad ? fmt::format("**{}**", direction) : std::string(direction),
                       change.proved() ? "proved" : "declared",
                       markdown_code(escape_text(sentence_of(change), kLongest)));
}

} // namespace

std::string to_markdown(const DiffReport& report) {
    const auto& changes = report.diff.changes;
    std::string out =
        fmt::format("# jwtdomain audit diff: {}\n\n{}\n\nfrom {}", verdict_of(report),
                    markdown_code(escape_text(headline_of(report), 2 * kLongest)), markdown_raw(report.before.policy));
    if (!report.before.revision.empty()) out += " (" + report.before.revision.substr(0, 12) + ")";
    out += fmt::format(" to {}, as of {}\n", markdown_raw(report.after.policy), format_time(report.now));
    if (!changes.empty()) out += "\n| direction | how it is known | what changed |\n|---|---|---|\n";
    for (std::size_t i = 0; i < changes.size() && i < kListed; ++i) out += row_of(changes[i]);
    if (changes.size() > kListed) out += fmt::format("\nand {} more\n", changes.size() - kListed);
    if (!report.diff.depth_compared) out += "\nDepths were not compared: there are too many pairs.\n";
    return out;
}

} // namespace jwtdomain::cli
