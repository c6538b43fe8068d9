// JUnit's XML: a test case for each service and each source, passes included, and one for each rule.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "cli/app/junit.h"
#include "cli/audit/codes.h"
#include "cli/audit/headline.h"
#include "cli/audit/issues.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kSourcesAlone = 20; // of more, those that fare alike are one test case
constexpr std::size_t kFailuresEach = 50; // messages in one test case

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

JunitSuite isolation(const AuditReport& report) {
    JunitSuite suite("isolation", "leak");
    suite.say(claim_and_assumptions(report));
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

JunitSuite rules_of(const AuditReport& report) {
    std::map<std::string_view, std::pair<std::size_t, std::string>> failures;
    for (const Issue& issue : issues_of(report)) {
        if (!issue.fails || issue.rule == kLeak || issue.rule == kUndecided) continue;
        auto& [count, text] = failures[issue.rule];
        if (count++ < kFailuresEach)
            text += fmt::format("{}{} ({}:{})", text.empty() ? "" : "\n", issue.message, escape_text(issue.where.file),
                                issue.where.line);
    }
    JunitSuite suite("rules", "finding");
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
    const std::array suites{isolation(report), rules_of(report)};
    return junit_of("jwtdomain audit", suites, report.now);
}

} // namespace jwtdomain::cli
