#include "cli/scan/classify.h"

#include "jwtdomain/scan/examples.h"

namespace jwtdomain::cli {

// Without the blanks between its values.
static std::string compact_json(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    bool inside = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (!inside && (c == ' ' || c == '\t' || c == '\r' || c == '\n')) continue;
        if (c == '"') inside = !inside;
        out += c;
        if (inside && c == '\\' && i + 1 < text.size()) out += text[++i];
    }
    return out;
}

FoundToken Classifier::classify(const scan::Found& found, std::string fingerprint, std::string_view digest,
                                bool reveal) {
    FoundToken out{.fingerprint = std::move(fingerprint),
                   .form = found.form,
                   .condition = found.condition,
                   .triage = basis_->judge(found.token, &judging_)};
    if (found.condition == scan::Condition::whole && signatures_.any()) {
        out.signature_checked = found.form == scan::Form::jws || found.form == scan::Form::sd_jwt;
        out.signed_by = signatures_.of(found.token, found.form, judging_.checked);
    }
    if (const auto* const example = scan::find_example_by_digest(digest)) out.example = example->source;
    if (out.triage.token) {
        out.triage.token->header.json = compact_json(out.triage.token->header.json);
        out.triage.token->claims.json = compact_json(out.triage.token->claims.json);
    }
    if (reveal) out.token = found.token;
    out.severity = severity_of(out);
    return out;
}

} // namespace jwtdomain::cli
