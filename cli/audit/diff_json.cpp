#include "cli/app/json_text.h"
#include "cli/audit/diff.h"

namespace jwtdomain::cli {
namespace {

using nlohmann::ordered_json;

ordered_json or_null(std::string_view text) { return text.empty() ? ordered_json() : ordered_json(text); }

ordered_json side_of(const DiffReport::Side& side) {
    return {{"name", side.name}, {"revision", or_null(side.revision)}, {"policy", side.policy}};
}

ordered_json change_of(const audit::Change& change) {
    return {{"direction", name_of(change.direction)},
            {"proved", change.proved()},
            {"kind", name_of(change.kind)},
            {"subject", change.subject},
            {"count", change.count},
            {"what", or_null(change.what)},
            {"before", or_null(change.before)},
            {"after", or_null(change.after)},
            {"attacker", change.attacker ? ordered_json(name_of(*change.attacker)) : ordered_json()}};
}

} // namespace

std::string to_json(const DiffReport& report) {
    ordered_json out;
    out["version"] = 1;
    out["command"] = "audit diff";
    const auto verdict = report.diff.verdict();
    out["verdict"] = verdict ? name_of(*verdict) : "same";
    out["before"] = side_of(report.before);
    out["after"] = side_of(report.after);
    out["as_of"] = format_time(report.now);
    for (const auto direction :
         {audit::Direction::weaker, audit::Direction::different, audit::Direction::stronger, audit::Direction::neutral})
        out[std::string(name_of(direction))] = report.diff.count(direction);
    out["depth_compared"] = report.diff.depth_compared;
    out["changes"] = ordered_json::array();
    for (const audit::Change& change : report.diff.changes) out["changes"].push_back(change_of(change));
    return json_text(out);
}

} // namespace jwtdomain::cli
