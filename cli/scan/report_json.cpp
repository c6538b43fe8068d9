#include <algorithm>
#include <charconv>

#include "cli/scan/json_rows.h"
#include "cli/scan/plain_object.h"
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

// Put in the place of an object that needs no reading: no other value of a token's members is like it.
constexpr const char* kVerbatim = "\x01";

// What JSON's own types cannot hold as it was (equal names, long numbers), and how it was written, is there as text,
// too. `verbatim`: it is put in later.
void put_object(Json& out, const std::string& name, const std::string& text, bool verbatim) {
    if (text.empty()) return;
    if (verbatim) {
        out[name] = kVerbatim;
        return;
    }
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

std::string compact(const Json& value) { return value.dump(-1, ' ', true, Json::error_handler_t::replace); }

void append_text(std::string& out, const std::string& text) {
    const bool plain =
        std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; });
    if (!plain) {
        out += compact(text);
        return;
    }
    out += '"';
    out += text;
    out += '"';
}

void append_number(std::string& out, std::uint64_t number) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

template <class List> void append_names(std::string& out, std::string_view name, const List& list) {
    out += name;
    bool first = true;
    for (const auto each : list) {
        out += first ? "\"" : ",\"";
        out += name_of(each);
        out += '"';
        first = false;
    }
    out += ']';
}

} // namespace

void append_occurrence(std::string& out, const Occurrence& occurrence) {
    out += "\"path\":";
    append_text(out, occurrence.path);
    if (find_invalid_utf8(occurrence.path) != std::string::npos) {
        out += ",\"path_hex\":\"";
        out += hexadecimal(occurrence.path);
        out += '"';
    }
    out += ",\"line\":";
    append_number(out, occurrence.line);
    out += ",\"offset\":";
    append_number(out, occurrence.offset);
    out += ",\"size\":";
    append_number(out, occurrence.size);
    if (!occurrence.part.empty()) {
        out += ",\"part\":";
        append_text(out, occurrence.part);
    }
    if (!occurrence.layers.empty()) append_names(out, ",\"inside\":[", occurrence.layers);
    if (!occurrence.repairs.none()) append_names(out, ",\"repaired\":[", occurrence.repairs.list());
    if (occurrence.git) out += ",\"git\":" + compact(git_json(*occurrence.git));
}

Json occurrence_json(const Occurrence& occurrence) {
    std::string text = "{";
    append_occurrence(text, occurrence);
    return json_value(text + "}");
}

namespace {

// `verbatim`: of these the header and the claims are put in later.
Json members_of(const FoundToken& token, bool verbatim_header, bool verbatim_claims) {
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
        put_object(out, "header", looked.header.json, verbatim_header);
        put_object(out, "claims", looked.claims.json, verbatim_claims);
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

// A quotation mark within a string is escaped, so that this is found nowhere else.
void put_verbatim(std::string& text, std::string_view name, const std::string& json) {
    const std::string place = "\"" + std::string(name) + "\":\"\\u0001\"";
    constexpr std::size_t kValue = 8; // octets of it
    text.replace(text.find(place) + place.size() - kValue, kValue, json);
}

} // namespace

Json token_json(const FoundToken& token) { return members_of(token, false, false); }

std::string members_text(const FoundToken& token) {
    const auto& looked = token.triage.token;
    const bool header = looked && is_plain_object(looked->header.json);
    const bool claims = looked && is_plain_object(looked->claims.json);
    std::string out = compact(members_of(token, header, claims));
    if (header) put_verbatim(out, "header", looked->header.json);
    if (claims) put_verbatim(out, "claims", looked->claims.json);
    out.pop_back();
    return out.erase(0, 1);
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
    out["found"] = report.found;
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

void append_line(std::string& out, std::string_view members, const Occurrence& occurrence, bool first) {
    out += "{\"type\":\"token\",";
    out += members;
    out += first ? ",\"first\":true," : ",\"first\":false,";
    append_occurrence(out, occurrence);
    out += "}\n";
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
