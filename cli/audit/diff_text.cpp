#include <algorithm>

#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/audit/diff.h"

namespace jwtdomain::cli {
namespace {

using audit::Change;
using audit::Direction;

constexpr std::size_t kListed = 200; // of each part; all are in json
constexpr std::size_t kLongest = 600;

Tone tone_of(Direction direction) {
    switch (direction) {
    case Direction::weaker: return Tone::bad;
    case Direction::different: return Tone::warning;
    case Direction::stronger: return Tone::good;
    case Direction::neutral: return Tone::plain;
    }
    return Tone::plain;
}

std::string shortened(std::string text) {
    if (text.size() <= kLongest) return text;
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return text.substr(0, end) + "...";
}

void part(TextReport& out, const DiffReport& report, bool proved, std::string_view heading) {
    std::size_t count = 0;
    for (const Change& change : report.diff.changes) {
        if (change.proved() != proved || ++count > kListed) continue;
        if (count == 1) out.blank().heading(heading);
        out.entry(tone_of(change.direction), name_of(change.direction), shortened(sentence_of(change)));
    }
    if (count > kListed) out.line(fmt::format("and {} more: --format json has them all", count - kListed));
}

} // namespace

std::string to_text(const DiffReport& report, bool color) {
    TextReport out(color);
    const auto verdict = report.diff.verdict();
    out.headline(verdict ? tone_of(*verdict) : Tone::good, verdict_of(report), shortened(headline_of(report)));
    const std::string commit = report.before.revision.empty() ? "" : " (" + report.before.revision.substr(0, 12) + ")";
    out.path("old", report.before.policy + commit);
    out.path("new", report.after.policy);
    part(out, report, true, "Proved");
    part(out, report, false, "Declared");
    if (!report.diff.depth_compared) out.blank().line("Depths were not compared: there are too many pairs.");
    return out.take();
}

} // namespace jwtdomain::cli
