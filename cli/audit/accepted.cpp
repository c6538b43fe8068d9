#include "cli/audit/accepted.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/audit/issues.h"

namespace jwtdomain::cli {
namespace {

bool all_of_domain(const AuditReport& report, const std::vector<std::size_t>& services) {
    return std::all_of(services.begin(), services.end(), [&](std::size_t service) {
        return report.services[service].domain == report.services[services.front()].domain;
    });
}

// A crossing is named only by what all of it has in common, so that nothing else is accepted along with it: by where it
// leads, or by both ends, "staging -> prod".
audit::Ignorable ignorable(const AuditReport& report, const AuditReport::CrossingRow& row) {
    audit::Ignorable out{.rule = kLeak, .fingerprint = row.fingerprint, .names = {}};
    if (row.services.size() == 1) out.names.push_back(report.services[row.services.front()].name);
    if (!row.services.empty() && all_of_domain(report, row.services))
        out.names.push_back(report.domains[report.services[row.services.front()].domain]);
    if (row.sources.size() != 1) return out;
    const std::string from = report.domains[row.sources.front()] + " -> ";
    for (std::size_t i = out.names.size(); i-- > 0;) out.names.push_back(from + out.names[i]);
    return out;
}

audit::Ignorable ignorable(const AuditReport& report, const AuditReport::FindingRow& row) {
    audit::Ignorable out{.rule = row.finding.rule, .fingerprint = row.fingerprint, .names = {}};
    // Of more than two domains none names the finding: what it says of the others would be accepted along with it.
    if (row.finding.domains.size() <= 2) {
        for (const std::size_t domain : row.finding.domains) out.names.push_back(report.domains[domain]);
    }
    for (const std::size_t service : row.finding.services) out.names.push_back(report.services[service].name);
    return out;
}

std::string problem_of(const AuditReport::IgnoreRow& row, Time now) {
    const audit::Ignore& ignore = row.ignore;
    const std::string what = fmt::format("the ignore of {} at {} (owner: {})", ignore.rule, ignore.where, ignore.owner);
    if (ignore.expired(now)) return fmt::format("{} has expired, {}", what, format_time(ignore.expires));
    return row.uses == 0 ? what + " ignores nothing" : "";
}

std::vector<std::string_view> ids_of_rules() {
    std::vector<std::string_view> ids{kLeak};
    for (const RuleInfo& rule : rules()) ids.push_back(rule.id);
    return ids;
}

void mark(const AuditReport& report, const audit::Ignorable& finding, const std::vector<audit::Ignore>& ignores,
          Acceptance& accepted) {
    accepted.ignore = audit::find_ignore(ignores, finding, report.now);
    for (std::size_t i = 0; i < report.known.size(); ++i) {
        const audit::Known& known = report.known[i];
        if (known.fingerprint == finding.fingerprint && known.rule == finding.rule) accepted.known = i;
    }
}

nlohmann::ordered_json entry_of(const AuditReport& report, const Acceptance& accepted, std::string_view rule,
                                const std::string& fingerprint, const std::string& what, const std::string& owner) {
    const bool before = accepted.known != audit::kNotIgnored;
    nlohmann::ordered_json out;
    out["rule"] = rule;
    out["fingerprint"] = fingerprint;
    out["what"] = what;
    out["owner"] = before ? report.known[accepted.known].owner : owner;
    out["since"] = format_time(before ? report.known[accepted.known].since : report.now);
    return out;
}

} // namespace

Result<Accepted> load_accepted(const policy::Policy& policy, const std::optional<std::string>& baseline, Time now,
                               const policy::Reader& files) {
    Accepted out;
    const std::vector<std::string_view> ids = ids_of_rules();
    const std::string file = policy.directory + "/ignores.yaml";
    const auto text = files.read(file);
    if (!text && text.error().fault != Fault::not_found) return tl::unexpected(text.error());
    if (text) {
        auto ignores = audit::read_ignores(*text, file, ids, now);
        if (!ignores) return tl::unexpected(ignores.error());
        out.ignores = std::move(*ignores);
    }
    if (!baseline) return out;
    const auto before = files.read(*baseline);
    if (!before) return tl::unexpected(before.error());
    auto known = audit::read_baseline(*before, *baseline, ids);
    if (!known) return tl::unexpected(known.error());
    out.known = std::move(*known);
    return out;
}

void accept(AuditReport& report, Accepted accepted) {
    report.known = std::move(accepted.known);
    for (auto& row : report.findings) mark(report, ignorable(report, row), accepted.ignores, row.accepted);
    for (auto& row : report.crossings) {
        if (row.status == audit::Crossing::Status::confirmed)
            mark(report, ignorable(report, row), accepted.ignores, row.accepted);
    }
    for (audit::Ignore& ignore : accepted.ignores)
        report.ignores.push_back({.ignore = std::move(ignore), .uses = 0, .problem = {}});
    const auto count = [&](const auto& rows) {
        for (const auto& row : rows) {
            if (row.accepted.ignore != audit::kNotIgnored) ++report.ignores[row.accepted.ignore].uses;
        }
    };
    count(report.findings);
    count(report.crossings);
    for (auto& row : report.ignores) row.problem = problem_of(row, report.now);
}

void warn_of_accepted(Session& session, const AuditReport& report) {
    for (const AuditReport::IgnoreRow& row : report.ignores) {
        const audit::Ignore& ignore = row.ignore;
        if (!row.problem.empty())
            session.warn(row.problem);
        else if (ignore.expires_soon(report.now))
            session.warn(fmt::format("the ignore of {} at {} (owner: {}) expires {}", ignore.rule, ignore.where,
                                     ignore.owner, format_relative(ignore.expires, report.now)));
    }
    std::vector<bool> used(report.known.size());
    const auto use = [&](const auto& rows) {
        for (const auto& row : rows) {
            if (row.accepted.known != audit::kNotIgnored) used[row.accepted.known] = true;
        }
    };
    use(report.findings);
    use(report.crossings);
    if (const auto gone = std::count(used.begin(), used.end(), false); gone > 0)
        session.warn(fmt::format("{} of {} entries of the baseline are gone: write it anew with --write-baseline", gone,
                                 used.size()));
}

std::string baseline_of(const AuditReport& report, const std::string& owner) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["known"] = nlohmann::ordered_json::array();
    for (const auto& row : report.crossings) {
        if (row.counts && row.status == audit::Crossing::Status::confirmed && row.accepted.ignore == audit::kNotIgnored)
            out["known"].push_back(
                entry_of(report, row.accepted, kLeak, row.fingerprint, sentence_of(report, row), owner));
    }
    for (const auto& row : report.findings) {
        if (row.finding.severity <= report.options.fail_on && row.accepted.ignore == audit::kNotIgnored)
            out["known"].push_back(
                entry_of(report, row.accepted, row.finding.rule, row.fingerprint, row.finding.message, owner));
    }
    return json_text(out);
}

std::string text_of(const AuditReport& report, const Acceptance& accepted) {
    if (accepted.ignore != audit::kNotIgnored) {
        const audit::Ignore& ignore = report.ignores[accepted.ignore].ignore;
        return fmt::format("ignored until {}, by {}: {}", format_time(ignore.expires), ignore.owner, ignore.reason);
    }
    if (accepted.known == audit::kNotIgnored) return {};
    const audit::Known& known = report.known[accepted.known];
    return fmt::format("known since {}, {} answers for it", format_time(known.since), known.owner);
}

} // namespace jwtdomain::cli
