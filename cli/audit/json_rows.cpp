#include "cli/audit/json_rows.h"

#include "cli/app/fetched_json.h"
#include "cli/app/json_text.h"
#include "cli/audit/codes.h"
#include "cli/audit/headline.h"

namespace jwtdomain::cli {
namespace {

using Json = AuditJson::Json;

Json remedy_json(const audit::Remedy& remedy, bool smallest) {
    Json out;
    out[remedy.besides.empty() ? "field" : "change"] = code_of(remedy);
    out["now"] = remedy.now;
    out["then"] = remedy.then;
    out["stops"] = Json::array();
    for (const audit::Attacker attacker : remedy.stops) out["stops"].push_back(audit::name_of(attacker));
    if (smallest) out["smallest_fix"] = true;
    return out;
}

} // namespace

void AuditJson::put_summary(Json& out) const {
    out["verdict"] = code_of(report_.verdict);
    out["against"] = audit::name_of(report_.options.against);
    out["evidence"] = audit::name_of(report_.evidence);
    out["population"] = {{"read", report_.population.read}, {"all", report_.population.all}};
    out["time"] = format_time(report_.now);
    if (!report_.fetched.empty()) out["fetched"] = json_of(report_.fetched);
}

void AuditJson::put_assumptions(Json& out) const {
    if (!report_.says_isolated()) return;
    out["claim"] = claim_of(report_);
    out["assumptions"] = assumptions(report_);
}

Json AuditJson::depth() const {
    const audit::Depth& depth = report_.depth;
    Json out;
    out["edits"] = depth.counted && depth.edits ? Json(std::min(*depth.edits, audit::Depth::kDeep)) : Json(nullptr);
    if (depth.edits) out["or_more"] = *depth.edits >= audit::Depth::kDeep;
    if (depth.edits && depth.undecided) out["undecided"] = true;
    if (depth.survives_theft) out["survives_key_theft"] = *depth.survives_theft;
    if (!depth.edits || !depth.path) return out;
    out["source"] = domain(depth.source);
    out["service"] = report_.services[depth.service].name;
    out["facts"] = Json::array();
    for (const audit::Separator& fact : depth.facts)
        out["facts"].push_back(
            {{"field", code_of(fact.field, fact.claim)}, {"left", fact.left}, {"right", fact.right}});
    return out;
}

Json AuditJson::service(const AuditReport::ServiceRow& row) const {
    Json out;
    out["name"] = row.name;
    out["domain"] = domain(row.domain);
    out["verdict"] = code_of(row.verdict);
    out["state"] = code_of(row.state);
    out["evidence"] = audit::name_of(row.evidence);
    if (!row.why.empty()) out["why"] = row.why;
    if (row.revoked) out["revoked"] = true;
    if (row.accepts_nothing) out["accepts_nothing"] = true;
    if (row.own.answer != audit::OwnTokens::Answer::not_asked) out["own_tokens"] = audit::name_of(row.own.answer);
    if (!row.own.why.empty()) out["own_tokens_why"] = row.own.why;
    out["where"] = json_place(row.where);
    return out;
}

Json AuditJson::crossing(const AuditReport::CrossingRow& row) const {
    Json out;
    out["fingerprint"] = row.fingerprint;
    out["status"] = code_of(row.status);
    out["attacker"] = audit::name_of(row.attacker);
    out["counts"] = row.counts;
    put_accepted(out, row.accepted);
    out["sources"] = Json::array();
    for (const std::size_t source : row.sources) out["sources"].push_back(domain(source));
    out["services"] = Json::array();
    for (const std::size_t service : row.services) out["services"].push_back(report_.services[service].name);
    if (!row.why.empty()) out["why"] = row.why;
    out["example"]["source"] = domain(row.source);
    out["example"]["service"] = report_.services[row.service].name;
    out["example"]["path"] = row.path;
    out["example"]["where"] = json_place(row.where);
    if (!row.route.empty()) out["example"]["exchanges"] = row.route;
    if (!row.header.empty()) {
        out["example"]["header"] = json_value(row.header);
        out["example"]["claims"] = json_value(row.claims);
    }
    out["remedies"] = Json::array();
    for (std::size_t i = 0; i < row.remedies.size(); ++i)
        out["remedies"].push_back(remedy_json(row.remedies[i], row.fix == i));
    return out;
}

Json AuditJson::finding(const AuditReport::FindingRow& row) const {
    const audit::RuleFinding& finding = row.finding;
    const RuleInfo* const rule = find_rule(finding.rule);
    Json out;
    out["rule"] = finding.rule;
    if (rule) out["name"] = rule->name;
    out["severity"] = jwtdomain::name_of(finding.severity);
    out["message"] = finding.message;
    out["domains"] = Json::array();
    for (const std::size_t each : finding.domains) out["domains"].push_back(domain(each));
    out["services"] = Json::array();
    for (const std::size_t each : finding.services) out["services"].push_back(report_.services[each].name);
    out["where"] = json_place(finding.where);
    if (finding.attacker) out["attacker"] = audit::name_of(*finding.attacker);
    out["fix"] = finding.fix.empty() && rule ? std::string(rule->fix) : finding.fix;
    out["fingerprint"] = row.fingerprint;
    put_accepted(out, row.accepted);
    return out;
}

void AuditJson::put_accepted(Json& out, const Acceptance& accepted) const {
    if (!accepted.given()) return;
    const bool ignored = accepted.ignore != audit::kNotIgnored;
    out["accepted"]["by"] = ignored ? "ignore" : "baseline";
    if (!ignored) {
        out["accepted"]["owner"] = report_.known[accepted.known].owner;
        out["accepted"]["since"] = format_time(report_.known[accepted.known].since);
        return;
    }
    const audit::Ignore& ignore = report_.ignores[accepted.ignore].ignore;
    out["accepted"]["owner"] = ignore.owner;
    out["accepted"]["reason"] = ignore.reason;
    out["accepted"]["expires"] = format_time(ignore.expires);
}

Json AuditJson::ignore(const AuditReport::IgnoreRow& row) const {
    Json out;
    out["rule"] = row.ignore.rule;
    out["where"] = row.ignore.where;
    out["reason"] = row.ignore.reason;
    out["owner"] = row.ignore.owner;
    out["expires"] = format_time(row.ignore.expires);
    out["uses"] = row.uses;
    if (!row.problem.empty()) out["problem"] = row.problem;
    return out;
}

Json AuditJson::trust(const AuditReport::TrustRow& row) const {
    return {{"source", domain(row.source)}, {"service", report_.services[row.service].name}};
}

} // namespace jwtdomain::cli
