#include "cli/probe/issues.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "cli/probe/headline.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

using probe::Conclusion;
using probe::Sent;

constexpr std::string_view kProbePage = "probe"; // of explain

constexpr std::array kProbeVerdicts{
    IssueKind{kDisagrees, "not-guarded-as-configured",
              "What runs takes what its configuration refuses, or the other way round: what is proved of the "
              "configuration does not hold of it",
              "Find out what guards the target; if it is this configuration, see how it is read by jwtdomain describe",
              "OWASP ASVS 5.0 9.2.3; RFC 8725 3.9", Severity::high, kProbePage},
    IssueKind{kInconclusive, "probe-inconclusive",
              "What the target takes could not be seen, since a refusal counts only beside a good token that is taken",
              "See that the target answers, and takes a good token (--key, --token), and probe again", "RFC 8725 3.9",
              Severity::medium, kProbePage},
};

constexpr std::size_t kNamed = 12;

// "a; b; c and 7 more"
std::string listed(const std::vector<std::string>& what) {
    if (what.size() <= kNamed) return join(what, "; ");
    return fmt::format("{} and {} more", join({what.begin(), what.begin() + kNamed}, "; "), what.size() - kNamed);
}

class TargetIssues {
public:
    TargetIssues(const ProbeReport::Row& row, std::vector<Issue>& out)
        : findings_(row.findings), places_(row.places), out_(out) {}

    void write() {
        taken();
        disagrees();
        if (findings_.controlled)
            unknown();
        else
            add(kInconclusive, true, findings_.why + ": a refusal shows nothing");
        for (const auto& [domain, why] : untried(findings_))
            add(kInconclusive, true, fmt::format("no token of {} could be tried ({})", domain, why), domain);
    }

private:
    // `apart` tells issues of one kind at one target apart.
    void add(std::string_view kind, bool fails, const std::string& what, std::string_view apart = "") {
        static const std::vector<IssueKind> kinds = probe_issue_kinds();
        const IssueKind* const of = find_issue_kind(kinds, kind);
        const bool guard = kind == kDisagrees && !places_.guard.file.empty();
        out_.push_back({.rule = kind,
                        .severity = !fails          ? Severity::low
                                    : of != nullptr ? of->severity
                                                    : Severity::high,
                        .fails = fails,
                        .message = escape_text(name_of(findings_) + ": " + what),
                        .fix = of != nullptr ? std::string(of->fix) : "",
                        .where = guard ? places_.guard : places_.declared,
                        .accepted = {},
                        .fingerprint = jwtdomain::fingerprint(
                            fmt::format("{}\n{}\n{}\n{}", kind, findings_.domain, findings_.target, apart))});
    }

    // All that breaks one rule, in the order in which it was sent.
    void taken() {
        std::vector<std::pair<std::string_view, std::string>> keys;
        for (const Sent& sent : findings_.sent) {
            const std::pair key{sent.rule(), sent.kind == nullptr ? sent.domain : ""};
            if (sent.conclusion == Conclusion::broken && std::find(keys.begin(), keys.end(), key) == keys.end())
                keys.push_back(key);
        }
        for (const auto& key : keys) {
            std::vector<std::string> what;
            for (const Sent& sent : findings_.sent) {
                const bool same = sent.rule() == key.first && (sent.kind == nullptr ? sent.domain : "") == key.second;
                if (same && sent.conclusion == Conclusion::broken)
                    what.push_back(fmt::format("{} ({})", sent.title(), sent.detail));
            }
            add(key.first, true, "takes " + listed(what), key.second);
        }
    }

    void disagrees() {
        std::vector<std::string> wider, narrower;
        for (const Sent& sent : findings_.sent) {
            if (sent.is_wider()) wider.push_back(sent.title());
            if (sent.is_narrower()) narrower.push_back(sent.title());
        }
        if (!wider.empty())
            add(kDisagrees, true, "takes what its configuration refuses, as we read it: " + listed(wider), "wider");
        if (!narrower.empty())
            add(kDisagrees, false, "refuses what its configuration takes, as we read it: " + listed(narrower),
                "narrower");
    }

    void unknown() {
        std::vector<std::string> what;
        for (const Sent& sent : findings_.sent) {
            if (sent.conclusion == Conclusion::inconclusive)
                what.push_back(fmt::format("{} ({})", sent.title(), sent.detail));
        }
        if (!what.empty()) add(kInconclusive, true, "it is not known whether it takes " + listed(what));
    }

    const probe::Findings& findings_;
    const ProbePlaces& places_;
    std::vector<Issue>& out_;
};

} // namespace

std::vector<IssueKind> probe_issue_kinds() {
    std::vector<IssueKind> out(kProbeVerdicts.begin(), kProbeVerdicts.end());
    std::set<std::string_view> ids{"RUN-01", "RUN-02"};
    for (const probe::Kind& kind : probe::kinds()) ids.insert(kind.rule);
    for (const std::string_view id : ids) {
        if (const RuleInfo* const rule = find_rule(id)) out.push_back(kind_of(*rule));
    }
    return out;
}

std::vector<Issue> issues_of(const ProbeReport& report) {
    std::vector<Issue> out;
    for (const auto& row : report.rows) TargetIssues(row, out).write();
    std::stable_sort(out.begin(), out.end(), [](const Issue& a, const Issue& b) { return a.severity < b.severity; });
    return out;
}

std::vector<std::string> omissions_of(const ProbeReport& report) {
    std::vector<std::string> out;
    for (const auto& row : report.rows) {
        for (const auto& [why, count] : unsent(row.findings))
            out.push_back(
                escape_text(fmt::format("{}: {} not sent: {}", name_of(row.findings), plural(count, "kind"), why)));
    }
    return out;
}

} // namespace jwtdomain::cli
