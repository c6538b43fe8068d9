// JUnit's XML: a test case for each service and each source, passes included, and one for each rule.
#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "cli/audit/codes.h"
#include "cli/audit/headline.h"
#include "cli/audit/html.h"
#include "cli/audit/issues.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kSourcesAlone = 20; // of more, those that fare alike are one test case
constexpr std::size_t kFailuresEach = 50; // messages in one test case

// Text comes here with its control characters and what is not UTF-8 escaped: XML 1.0 can hold neither.
// Its five entities are those of HTML.
std::string xml(std::string_view text) { return html_text(text); }

struct Suite {
    std::string name, failure;         // of failures: their type
    std::string cases = {}, said = {}; // after them
    std::size_t tests = 0, failures = 0, errors = 0;

    void add(std::string_view owner, std::string_view title, std::string_view failed_by, std::string_view error) {
        ++tests;
        cases +=
            fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(escape_text(owner)), xml(escape_text(title)));
        if (failed_by.empty() && error.empty()) {
            cases += "/>\n";
            return;
        }
        const bool failed = !failed_by.empty();
        ++(failed ? failures : errors);
        const std::string_view text = failed ? failed_by : error, tag = failed ? "failure" : "error";
        const std::string_view first = text.substr(0, text.find('\n'));
        cases += fmt::format(">\n      <{0} message=\"{1}\" type=\"{2}\">{3}</{0}>\n    </testcase>\n", tag, xml(first),
                             failed ? std::string_view(failure) : "undecided", xml(text));
    }

    std::string text(const std::string& time) const {
        return fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\" "
                           "timestamp=\"{}\">\n{}{}  </testsuite>\n",
                           xml(name), tests, failures, errors, time, cases,
                           said.empty() ? "" : fmt::format("    <system-out>{}</system-out>\n", xml(said)));
    }
};

bool joins(const AuditReport::CrossingRow& row, std::size_t source, std::size_t service) {
    return std::binary_search(row.services.begin(), row.services.end(), service) &&
           std::binary_search(row.sources.begin(), row.sources.end(), source);
}

// What stands against this pair, a line each.
std::string against(const AuditReport& report, std::size_t source, std::size_t service, bool certain) {
    std::string out;
    for (const auto& row : report.crossings) {
        const bool this_kind = (row.status == audit::Crossing::Status::confirmed) == certain;
        if (row.counts && !row.accepted.given() && this_kind && joins(row, source, service))
            out += (out.empty() ? "" : "\n") + sentence_of(report, row);
    }
    const auto& target = report.services[service];
    if (!certain && out.empty() && target.verdict == audit::Verdict::not_proven && !target.why.empty())
        out = escape_text(target.why);
    return out;
}

Suite isolation(const AuditReport& report) {
    Suite suite{.name = "isolation", .failure = "leak"};
    suite.said = claim_and_assumptions(report);
    const bool alone = report.domains.size() <= kSourcesAlone;
    for (std::size_t s = 0; s < report.services.size(); ++s) {
        using Fate = std::pair<std::string, std::string>; // failure, error
        std::vector<std::pair<Fate, std::vector<std::size_t>>> classes;
        std::map<Fate, std::size_t> known;
        for (std::size_t d = 0; d < report.domains.size(); ++d) {
            if (report.services[s].domain == d) continue;
            const Fate fate{against(report, d, s, true), against(report, d, s, false)};
            const auto [it, fresh] = known.try_emplace(fate, classes.size());
            if (fresh || alone)
                classes.push_back({fate, {d}});
            else
                classes[it->second].second.push_back(d);
        }
        for (const auto& [fate, sources] : classes)
            suite.add(service_of(report, s), "refuses tokens of " + sources_of(report, sources), fate.first,
                      fate.second);
    }
    return suite;
}

Suite rules_of(const AuditReport& report) {
    std::map<std::string_view, std::pair<std::size_t, std::string>> failures;
    for (const Issue& issue : issues_of(report)) {
        if (!issue.fails || issue.rule == kLeak || issue.rule == kUndecided) continue;
        auto& [count, text] = failures[issue.rule];
        if (count++ < kFailuresEach)
            text += fmt::format("{}{} ({}:{})", text.empty() ? "" : "\n", issue.message, escape_text(issue.where.file),
                                issue.where.line);
    }
    Suite suite{.name = "rules", .failure = "finding"};
    for (const IssueKind& kind : issue_kinds()) {
        if (kind.id == kLeak || kind.id == kUndecided) continue;
        if (kind.id == kShallow && !report.options.min_depth) continue;
        const auto& [count, text] = failures[kind.id];
        suite.add(kind.id, kind.name,
                  count > kFailuresEach ? fmt::format("{}\nand {} more", text, count - kFailuresEach) : text, "");
    }
    return suite;
}

} // namespace

std::string to_junit(const AuditReport& report) {
    std::string time = format_time(report.now);
    if (time.back() == 'Z') time.pop_back(); // xs:dateTime of the schema in use has no zone
    const Suite first = isolation(report), second = rules_of(report);
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"jwtdomain audit\" tests=\"{}\" "
                       "failures=\"{}\" errors=\"{}\">\n{}{}</testsuites>\n",
                       first.tests + second.tests, first.failures + second.failures, first.errors + second.errors,
                       first.text(time), second.text(time));
}

} // namespace jwtdomain::cli
