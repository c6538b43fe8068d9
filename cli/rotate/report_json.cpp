#include "cli/app/json_text.h"
#include "cli/rotate/report.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;

Json facts_json(const rotation::Facts& facts) {
    Json out{{"cache", facts.cache}, {"token_life", facts.token_life}, {"skew", facts.skew}};
    out["every"] = facts.every ? Json(*facts.every) : Json();
    return out;
}

void put_time(Json& object, const char* name, const std::optional<Time>& time) {
    if (time) object[name] = format_time(*time);
}

std::string_view mode_word(RotateReport::Mode mode) {
    switch (mode) {
    case RotateReport::Mode::step: return "step";
    case RotateReport::Mode::emergency: return "emergency";
    case RotateReport::Mode::plan: return "plan";
    }
    return "";
}

} // namespace

std::string to_json(const RotateReport& r) {
    Json out{{"version", 1}, {"command", "rotate"}, {"mode", mode_word(r.mode)}, {"domain", r.domain}};
    out["as_of"] = format_time(r.now);
    out["facts"] = facts_json(r.facts);
    out["done"] = Json::array();
    for (const auto& each : r.done) {
        Json row{{"what", name_of(each.kind)}, {"kid", each.kid}};
        put_time(row, "time", each.time);
        out["done"].push_back(std::move(row));
    }
    out["keys"] = Json::array();
    for (const auto& key : r.keys) {
        Json row{{"kid", key.kid}, {"algorithm", key.algorithm}, {"state", rotation::name_of(key.state.state)}};
        row["private_here"] = key.private_here;
        row["signs_from"] = format_time(key.state.starts);
        put_time(row, "signs_until", key.state.stops);
        put_time(row, "published_until", key.state.leaves);
        out["keys"].push_back(std::move(row));
    }
    out["next"] = Json::array();
    for (const auto& event : r.next) {
        Json row{{"at", format_time(event.at)}, {"what", rotation::name_of(event.kind)}};
        row["kid"] = event.key.empty() ? Json() : Json(event.key);
        row["needs_run"] = event.run;
        out["next"].push_back(std::move(row));
    }
    put_time(out, "run_again", r.run_again());
    if (r.mode == RotateReport::Mode::emergency) {
        out["accepted_until"] = format_time(r.now + r.facts.cache);
        if (!r.reason.empty()) out["reason"] = r.reason;
    }
    if (r.publication.files.empty()) return json_text(out);
    out["published"] = {{"directory", r.publication.directory}};
    out["published"]["files"] = Json::array();
    for (const auto& file : r.publication.files)
        out["published"]["files"].push_back({{"path", file.path}, {"type", file.type}});
    out["policy_set"] = r.policy_set;
    out["removed_set"] = r.removed_set;
    if (!r.private_file.empty()) out["private_file"] = r.private_file;
    return json_text(out);
}

std::string to_json(const SimulationReport& r) {
    const rotation::Simulation& s = r.simulation;
    Json out{{"version", 1}, {"command", "rotate"}, {"mode", "simulation"}, {"domain", r.domain}};
    out["as_of"] = format_time(r.now);
    out["facts"] = facts_json(r.facts);
    out["verdict"] = s.good() ? "holds" : "fails";
    out["from"] = format_time(s.from);
    out["until"] = format_time(s.until);
    out["keys"] = Json::array();
    for (const auto& key : s.keys) {
        Json row{{"kid", key.key.empty() ? Json() : Json(key.key)}};
        put_time(row, "published_from", key.published_from);
        put_time(row, "published_until", key.published_until);
        put_time(row, "signs_from", key.signs_from);
        put_time(row, "signs_until", key.signs_until);
        put_time(row, "last_accepted", key.last_accepted);
        out["keys"].push_back(std::move(row));
    }
    out["breaches"] = Json::array();
    for (const auto& breach : s.breaches) {
        Json row{{"what", rotation::name_of(breach.kind)}};
        if (!breach.key.empty()) row["kid"] = breach.key;
        row["from"] = format_time(breach.from);
        row["until"] = format_time(breach.until);
        out["breaches"].push_back(std::move(row));
    }
    return json_text(out);
}

} // namespace jwtdomain::cli
