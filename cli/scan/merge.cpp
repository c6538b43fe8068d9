#include "cli/scan/merge.h"

#include "cli/audit/options.h"
#include "cli/scan/known.h"
#include "cli/scan/read_report.h"
#include "cli/scan/report.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMostReport = 1u << 30;

} // namespace

Exit run_scan_merge(Session& session, const ScanWords& words) {
    if (words.paths.size() == 1)
        return session.report({Fault::no_input,
                               "there is no report to merge",
                               {},
                               "name what scan --format json or jsonl wrote: jwtdomain scan merge part-*.json"});
    AddedReports sum;
    for (std::size_t i = 1; i < words.paths.size(); ++i) {
        const std::string& path = words.paths[i];
        const auto text = path == "-" ? session.read_input(kMostReport) : store::read_file(path, kMostReport);
        if (!text) return session.report(text.error());
        auto report = read_scan_report(*text, path);
        if (!report) return session.report(report.error());
        if (const Status added = sum.add(std::move(*report)); !added) return session.report(added.error());
    }
    ScanReport report = sum.take();
    report.coverage.may_be_empty = true;
    if (words.fail_on) report.fail_on = *find_severity(*words.fail_on);
    if (!words.reveal) {
        for (FoundToken& token : report.tokens) token.token.clear();
    }
    if (const Status known = mark_known(words, report); !known) return session.report(known.error());
    if (report.across) report.failing_across = failing(*report.across, report.fail_on);
    finish_report(report);
    const Exit interrupted = report.failing > 0 || report.failing_across > 0
                                 ? Exit::no
                                 : Exit::undecided; // not we, but one of those who told
    const Exit status = report.coverage.interrupted != 0 ? interrupted : exit_of(report);
    return write_known(session, words, report, session.emit(status, scan_renderings(report, session.color())));
}

} // namespace jwtdomain::cli
