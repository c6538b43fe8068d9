#include "cli/triage/json_rows.h"

namespace jwtdomain::cli {

std::string_view code_of(TriageReport::State state) {
    switch (state) {
    case TriageReport::State::live: return "live";
    case TriageReport::State::later: return "not-yet-valid";
    case TriageReport::State::expired: return "expired";
    case TriageReport::State::revoked: return "revoked";
    case TriageReport::State::refused: return "accepted-nowhere";
    case TriageReport::State::unknown: return "unknown";
    }
    return {};
}

nlohmann::ordered_json accepted_json(const TriageReport& report) {
    using Json = nlohmann::ordered_json;
    Json out = Json::array();
    for (const auto& row : report.accepts) {
        Json each;
        each["service"] = row.service;
        each["domain"] = row.domain;
        if (!row.resource.empty()) each["resource"] = row.resource;
        if (!row.methods.empty()) each["methods"] = row.methods;
        if (!row.scopes.empty()) each["scopes"] = row.scopes;
        each["evidence"] = audit::name_of(row.evidence);
        each["verified"] = row.verified;
        each["path"] = row.path;
        if (!row.key.empty()) each["key"] = row.key;
        if (!row.key_of.empty()) each["key_of"] = row.key_of;
        if (row.key_foreign) each["key_foreign"] = true;
        each["until"] = row.until ? Json(format_time(*row.until)) : Json(nullptr);
        out.push_back(std::move(each));
    }
    return out;
}

void put_standing(nlohmann::ordered_json& out, const TriageReport& report) {
    if (report.foreign) out["foreign"] = true;
    if (!report.issuer_kind.empty()) out["issuer_kind"] = report.issuer_kind;
    if (!report.revocations_read) return;
    out["revoked"] = false;
    if (!report.revoked) return;
    out["revoked"] = {{"by", report.revoked->by}, {"value", report.revoked->value}};
    if (!report.revoked->reason.empty()) out["revoked"]["reason"] = report.revoked->reason;
}

namespace {

using Json = nlohmann::ordered_json;

void put(Json& out, const TriageReport& report) {
    out["state"] = code_of(report.state);
    out["time"] = format_time(report.now);
    out["policy"] = report.policy_read;
    if (report.of_key) out["key_of"] = report.subject;
    if (!report.domain.empty()) out["domain"] = report.domain;
    put_standing(out, report);
    if (!report.example.empty()) out["example"] = report.example;
    if (report.until) out["until"] = format_time(*report.until);
    if (report.token) {
        if (!report.token->fingerprint.empty()) out["token"]["fingerprint"] = report.token->fingerprint;
        if (!report.token->header.json.empty()) out["token"]["header"] = json_value(report.token->header.json);
        if (!report.token->claims.json.empty()) out["token"]["claims"] = json_value(report.token->claims.json);
    }
    out["accepted_by"] = accepted_json(report);
    out["undecided"] = report.undecided;
    out["actions"] = report.actions;
}

} // namespace

std::string to_json(const TriageReport& report) {
    Json out;
    out["version"] = 1;
    out["command"] = "triage";
    put(out, report);
    return json_text(out);
}

std::string to_json_line(const TriageReport& report, std::size_t line, const std::optional<std::string>& id) {
    Json out;
    out["line"] = line;
    if (id) out["id"] = *id;
    put(out, report);
    return json_text(out, -1);
}

} // namespace jwtdomain::cli
