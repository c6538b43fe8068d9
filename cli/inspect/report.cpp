#include "cli/inspect/report.h"

#include "cli/inspect/domains.h"
#include "jwtdomain/jwt/redact.h"

namespace jwtdomain::cli {
namespace {

void redact(inspect::Part& part) {
    part.json = part.json.empty() ? std::string() : redact_json(part.json);
    part.text = redact_text(part.text);
}

void redact(inspect::Token& token) {
    redact(token.header);
    redact(token.claims);
    for (inspect::Signature& signature : token.signatures) {
        redact(signature.header);
        redact(signature.unprotected);
    }
    if (token.disclosed) {
        for (Disclosure& d : token.disclosed->disclosures) d.value = redact_json(d.value, d.name);
    }
    for (Finding& finding : token.findings) finding.detail = redact_text(finding.detail);
    for (inspect::Token& inner : token.inner) redact(inner);
    for (inspect::Token& binding : token.key_binding) redact(binding);
}

inspect::Token inspect_input(const Unwrapped& input, const inspect::Options& options) {
    return input.form == Unwrapped::Form::json ? inspect::inspect_json(input.token, options)
                                               : inspect::inspect_compact(input.token, options);
}

void observe_surroundings(InspectReport& report) {
    for (const Seen& seen : report.seen) {
        if (seen.wrapping == Wrapping::leading_junk || seen.wrapping == Wrapping::trailing_junk) {
            report.token.findings.push_back({Reason::trailing_junk, describe(seen)});
        }
    }
}

} // namespace

InspectReport make_report(const Unwrapped& input, const policy::Policy* policy, const policy::KeyReader& keys,
                          bool reveal, Time now) {
    InspectReport report;
    report.now = now;
    report.seen = input.seen;
    report.more = input.more;
    inspect::Options options{.now = now};
    report.token = inspect_input(input, options);
    if (policy) {
        report.policy_read = true;
        const DomainGuess guess = guess_domain(*policy, report.token.claims.json);
        report.domains = guess.matches;
        look_for_key(*policy, keys, report.token.key.kid, report.domains);
        if (guess.lifetime) {
            options.longest_life = *guess.lifetime;
            report.token = inspect_input(input, options);
        }
        if (!guess.audience_domains.empty()) {
            report.token.findings.push_back({Reason::aud_spans_domains, guess.audience_domains});
        }
    }
    observe_surroundings(report);
    if (!reveal) redact(report.token);
    return report;
}

} // namespace jwtdomain::cli
