// GitLab's two report formats: code quality, for the merge request, and SAST (schema 15), for the security dashboard.
#include <algorithm>

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/audit/headline.h"
#include "cli/audit/issues.h"
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

std::string to_gitlab_codequality(const AuditReport& report) {
    Json out = Json::array();
    for (const Issue& issue : issues_of(report)) {
        if (!issue.accepted.empty()) continue; // GitLab would ask for it again
        Json entry;
        entry["description"] = issue.fix.empty() ? issue.message : issue.message + ". " + issue.fix;
        entry["check_name"] = issue.rule;
        entry["fingerprint"] = issue.fingerprint;
        entry["severity"] = quality_of(issue.severity);
        entry["location"]["path"] = issue.where.file;
        entry["location"]["lines"]["begin"] = std::max(issue.where.line, 1u);
        out.push_back(entry);
    }
    return json_text(out);
}

std::string to_gitlab_sast(const AuditReport& report) {
    const std::vector<IssueKind> kinds = issue_kinds();
    Json vulnerabilities = Json::array();
    for (const Issue& issue : issues_of(report)) {
        if (!issue.accepted.empty()) continue; // GitLab would ask for it again
        const auto kind = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.id == issue.rule; });
        Json entry;
        entry["id"] = issue.fingerprint;
        entry["name"] = kind == kinds.end() ? issue.rule : kind->name;
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
    out["scan"]["start_time"] = sast_time(report.now); // the time that it was judged for; no other is known here
    out["scan"]["end_time"] = sast_time(report.now);
    out["scan"]["status"] = "success";
    if (report.says_isolated()) {
        Json& messages = out["scan"]["messages"] = Json::array({{{"level", "info"}, {"value", claim_of(report)}}});
        for (const std::string& each : assumptions(report)) messages.push_back({{"level", "info"}, {"value", each}});
    }
    return json_text(out);
}

} // namespace jwtdomain::cli
