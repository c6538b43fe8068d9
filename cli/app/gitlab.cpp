#include "cli/app/gitlab.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "jwtdomain/base/version.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string_view quality_of(Severity severity) {
    switch (severity) {
    case Severity::critical: return "blocker";
    case Severity::high: return "critical";
    case Severity::medium: return "major";
    case Severity::low: return "minor";
    case Severity::info: return "info";
    }
    return {};
}

std::string_view sast_of(Severity severity) {
    switch (severity) {
    case Severity::critical: return "Critical";
    case Severity::high: return "High";
    case Severity::medium: return "Medium";
    case Severity::low: return "Low";
    case Severity::info: return "Info";
    }
    return {};
}

// "2023-11-14T22:13:20", in UTC: the schema has no offset.
std::string sast_time(Time time) {
    std::string text = format_time(time);
    if (text.back() == 'Z') text.pop_back();
    return text;
}

Json tool() {
    Json out;
    out["id"] = "jwtdomain";
    out["name"] = "jwtdomain";
    out["version"] = jwtdomain::version();
    out["vendor"]["name"] = "jwtdomain";
    return out;
}

} // namespace

std::string gitlab_codequality_of(const std::vector<Issue>& issues) {
    Json out = Json::array();
    for (const Issue& issue : issues) {
        if (!issue.accepted.empty()) continue;
        Json entry;
        entry["description"] = with_fix(issue);
        entry["check_name"] = issue.rule;
        entry["fingerprint"] = issue.fingerprint;
        entry["severity"] = quality_of(issue.severity);
        entry["location"]["path"] = issue.where.file;
        entry["location"]["lines"]["begin"] = std::max(issue.where.line, 1u);
        out.push_back(entry);
    }
    return json_text(out);
}

std::string gitlab_sast_of(const SastScan& scan) {
    Json vulnerabilities = Json::array();
    for (const Issue& issue : scan.issues) {
        if (!issue.accepted.empty()) continue;
        const IssueKind* const kind = find_issue_kind(scan.kinds, issue.rule);
        Json entry;
        entry["id"] = issue.fingerprint;
        entry["name"] = kind == nullptr ? issue.rule : kind->name;
        entry["description"] = issue.message;
        entry["severity"] = sast_of(issue.severity);
        if (!issue.fix.empty()) entry["solution"] = issue.fix;
        entry["location"]["file"] = issue.where.file;
        entry["location"]["start_line"] = std::max(issue.where.line, 1u);
        entry["identifiers"] = Json::array(
            {{{"type", "jwtdomain_rule"}, {"name", fmt::format("jwtdomain {}", issue.rule)}, {"value", issue.rule}}});
        vulnerabilities.push_back(entry);
    }
    Json out;
    out["version"] = "15.0.7";
    out["vulnerabilities"] = vulnerabilities;
    out["scan"]["analyzer"] = tool();
    out["scan"]["scanner"] = tool();
    out["scan"]["type"] = "sast";
    out["scan"]["start_time"] = sast_time(scan.now); // as of when it was judged; no other time is known here
    out["scan"]["end_time"] = sast_time(scan.now);
    out["scan"]["status"] = "success";
    for (const SastMessage& message : scan.messages)
        out["scan"]["messages"].push_back({{"level", message.level}, {"value", message.text}});
    return json_text(out);
}

} // namespace jwtdomain::cli
