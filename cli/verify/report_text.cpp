#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/verify/report.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {
namespace {

std::string headline_of(const VerifyReport& r) {
    if (r.accepted && r.signature_only) return "signature only; nothing else was checked";
    if (r.accepted && r.domain.empty()) return "by the key, issuer and audience given";
    if (r.accepted) {
        std::string text = "by " + r.domain;
        if (!r.path.empty() && r.path != r.domain) text += " (" + r.path + ")";
        return text + (r.evidence.empty() ? "" : " [" + r.evidence + "]");
    }
    std::string text = r.domain.empty() ? "" : "by " + r.domain;
    if (!r.evidence.empty() && !r.domain.empty()) text += " [" + r.evidence + "]";
    if (!r.accepted_by.empty()) {
        const std::string who = r.accepted_by.size() == 1
                                    ? fmt::format("this is a {} token", r.accepted_by.front())
                                    : fmt::format("accepted by {}", fmt::join(r.accepted_by, ", "));
        text += (text.empty() ? "" : ": ") + who;
    }
    return text;
}

std::string text_of(json::Value value) {
    if (value.is(json::Kind::string)) return std::string(value.text());
    if (!value.is(json::Kind::array)) return std::string(value.raw());
    std::string out;
    for (const json::Member& element : value) out += (out.empty() ? "" : ", ") + text_of(element.value);
    return out;
}

void claims_to_text(const VerifyReport& r, TextReport& out) {
    json::Document document;
    if (r.claims.empty() || document.parse(r.claims)) return;
    for (const json::Member& member : document.root()) {
        std::string value = text_of(member.value);
        const bool date = member.name == "exp" || member.name == "nbf" || member.name == "iat";
        if (const auto seconds = date ? member.value.integer() : std::nullopt) {
            value = format_time(*seconds) + " (" + format_relative(*seconds, r.now) + ")";
        }
        out.field(escape_text(member.name, 30), value);
    }
}

} // namespace

std::string to_text(const VerifyReport& r, bool color) {
    TextReport out(color);
    if (!r.expectation.empty()) {
        out.headline(r.as_expected ? Tone::good : Tone::bad, r.as_expected ? "AS EXPECTED:" : "NOT AS EXPECTED:",
                     (r.accepted ? "accepted " : "rejected ") + headline_of(r) + "; expected " + r.expectation);
    } else {
        out.headline(r.accepted ? Tone::good : Tone::bad, r.accepted ? "ACCEPTED" : "REJECTED", headline_of(r));
    }
    for (const Finding& finding : r.findings) {
        const ReasonInfo& reason = info(finding.reason);
        out.entry(Tone::warning, reason.code,
                  finding.detail.empty() ? reason.sentence : std::string_view(finding.detail).substr(0, 1000));
    }
    if (r.accepted && !r.signature_only) claims_to_text(r, out);
    if (r.accepted) {
        std::string key = r.kid.empty() ? r.thumbprint : r.kid;
        if (!r.algorithm.empty()) key += (key.empty() ? "" : " ") + ("(" + r.algorithm + ")");
        if (!key.empty()) out.field("key", key);
    } else if (!r.findings.empty()) {
        const ReasonInfo& first = info(r.findings.front().reason);
        out.line(std::string("Next: ") + std::string(first.fix) + ". More: jwtdomain explain " +
                 std::string(first.code));
    }
    return out.take();
}

} // namespace jwtdomain::cli
