#include "cli/evidence/manifest.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/audit/codes.h"
#include "cli/audit/issues.h"
#include "cli/audit/json_rows.h"
#include "jwtdomain/audit/controls.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;

// Beyond so many pairs the matrix has only those where something crosses, might, or is declared to.
constexpr std::size_t kMostCells = 100'000;

Json rules_of(const AuditReport& report) {
    Json out = Json::array();
    for (const audit::RuleEntry& entry : audit::rule_checks()) {
        const RuleInfo* const rule = find_rule(entry.id);
        std::size_t found = 0, accepted = 0;
        for (const auto& row : report.findings) {
            if (row.finding.rule != entry.id) continue;
            ++found;
            accepted += row.accepted.given();
        }
        out.push_back({{"rule", entry.id}, {"name", rule->name}, {"findings", found}, {"accepted", accepted}});
    }
    return out;
}

Json controls_of(const AuditReport& report) {
    Json out = Json::array();
    for (const audit::ControlGroup& group : audit::control_groups()) {
        const auto mine = [&](std::string_view rule) { return rule.substr(0, rule.find('-')) == group.rules; };
        const auto checked = std::count_if(audit::rule_checks().begin(), audit::rule_checks().end(),
                                           [&](const audit::RuleEntry& entry) { return mine(entry.id); });
        if (checked == 0) continue; // no rule of the group was held against anything
        const auto found = std::count_if(report.findings.begin(), report.findings.end(),
                                         [&](const auto& row) { return mine(row.finding.rule); });
        Json references = Json::array();
        for (const audit::Control& control : group.controls)
            references.push_back({{"standard", control.standard}, {"numbers", control.numbers}});
        out.push_back({{"rules", group.rules},
                       {"checked", checked},
                       {"findings", found},
                       {"evidence_for", std::move(references)}});
    }
    return out;
}

Json exceptions_of(const AuditReport& report) {
    Json out = Json::array();
    for (const auto& row : report.ignores)
        out.push_back({{"kind", "ignore"},
                       {"rule", row.ignore.rule},
                       {"where", row.ignore.where},
                       {"reason", row.ignore.reason},
                       {"owner", row.ignore.owner},
                       {"expires", format_time(row.ignore.expires)},
                       {"problem", row.problem}});
    for (const audit::Known& known : report.known)
        out.push_back({{"kind", "baseline"},
                       {"rule", known.rule},
                       {"fingerprint", known.fingerprint},
                       {"what", known.what},
                       {"owner", known.owner},
                       {"since", format_time(known.since)}});
    return out;
}

Json keys_of(const audit::Estate& estate) {
    Json out = Json::array();
    for (std::size_t d = 0; d < estate.keys.size(); ++d) {
        Json thumbprints = Json::array();
        for (const Jwk& key : estate.keys[d].keys) {
            if (const auto* open = std::get_if<PublicKey>(&key.key)) thumbprints.push_back(open->thumbprint());
        }
        out.push_back({{"domain", estate.name(d)}, {"thumbprints", std::move(thumbprints)}});
        if (!estate.keys[d].unresolved.empty()) out.back()["unresolved"] = true;
    }
    return out;
}

// RFC 4180; what a spreadsheet would take for a formula is made text.
std::string cell(std::string_view value) {
    std::string text = escape_text(value);
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string row(const std::vector<std::string_view>& cells) {
    std::string out;
    for (const std::string_view each : cells) out += (out.empty() ? "" : ",") + cell(each);
    return out + "\r\n";
}

} // namespace

std::string manifest_of(const audit::Estate& estate, const AuditReport& report, const std::vector<audit::Input>& inputs,
                        bool certified) {
    Json out;
    out["format"] = "jwtdomain evidence";
    out["version"] = 1;
    AuditJson(report).put_summary(out);
    out["options"] = {{"against", name_of(report.options.against)},
                      {"require", name_of(report.options.require)},
                      {"fail_on", name_of(report.options.fail_on)},
                      {"min_depth", report.options.min_depth ? Json(*report.options.min_depth) : Json()}};
    out["depth"] = AuditJson(report).depth();
    out["certificate"] = certified;
    out["inputs"] = Json::array();
    for (const audit::Input& input : inputs) {
        out["inputs"].push_back({{"path", input.path}, {"sha256", input.sha256}});
        if (input.fetched) out["inputs"].back()["fetched"] = format_time(*input.fetched);
    }
    out["keys"] = keys_of(estate);
    out["rules"] = rules_of(report);
    out["exceptions"] = exceptions_of(report);
    out["controls"] = controls_of(report);
    out["assumptions"] = assumptions(report);
    return json_text(out);
}

std::string matrix_csv(const AuditReport& report) {
    std::string out = row({"source", "domain", "service", "evidence", "leaks to", "not proven from", "declared"});
    const bool all = report.domains.size() * report.services.size() <= kMostCells;
    for (std::size_t s = 0; s < report.services.size(); ++s) {
        const auto& service = report.services[s];
        for (std::size_t d = 0; d < report.domains.size(); ++d) {
            if (d == service.domain) continue;
            const audit::Cell cell = report.cell(d, s);
            if (!all && !cell.leak && !cell.unknown && !cell.declared) continue;
            out += row({report.domains[d], report.domains[service.domain], service.name, name_of(service.evidence),
                        cell.leak ? name_of(*cell.leak) : "", cell.unknown ? name_of(*cell.unknown) : "",
                        cell.declared ? "yes" : ""});
        }
    }
    return out;
}

std::string findings_csv(const AuditReport& report) {
    std::string out = row({"severity", "rule", "what", "file", "line", "fails", "accepted", "fingerprint"});
    for (const Issue& issue : issues_of(report))
        out += row({name_of(issue.severity), issue.rule, issue.message, issue.where.file,
                    std::to_string(issue.where.line), issue.fails ? "yes" : "", issue.accepted, issue.fingerprint});
    return out;
}

} // namespace jwtdomain::cli
