// RFC 4180: a line for each place of each token. Spreadsheets take some texts for formulas, and run them.
#include <algorithm>
#include <array>

#include "cli/scan/words.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

// What begins like a formula, or does once a spreadsheet has dropped the blanks before it, begins with an apostrophe,
// which says that it is text. The last four are the wide forms of =, +, - and @.
bool begins_formula(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) return false;
    if (std::string_view("=+-@|%").find(text.front()) != std::string_view::npos) return true;
    constexpr std::array<std::string_view, 4> kWide{"\uff1d", "\uff0b", "\uff0d", "\uff20"};
    return std::any_of(kWide.begin(), kWide.end(), [&](std::string_view wide) { return text.starts_with(wide); });
}

class CsvRow {
public:
    void put(std::string_view untrusted) {
        const std::string text = escape_text(untrusted);
        out_ += out_.empty() ? "\"" : ",\"";
        if (begins_formula(text)) out_ += '\'';
        for (const char c : text) {
            if (c == '"') out_ += '"';
            out_ += c;
        }
        out_ += '"';
    }
    std::string end() { return std::move(out_) + "\r\n"; }

private:
    std::string out_;
};

constexpr std::array<std::string_view, 22> kCsvColumns{
    "severity",    "state",   "known",     "fingerprint", "kind",  "condition", "domain", "expires",
    "accepted_by", "until",   "signed_by", "path",        "line",  "offset",    "size",   "inside",
    "count",       "example", "claims",    "actions",     "token", "revoked"};

std::string time_text(const std::optional<Time>& time) { return time ? format_time(*time) : ""; }

std::string line_of(const FoundToken& token, const Occurrence& place, const ScanReport& report) {
    const TriageReport& triage = token.triage;
    std::vector<std::string> services;
    for (const auto& accepted : triage.accepts) services.push_back(accepted_text(accepted));
    CsvRow row;
    row.put(name_of(token.severity));
    row.put(state_text(token, report.policy_read));
    row.put(token.known ? text_of(*token.known) : "");
    row.put(token.fingerprint);
    row.put(triage.token ? describe(token.form, *triage.token) : std::string(name_of(token.form)));
    row.put(name_of(token.condition));
    row.put(triage.domain);
    row.put(triage.token ? time_text(triage.token->expires) : "");
    row.put(join(services, "; "));
    row.put(time_text(triage.until));
    row.put(signer_text(token));
    row.put(place.path);
    row.put(std::to_string(place.line));
    row.put(std::to_string(place.offset));
    row.put(std::to_string(place.size));
    row.put(how_found(place));
    row.put(std::to_string(token.count));
    row.put(token.example);
    row.put(triage.token ? triage.token->claims.json : "");
    row.put(join(triage.actions, "; "));
    row.put(token.token);
    row.put(revoked_text(triage));
    return row.end();
}

} // namespace

std::string to_csv(const ScanReport& report) {
    CsvRow head;
    for (const std::string_view column : kCsvColumns) head.put(column);
    std::string out = head.end();
    for (const FoundToken& token : report.tokens) {
        for (const Occurrence& place : token.occurrences) out += line_of(token, place, report);
    }
    return out;
}

} // namespace jwtdomain::cli
