#include "cli/verify/report.h"

#include "jwtdomain/accept/dpop.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {

VerifyReport make_report(const accept::Decision& decision, std::string_view token, Time now) {
    VerifyReport report;
    report.accepted = decision.accepted();
    report.findings = decision.findings;
    for (Finding& finding : report.findings) finding.detail = redact_text(finding.detail);
    report.now = now;
    if (decision.nearest) {
        report.path = decision.nearest->name;
        report.signature_only = decision.nearest->signature_only;
    }
    UnverifiedToken parsed;
    if (parsed.parse(token)) {
        report.fingerprint = fingerprint(parsed.signing_input());
        report.header = redact_json(parsed.header_json().raw());
        if (parsed.has_claims()) {
            report.claims = redact_json(parsed.claims().raw());
            report.bound = accept::bound_to(parsed.claims()).has_value();
        }
    }
    if (decision.verified) {
        if (const auto algorithm = decision.verified->algorithm()) report.algorithm = info(*algorithm).name;
        if (const accept::KeyUse* const key = decision.verified->key()) {
            report.kid = key->kid.value_or("");
            if (const auto* pub = std::get_if<PublicKey>(&key->key)) report.thumbprint = pub->thumbprint();
        }
    }
    return report;
}

} // namespace jwtdomain::cli
