#include "cli/app/sarif.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/version.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;

// GitHub shows no more of a run, and no more of a message.
constexpr std::size_t kMostResults = 5000;
constexpr std::size_t kLongestText = 997;       // and three dots
constexpr std::string_view kBase = "%SRCROOT%"; // the working directory, wherever that is

std::string_view level_of(Severity severity) {
    switch (severity) {
    case Severity::critical:
    case Severity::high: return "error";
    case Severity::medium: return "warning";
    case Severity::low:
    case Severity::info: return "note";
    }
    return {};
}

// GitHub calls over 9.0 critical, from 7.0 high, from 4.0 medium, below it low.
std::string_view score_of(Severity severity) {
    switch (severity) {
    case Severity::critical: return "9.5";
    case Severity::high: return "8.0";
    case Severity::medium: return "5.0";
    case Severity::low: return "2.0";
    case Severity::info: return "0.0";
    }
    return {};
}

// Text that is ours or escaped already, which cutting must not do again.
std::string shortened(std::string_view escaped) {
    std::size_t count = 0, end = 0;
    for (; end < escaped.size(); ++end) {
        const bool begins = (static_cast<unsigned char>(escaped[end]) & 0xc0) != 0x80;
        if (begins && count++ == kLongestText) return std::string(escaped.substr(0, end)) + "...";
    }
    return std::string(escaped);
}

// Plain text of SARIF has links in brackets (3.11.6) and placeholders in braces (3.11.5): none of ours, so both are
// said literally.
Json message(std::string_view text) {
    std::string out;
    for (const char c : shortened(text)) {
        if (c == '[' || c == ']') out += '\\';
        if (c == '{' || c == '}') out += c;
        out += c;
    }
    return {{"text", out}};
}

Json location_of(const Location& where) {
    Json artifact;
    if (where.file.front() == '/') {
        artifact["uri"] = "file://" + percent_encoded(where.file, "/");
    } else {
        artifact["uri"] = percent_encoded(where.file, "/");
        artifact["uriBaseId"] = kBase;
    }
    Json region;
    region["startLine"] = std::max(where.line, 1u);
    region["startColumn"] = std::max(where.column, 1u);
    return {{"physicalLocation", {{"artifactLocation", artifact}, {"region", region}}}};
}

Json rule_of(const IssueKind& kind) {
    Json rule;
    rule["id"] = kind.id;
    rule["name"] = kind.name;
    rule["shortDescription"] = message(kind.sentence);
    const std::string explain = fmt::format("jwtdomain explain {}", kind.page);
    rule["help"] = {
        {"text", fmt::format("{}. {}. Source: {}. More, offline: {}", kind.sentence, kind.fix, kind.source, explain)},
        {"markdown", fmt::format("{}.\n\n**What to do.** {}.\n\n**Source.** {}.\n\nMore, offline: `{}`\n",
                                 kind.sentence, kind.fix, kind.source, explain)}};
    rule["defaultConfiguration"]["level"] = level_of(kind.severity);
    rule["properties"] = {{"security-severity", score_of(kind.severity)},
                          {"tags", {"security", "authentication", "jwt"}}};
    return rule;
}

Json notification(const SarifNotification& of) { return {{"level", of.level}, {"message", message(of.text)}}; }

Json result_of(const Issue& issue) {
    Json result;
    result["ruleId"] = issue.rule;
    result["ruleIndex"] = -1; // none (3.27.6), until it is known
    result["level"] = level_of(issue.severity);
    result["message"] = message(with_fix(issue));
    result["locations"] = Json::array({location_of(issue.where)});
    result["partialFingerprints"]["jwtdomain/v1"] = issue.fingerprint;
    result["properties"]["security-severity"] = score_of(issue.severity);
    if (!issue.accepted.empty())
        result["suppressions"] = Json::array({{{"kind", "external"}, {"justification", shortened(issue.accepted)}}});
    return result;
}

} // namespace

std::string sarif_of(const SarifRun& given, const Json& properties) {
    Json driver;
    driver["name"] = "jwtdomain";
    driver["version"] = jwtdomain::version();
    driver["rules"] = Json::array();
    std::map<std::string_view, std::size_t> index;
    for (const IssueKind& kind : given.kinds) {
        index.emplace(kind.id, driver["rules"].size());
        driver["rules"].push_back(rule_of(kind));
    }

    Json results = Json::array();
    for (const Issue& issue : given.issues) {
        if (results.size() == kMostResults) break;
        Json result = result_of(issue);
        if (const auto rule = index.find(issue.rule); rule != index.end()) result["ruleIndex"] = rule->second;
        results.push_back(std::move(result));
    }

    Json invocation;
    invocation["executionSuccessful"] = true;
    if (given.issues.size() > results.size()) {
        const std::string left_out =
            fmt::format("{} of {} results were left out: the report holds the {} worst",
                        given.issues.size() - results.size(), given.issues.size(), results.size());
        invocation["toolExecutionNotifications"].push_back(notification({"warning", left_out}));
    }
    for (const SarifNotification& each : given.notifications)
        invocation["toolExecutionNotifications"].push_back(notification(each));

    Json run;
    run["tool"]["driver"] = driver;
    run["originalUriBaseIds"][std::string(kBase)]["description"] =
        message(fmt::format("the working directory of the {}", given.command));
    run["columnKind"] = "unicodeCodePoints";
    run["invocations"] = Json::array({invocation});
    run["results"] = results;
    run["properties"] = properties;
    Json out;
    out["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
    out["version"] = "2.1.0";
    out["runs"] = Json::array({run});
    return json_text(out);
}

} // namespace jwtdomain::cli
