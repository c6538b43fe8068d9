#include "cli/scan/json_rows.h"
#include "cli/scan/words.h"
#include "cli/triage/json_rows.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {

using Json = nlohmann::ordered_json;

namespace {

Json git_json(const scan::GitPlace& place) {
    Json out;
    out["object"] = place.object;
    out["kind"] = name_of(place.kind);
    out["reachable"] = place.reachable;
    if (!place.commit.empty()) out["commit"] = place.commit;
    if (!place.path.empty()) out["path"] = redact_text(place.path);
    if (!place.reference.empty()) out["reference"] = redact_text(place.reference);
    if (place.in_index) out["staged"] = true;
    return out;
}

// What JSON's own types cannot hold as it was (equal names, long numbers), and how it was written, is there as text,
// too.
void put_object(Json& out, const std::string& name, const std::string& text) {
    if (text.empty()) return;
    out[name] = json_value(text);
    if (out[name].dump(-1, ' ', false, Json::error_handler_t::replace) != text) out[name + "_text"] = text;
}

Json known_json(const KnownToken& known) {
    Json out = Json::object();
    if (!known.owner.empty()) out["owner"] = known.owner;
    if (known.since) out["since"] = format_time(*known.since);
    return out;
}

Json signer_json(const FoundToken& token) {
    if (!token.signed_by) return nullptr;
    Json out;
    if (!token.signed_by->key.empty()) out["key"] = token.signed_by->key;
    out["of"] = token.signed_by->owner;
    return out;
}

// Names of files are any octets; a string of JSON is not.
void put_path(Json& out, const std::string& path) {
    out["path"] = path;
    if (find_invalid_utf8(path) == std::string::npos) return;
    out["path_hex"] = hexadecimal(path);
}

} // namespace

Json occurrence_json(const Occurrence& occurrence) {
    Json out;
    put_path(out, occurrence.path);
    out["line"] = occurrence.line;
    out["offset"] = occurrence.offset;
    out["size"] = occurrence.size;
    if (!occurrence.part.empty()) out["part"] = occurrence.part;
    if (!occurrence.layers.empty()) {
        for (const scan::Layer layer : occurrence.layers) out["inside"].push_back(name_of(layer));
    }
    if (!occurrence.repairs.none()) {
        for (const scan::Repair repair : occurrence.repairs.list()) out["repaired"].push_back(name_of(repair));
    }
    if (occurrence.git) out["git"] = git_json(*occurrence.git);
    return out;
}

Json token_json(const FoundToken& token) {
    const TriageReport& triage = token.triage;
    Json out;
    out["fingerprint"] = token.fingerprint;
    out["severity"] = name_of(token.severity);
    out["state"] = code_of(triage.state);
    out["form"] = name_of(token.form);
    out["condition"] = name_of(token.condition);
    if (!token.example.empty()) out["example"] = token.example;
    if (!triage.domain.empty()) out["domain"] = triage.domain;
    put_standing(out, triage);
    if (triage.token) {
        const inspect::Token& looked = *triage.token;
        if (!looked.kind.empty()) out["kind"] = looked.kind;
        if (looked.expires) out["expires"] = format_time(*looked.expires);
        put_object(out, "header", looked.header.json);
        put_object(out, "claims", looked.claims.json);
        if (!looked.claims.json.empty() && !looked.claims.whole) out["claims_cut"] = true;
    }
    if (token.known) out["known"] = known_json(*token.known);
    if (triage.until) out["until"] = format_time(*triage.until);
    if (const auto left = life_left(token, triage.now)) out["life_left"] = *left;
    if (token.signature_checked) out["signed_by"] = signer_json(token);
    out["accepted_by"] = accepted_json(triage);
    out["undecided"] = triage.undecided;
    out["actions"] = triage.actions;
    if (!token.token.empty()) out["token"] = token.token;
    return out;
}

Json coverage_json(const Coverage& coverage) {
    Json out;
    out["complete"] = coverage.complete();
    out["files"] = coverage.files;
    if (coverage.members > 0) out["members"] = coverage.members;
    out["octets"] = coverage.octets;
    if (coverage.repositories > 0) out["repositories"] = coverage.repositories;
    if (coverage.repositories > 0) out["objects"] = coverage.objects;
    out["links"] = coverage.links;
    out["excluded"] = coverage.excluded;
    out["gaps"] = Json::array();
    for (const CoverageGap& gap : coverage.gaps) {
        Json each;
        put_path(each, gap.path);
        each["gap"] = name_of(gap.gap);
        if (!gap.detail.empty()) each["detail"] = gap.detail;
        out["gaps"].push_back(std::move(each));
    }
    out["gap_count"] = coverage.gap_count;
    if (coverage.interrupted != 0) out["interrupted"] = coverage.interrupted;
    return out;
}

namespace {

Json summary_json(const ScanReport& report) {
    Json out;
    out["time"] = format_time(report.now);
    out["policy"] = report.policy_read;
    out["fail_on"] = name_of(report.fail_on);
    out["failing"] = report.failing;
    out["found"] = report.tokens.size();
    out["coverage"] = coverage_json(report.coverage);
    out["plan"] = plan_json(report.plan);
    return out;
}

} // namespace

std::string to_json(const ScanReport& report) {
    Json out;
    out["version"] = 1;
    out["command"] = "scan";
    out.update(summary_json(report));
    if (report.across) out["across"] = across_json(*report.across);
    out["tokens"] = Json::array();
    for (const FoundToken& token : report.tokens) {
        Json each = token_json(token);
        each["count"] = token.count;
        each["occurrences"] = Json::array();
        for (const Occurrence& occurrence : token.occurrences)
            each["occurrences"].push_back(occurrence_json(occurrence));
        out["tokens"].push_back(std::move(each));
    }
    return json_text(out);
}

std::string jsonl_of(const FoundToken& token, const Occurrence& occurrence, Told before) {
    Json out;
    out["type"] = "token";
    out.update(before == Told::so ? Json{{"fingerprint", token.fingerprint}} : token_json(token));
    out["first"] = before == Told::never;
    out.update(occurrence_json(occurrence));
    return json_text(out, -1);
}

std::string jsonl_summary(const ScanReport& report) {
    Json out;
    out["type"] = "summary";
    out["version"] = 1;
    out.update(summary_json(report));
    if (report.across) out["across"] = across_json(*report.across);
    return json_text(out, -1);
}

} // namespace jwtdomain::cli
