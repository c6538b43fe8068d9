// A suite for each target: a test case for each token that was sent.
#include <fmt/format.h>

#include "cli/app/junit.h"
#include "cli/probe/report.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

using probe::Conclusion;

std::string failure_of(const probe::Sent& sent) {
    std::string out;
    if (sent.conclusion == Conclusion::broken)
        out = fmt::format("it is taken ({}): {}", escape_text(sent.detail), sent.rule());
    if (sent.is_wider())
        out += std::string(out.empty() ? "" : "\n") + "it is taken, and the configuration refuses it, as we read it";
    return out;
}

JunitSuite suite_of(const ProbeReport::Row& row) {
    const probe::Findings& findings = row.findings;
    JunitSuite suite(findings.domain + ", " + findings.target, "accepted");
    suite.add("control", "the domain's own token is taken, and garbage is not", "",
              findings.controlled ? "" : escape_text(findings.why));
    for (const probe::Sent& sent : findings.sent) {
        const std::string owner(sent.kind == nullptr ? "foreign" : sent.kind->check);
        const bool informs = sent.kind != nullptr && sent.kind->meaning == probe::Meaning::informs;
        const std::string title = (informs ? "says something to " : "refuses ") + sent.title();
        if (sent.conclusion == Conclusion::skipped)
            suite.skip(owner, title, sent.detail);
        else
            suite.add(owner, title, failure_of(sent),
                      sent.conclusion == Conclusion::inconclusive ? escape_text(sent.detail) : "");
    }
    return suite;
}

} // namespace

std::string to_junit(const ProbeReport& report) {
    std::vector<JunitSuite> suites;
    for (const ProbeReport::Row& row : report.rows) suites.push_back(suite_of(row));
    return junit_of("jwtdomain probe", suites, report.now);
}

} // namespace jwtdomain::cli
