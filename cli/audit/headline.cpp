#include "cli/audit/headline.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/audit/codes.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

using audit::Attacker;
using audit::Crossing;
using audit::Verdict;

std::string leaks(const AuditReport& report) {
    std::string out = fmt::format("{} of {} services", report.leaking(), report.services.size());
    const auto worst = std::find_if(report.crossings.begin(), report.crossings.end(), [](const auto& row) {
        return row.counts && row.status == Crossing::Status::confirmed;
    });
    if (worst == report.crossings.end()) return out;
    const std::string whose =
        worst->attacker == Attacker::outsider ? "anybody's tokens" : "tokens of " + sources_of(report, worst->sources);
    return out + fmt::format(": {} takes {} ({})", service_of(report, worst->service), whose, name_of(worst->attacker));
}

std::string not_proven(const AuditReport& report) {
    std::vector<std::size_t> list;
    for (std::size_t s = 0; s < report.services.size(); ++s) {
        if (report.services[s].verdict == Verdict::not_proven) list.push_back(s);
    }
    const std::string out = fmt::format("for {} of {} services", list.size(), report.services.size());
    return list.empty() ? out : out + ": " + service_of(report, list.front());
}

std::string rest_of(const AuditReport& report) {
    switch (report.verdict) {
    case Verdict::leaks: return leaks(report);
    case Verdict::not_proven: return not_proven(report);
    case Verdict::isolated:
        return fmt::format("{} services of {} domains", report.services.size(), report.domains.size());
    case Verdict::consistent:
        return fmt::format("{} domains: nothing crosses in the policy; what guards them was not read",
                           report.domains.size());
    }
    return {};
}

} // namespace

std::string headline_of(const AuditReport& report) {
    std::size_t failing = 0, ignored = 0, known = 0;
    const auto count = [&](const Acceptance& accepted) {
        if (accepted.ignore != audit::kNotIgnored)
            ++ignored;
        else
            known += accepted.given();
    };
    for (const auto& row : report.findings) {
        failing += report.fails(row);
        count(row.accepted);
    }
    for (const auto& row : report.crossings) {
        if (row.counts) count(row.accepted);
    }
    std::string out = fmt::format("{} [{}]", rest_of(report), name_of(report.evidence));
    if (failing > 0) out += fmt::format("; {} {}", failing, failing == 1 ? "finding fails" : "findings fail");
    if (ignored > 0) out += fmt::format("; {} ignored", ignored);
    if (known > 0) out += fmt::format("; {} known", known);
    return out;
}

std::string depth_text(const AuditReport& report) {
    return text_of(report.depth) + (report.depth.edits && report.depth.undecided ? " where it is proven" : "");
}

std::string standing_of(const AuditReport& report) {
    std::string depth = fmt::format("against {}, depth {}", name_of(report.options.against), depth_text(report));
    if (report.depth.survives_theft)
        depth += *report.depth.survives_theft ? ", survives the theft of any one key"
                                              : ", does not survive the theft of a key";
    return fmt::format("{}; {} of {} services read, as of {}", depth, report.population.read, report.population.all,
                       format_time(report.now));
}

std::string claim_of(const AuditReport& report) {
    if (report.verdict != Verdict::isolated && report.verdict != Verdict::consistent)
        return "What is ISOLATED here is so under these assumptions";
    const Attacker by = report.options.against;
    const std::string who = by == Attacker::outsider     ? "anybody"
                            : by == Attacker::replay     ? "whoever holds tokens of one domain"
                            : by == Attacker::insider    ? "an insider of one domain"
                            : by == Attacker::stolen_key ? "whoever steals a key of one domain"
                                                         : "whoever controls the key sources of one domain";
    return fmt::format("Under these assumptions no token that {} can get is accepted by the {} path{} of {} in this "
                       "snapshot",
                       who, report.paths, report.paths == 1 ? "" : "s",
                       by == Attacker::outsider ? "any domain" : "the others");
}

std::string claim_and_assumptions(const AuditReport& report) {
    return report.says_isolated() ? claim_of(report) + ":\n- " + join(assumptions(report), "\n- ") : "";
}

std::string remark_of(const AuditReport::ServiceRow& row) {
    if (row.revoked) return "revoked: its domain publishes no key, so that no token of it is accepted";
    return row.accepts_nothing ? "accepts no token at all, not even its own" : row.why;
}

std::string cell_text(const AuditReport& report, std::size_t source, std::size_t service, const audit::Cell& cell) {
    if (report.services[service].domain == source) return "home";
    if (cell.leak && (!cell.unknown || *cell.leak <= *cell.unknown)) return std::string(name_of(*cell.leak));
    if (cell.unknown) return "?" + std::string(name_of(*cell.unknown));
    return cell.declared ? "declared" : ".";
}

} // namespace jwtdomain::cli
