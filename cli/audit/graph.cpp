#include "cli/audit/graph.h"

#include <cmath>
#include <map>
#include <numbers>

#include <fmt/format.h>

#include "cli/app/html.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

using Status = audit::Crossing::Status;

constexpr std::size_t kMostNodes = 40;
constexpr double kWidth = 960, kRowHeight = 26, kNode = 5, kGap = 9;
constexpr std::size_t kLabel = 32; // characters

// Of domains, from and to: the weakest attackers over all services.
using Arrows = std::map<std::pair<std::size_t, std::size_t>, audit::Cell>;

Arrows arrows_of(const AuditReport& report) {
    Arrows out;
    for (std::size_t s = 0; s < report.services.size(); ++s) {
        for (std::size_t d = 0; d < report.domains.size(); ++d) {
            const audit::Cell cell = report.cell(d, s);
            if (d == report.services[s].domain || (!cell.leak && !cell.unknown)) continue;
            audit::Cell& arrow = out[{d, report.services[s].domain}];
            if (cell.leak) arrow.let_in(Status::confirmed, *cell.leak);
            if (cell.unknown) arrow.let_in(Status::unknown, *cell.unknown);
        }
    }
    return out;
}

struct Point {
    double x, y;
};

} // namespace

std::string leak_graph(const AuditReport& report) {
    const std::size_t count = report.domains.size();
    if (count < 2 || count > kMostNodes || report.services.size() > 10 * kMostNodes) return {};
    const Arrows arrows = arrows_of(report);
    if (arrows.empty()) return {};
    const double radius = std::max(90.0, kRowHeight * static_cast<double>(count) / 4);
    const Point middle{kWidth / 2, radius + 30};
    const auto place = [&](std::size_t node, double distance) {
        const double turn = 2 * std::numbers::pi * static_cast<double>(node) / static_cast<double>(count);
        return Point{middle.x - distance * std::cos(turn), middle.y - distance * std::sin(turn)};
    };
    std::string out = fmt::format(
        "<svg class=\"graph\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{} pairs of {} domains where "
        "tokens of the one get into the other; each is listed below\">\n<defs><marker id=\"tip\" viewBox=\"0 0 8 8\" "
        "refX=\"8\" refY=\"4\" markerWidth=\"8\" markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0 8 4 0 8z\" "
        "fill=\"context-stroke\"/></marker></defs>\n",
        kWidth, 2 * radius + 60, arrows.size(), count);
    for (const auto& [ends, arrow] : arrows) {
        const Point from = place(ends.first, radius), to = place(ends.second, radius);
        const double length = std::hypot(to.x - from.x, to.y - from.y);
        const double x = (to.x - from.x) / length, y = (to.y - from.y) / length;
        const bool counts = arrow.leak && *arrow.leak <= report.options.against;
        const std::string_view kind = counts ? "leaks" : arrow.leak ? "stronger" : "undecided";
        // A little to the left of the straight way, so that the way back is another line.
        out += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" "
                           "marker-end=\"url(#tip)\"/>\n",
                           kind, from.x + x * kGap + y * 3, from.y + y * kGap - x * 3, to.x - x * kGap + y * 3,
                           to.y - y * kGap - x * 3);
    }
    for (std::size_t node = 0; node < count; ++node) {
        const Point at = place(node, radius), label = place(node, radius + 14);
        const bool left = at.x<middle.x - 1, right = at.x> middle.x + 1;
        out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.0f}\"/><text x=\"{:.1f}\" y=\"{:.1f}\" "
                           "text-anchor=\"{}\">{}</text>\n",
                           at.x, at.y, kNode, label.x, label.y + 4,
                           left    ? "end"
                           : right ? "start"
                                   : "middle",
                           html_text(escape_text(report.domains[node], kLabel)));
    }
    return out + "</svg>\n<p class=\"faint\">An arrow: tokens of the one get into the other. Thick: for the attackers "
                 "asked about; thin: for stronger ones only; dashed: it is not known.</p>\n";
}

} // namespace jwtdomain::cli
