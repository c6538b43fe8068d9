#include "cli/verify/report.h"

#include "jwtdomain/base/base64url.h"

namespace jwtdomain::cli {

VerifyReport make_report(const accept::Decision& decision, std::string_view token, Time now) {
    VerifyReport report;
    report.accepted = decision.accepted();
    report.findings = decision.findings;
    report.now = now;
    if (decision.nearest) {
        report.path = decision.nearest->name;
        report.signature_only = decision.nearest->signature_only;
    }
    UnverifiedToken parsed;
    if (parsed.parse(token)) {
        report.fingerprint = fingerprint(parsed.signing_input());
        report.header = parsed.header_json().raw();
        if (parsed.has_claims()) report.claims = parsed.claims().raw();
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
