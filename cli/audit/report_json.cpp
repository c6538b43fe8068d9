#include "cli/app/json_text.h"
#include "cli/audit/report.h"

namespace jwtdomain::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string_view name_of(audit::Service::State state) {
    switch (state) {
    case audit::Service::State::guarded: return "guarded";
    case audit::Service::State::open: return "open";
    case audit::Service::State::opaque: return "opaque";
    case audit::Service::State::unguarded: return "unguarded";
    }
    return {};
}

std::string_view name_of(audit::Crossing::Status status) {
    switch (status) {
    case audit::Crossing::Status::confirmed: return "confirmed";
    case audit::Crossing::Status::candidate: return "candidate";
    case audit::Crossing::Status::unknown: return "unknown";
    }
    return {};
}

std::string code_of(audit::Verdict verdict) {
    switch (verdict) {
    case audit::Verdict::leaks: return "leaks";
    case audit::Verdict::not_proven: return "not-proven";
    case audit::Verdict::isolated: return "isolated";
    case audit::Verdict::consistent: return "consistent";
    }
    return {};
}

Json location(const Location& where) {
    Json out = Json::object();
    if (where.file.empty()) return out;
    out["file"] = where.file;
    if (where.line) out["line"] = where.line;
    if (where.column) out["column"] = where.column;
    return out;
}

std::string field_of(audit::Field field, const std::string& claim) {
    return field == audit::Field::claim ? "claim:" + claim : std::string(audit::name_of(field));
}

class Writer {
public:
    explicit Writer(const AuditReport& report) : report_(report) {}

    Json run() const {
        Json out;
        out["version"] = 1;
        out["command"] = "audit";
        out["verdict"] = code_of(report_.verdict);
        out["against"] = audit::name_of(report_.options.against);
        out["evidence"] = audit::name_of(report_.evidence);
        out["population"] = {{"read", report_.population.read}, {"all", report_.population.all}};
        out["time"] = format_time(report_.now);
        out["domains"] = report_.domains;
        out["depth"] = depth();
        out["services"] = Json::array();
        for (const auto& row : report_.services) out["services"].push_back(service(row));
        out["crossings"] = Json::array();
        for (const auto& row : report_.crossings) out["crossings"].push_back(crossing(row));
        out["declared"] = Json::array();
        for (const auto& row : report_.trust)
            out["declared"].push_back(
                {{"source", domain(row.source)}, {"service", report_.services[row.service].name}});
        out["findings"] = Json::array();
        for (const auto& row : report_.findings) out["findings"].push_back(finding(row));
        if (report_.verdict == audit::Verdict::isolated || report_.verdict == audit::Verdict::consistent)
            out["assumptions"] = assumptions(report_);
        return out;
    }

private:
    const std::string& domain(std::size_t index) const { return report_.domains[index]; }

    Json depth() const {
        const audit::Depth& depth = report_.depth;
        Json out;
        out["edits"] = depth.counted && depth.edits ? Json(std::min(*depth.edits, audit::Depth::kDeep)) : Json(nullptr);
        if (depth.edits) out["or_more"] = *depth.edits >= audit::Depth::kDeep;
        if (depth.survives_theft) out["survives_key_theft"] = *depth.survives_theft;
        if (!depth.edits || !depth.path) return out;
        out["source"] = domain(depth.source);
        out["service"] = report_.services[depth.service].name;
        out["facts"] = Json::array();
        for (const audit::Separator& fact : depth.facts)
            out["facts"].push_back(
                {{"field", field_of(fact.field, fact.claim)}, {"left", fact.left}, {"right", fact.right}});
        return out;
    }

    Json service(const AuditReport::ServiceRow& row) const {
        Json out;
        out["name"] = row.name;
        out["domain"] = domain(row.domain);
        out["verdict"] = code_of(row.verdict);
        out["state"] = name_of(row.state);
        out["evidence"] = audit::name_of(row.evidence);
        if (!row.why.empty()) out["why"] = row.why;
        if (row.accepts_nothing) out["accepts_nothing"] = true;
        out["where"] = location(row.where);
        return out;
    }

    Json crossing(const AuditReport::CrossingRow& row) const {
        Json out;
        out["status"] = name_of(row.status);
        out["attacker"] = audit::name_of(row.attacker);
        out["counts"] = row.counts;
        out["sources"] = Json::array();
        for (const std::size_t source : row.sources) out["sources"].push_back(domain(source));
        out["services"] = Json::array();
        for (const std::size_t service : row.services) out["services"].push_back(report_.services[service].name);
        if (!row.why.empty()) out["why"] = row.why;
        out["example"]["source"] = domain(row.source);
        out["example"]["service"] = report_.services[row.service].name;
        out["example"]["path"] = row.path;
        out["example"]["where"] = location(row.where);
        if (!row.route.empty()) out["example"]["exchanges"] = row.route;
        if (!row.header.empty()) {
            out["example"]["header"] = json_value(row.header);
            out["example"]["claims"] = json_value(row.claims);
        }
        out["remedies"] = Json::array();
        for (std::size_t i = 0; i < row.remedies.size(); ++i)
            out["remedies"].push_back(remedy(row.remedies[i], row.fix == i));
        return out;
    }

    static Json remedy(const audit::Remedy& remedy, bool smallest) {
        Json out;
        out["field"] = field_of(remedy.field, remedy.claim);
        out["now"] = remedy.now;
        out["then"] = remedy.then;
        out["stops"] = Json::array();
        for (const audit::Attacker attacker : remedy.stops) out["stops"].push_back(audit::name_of(attacker));
        if (smallest) out["smallest_fix"] = true;
        return out;
    }

    Json finding(const AuditReport::FindingRow& row) const {
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
        out["where"] = location(finding.where);
        if (finding.attacker) out["attacker"] = audit::name_of(*finding.attacker);
        out["fix"] = finding.fix.empty() && rule ? std::string(rule->fix) : finding.fix;
        out["fingerprint"] = row.fingerprint;
        return out;
    }

    const AuditReport& report_;
};

} // namespace

std::string to_json(const AuditReport& report) { return json_text(Writer(report).run()); }

} // namespace jwtdomain::cli
