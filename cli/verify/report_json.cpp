#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/verify/report.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {

std::string to_json(const VerifyReport& r) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "verify";
    out["verdict"] = r.accepted ? "accepted" : "rejected";
    out["scope_of_check"] = r.signature_only ? "signature" : "all";
    if (!r.expectation.empty()) {
        out["expected"] = r.expectation;
        out["as_expected"] = r.as_expected;
    }
    out["time"] = format_time(r.now);
    if (!r.domain.empty()) out["domain"] = r.domain;
    if (!r.path.empty()) out["path"] = r.path;
    if (!r.evidence.empty()) out["evidence"] = r.evidence;
    out["reasons"] = nlohmann::ordered_json::array();
    for (const Finding& finding : r.findings) {
        nlohmann::ordered_json reason;
        reason["code"] = info(finding.reason).code;
        reason["message"] = info(finding.reason).sentence;
        if (!finding.detail.empty()) reason["detail"] = finding.detail;
        out["reasons"].push_back(std::move(reason));
    }
    out["accepted_by"] = r.accepted_by;
    if (r.accepted && !r.algorithm.empty()) {
        out["key"]["algorithm"] = r.algorithm;
        if (!r.kid.empty()) out["key"]["kid"] = r.kid;
        if (!r.thumbprint.empty()) out["key"]["thumbprint"] = r.thumbprint;
    }
    if (!r.fingerprint.empty()) {
        out["token"]["fingerprint"] = r.fingerprint;
        out["token"]["header"] = json_value(r.header);
        if (!r.claims.empty() && !r.signature_only) out["token"]["claims"] = json_value(r.claims);
    }
    return json_text(out);
}

} // namespace jwtdomain::cli
