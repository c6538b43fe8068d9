#include "cli/audit/issues.h"

#include <array>

#include <fmt/format.h>

#include "cli/audit/codes.h"
#include "cli/audit/headline.h"
#include "jwtdomain/audit/rule_check.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

using audit::Attacker;
using audit::Crossing;

constexpr std::string_view kPage = "isolation"; // of explain

constexpr std::array kVerdicts{
    IssueKind{
        kLeak, "domains-not-isolated",
        "A token of one domain is accepted by what guards another: one was made, signed and run through the engine",
        "Require at the target a field that only its own domain can have; the message names the smallest change",
        "RFC 8725 3.8; RFC 8725 3.9; RFC 9068 4", Severity::critical, kPage},
    IssueKind{kUndecided, "isolation-not-proven",
              "Whether a token of one domain is accepted by what guards another could not be decided",
              "Give what stood in the way: the verifier of the resource, the key set, or how tokens are issued",
              "jwtdomain explain evidence", Severity::medium, kPage},
    IssueKind{kShallow, "isolation-too-shallow", "Fewer facts stand between two domains than --min-depth asks for",
              "Require one more field at the target that is nearest to falling", "RFC 8725 3.8", Severity::high, kPage},
    IssueKind{kIgnores, "useless-ignore", "An entry of ignores.yaml has expired, or there is nothing that it ignores",
              "Take it out, or accept the finding anew with a later date", "", kIgnoreSeverity, kPage},
};

Location or_policy(const AuditReport& report, const Location& where) {
    return where.file.empty() ? report.policy : where;
}

std::string change_of(const audit::Remedy& remedy) {
    const std::string what =
        remedy.besides.empty() ? "Require " + title_of(remedy) + " at the target" : "Change " + remedy.besides;
    return fmt::format("{}: {} -> {}, which {}", what, remedy.now, remedy.then, stopped_by(remedy));
}

Issue issue_of(const AuditReport& report, const AuditReport::CrossingRow& row) {
    const bool certain = row.status == Crossing::Status::confirmed;
    Issue issue{.rule = certain ? kLeak : kUndecided,
                .severity = Severity::medium,
                .fails = !row.accepted.given(),
                .message = sentence_of(report, row),
                .fix = {},
                .where = or_policy(report, row.where),
                .accepted = escape_text(text_of(report, row.accepted)),
                .fingerprint = row.fingerprint};
    if (certain) issue.severity = row.attacker <= Attacker::insider ? Severity::critical : Severity::high;
    if (certain && row.fix) issue.fix = escape_text(change_of(row.remedies[*row.fix]));
    return issue;
}

Issue issue_of(const AuditReport& report, std::size_t service) {
    const AuditReport::ServiceRow& row = report.services[service];
    return {.rule = kUndecided,
            .severity = Severity::medium,
            .fails = true,
            .message = escape_text(fmt::format("{} is not proven: {}", service_of(report, service), row.why)),
            .fix = {},
            .where = or_policy(report, row.where),
            .accepted = {},
            .fingerprint =
                jwtdomain::fingerprint(fmt::format("{}\n{}\n{}", kUndecided, report.domains[row.domain], row.name))};
}

Issue issue_of_depth(const AuditReport& report) {
    std::string message = fmt::format("the depth is {}, and --min-depth asks for {}", depth_text(report),
                                      report.options.min_depth.value_or(0));
    Location where = report.policy;
    if (report.depth.path) {
        message += fmt::format(": nearest is {} into {}", report.domains[report.depth.source],
                               service_of(report, report.depth.service));
        where = or_policy(report, report.services[report.depth.service].where);
    }
    return {.rule = kShallow,
            .severity = Severity::high,
            .fails = true,
            .message = escape_text(message),
            .fix = {},
            .where = where,
            .accepted = {},
            .fingerprint = jwtdomain::fingerprint(kShallow)};
}

Issue issue_of(const AuditReport& report, const AuditReport::FindingRow& row) {
    const audit::RuleFinding& finding = row.finding;
    const RuleInfo* const rule = find_rule(finding.rule);
    return {.rule = finding.rule,
            .severity = finding.severity,
            .fails = report.fails(row),
            .message = escape_text(finding.message),
            .fix = finding.fix.empty() && rule ? std::string(rule->fix) : escape_text(finding.fix),
            .where = or_policy(report, finding.where),
            .accepted = escape_text(text_of(report, row.accepted)),
            .fingerprint = row.fingerprint};
}

Issue issue_of(const AuditReport& report, const AuditReport::IgnoreRow& row) {
    const audit::Ignore& ignore = row.ignore;
    return {.rule = kIgnores,
            .severity = kIgnoreSeverity,
            .fails = report.ignores_fail(),
            .message = escape_text(row.problem),
            .fix = {},
            .where = or_policy(report, ignore.place),
            .accepted = {},
            .fingerprint = jwtdomain::fingerprint(fmt::format("{}\n{}\n{}", kIgnores, ignore.rule, ignore.where))};
}

} // namespace

std::vector<IssueKind> issue_kinds() {
    std::vector<IssueKind> out(kVerdicts.begin(), kVerdicts.end());
    for (const audit::RuleEntry& entry : audit::rule_checks()) { // others are for what runs
        out.push_back(kind_of(*find_rule(entry.id)));
    }
    return out;
}

std::string sentence_of(const AuditReport& report, const AuditReport::CrossingRow& row) {
    const bool certain = row.status == Crossing::Status::confirmed;
    const std::string who =
        row.attacker == Attacker::outsider
            ? "a token that anybody can make"
            : fmt::format("a token of {} ({})", sources_of(report, row.sources), name_of(row.attacker));
    std::string text =
        fmt::format("{} {} by {}", who, certain ? "is accepted" : "may be accepted", services_of(report, row.services));
    if (!row.why.empty()) text += ": " + row.why;
    return escape_text(text);
}

std::vector<Issue> issues_of(const AuditReport& report) {
    std::vector<Issue> out;
    for (const bool certain : {true, false}) {
        for (const auto& row : report.crossings) {
            if (row.counts && (row.status == Crossing::Status::confirmed) == certain)
                out.push_back(issue_of(report, row));
        }
    }
    for (std::size_t s = 0; s < report.services.size(); ++s) {
        const AuditReport::ServiceRow& row = report.services[s];
        if (row.verdict == audit::Verdict::not_proven && !row.why.empty()) out.push_back(issue_of(report, s));
    }
    if (!report.deep_enough()) out.push_back(issue_of_depth(report));
    for (const auto& row : report.findings) out.push_back(issue_of(report, row));
    for (const auto& row : report.ignores) {
        if (!row.problem.empty()) out.push_back(issue_of(report, row));
    }
    return out;
}

} // namespace jwtdomain::cli
