#include "cli/scan/classify.h"

#include "jwtdomain/scan/examples.h"
#include "jwtdomain/scan/name.h"

namespace jwtdomain::cli {

FoundToken Classifier::classify(const scan::Found& found, bool reveal) const {
    FoundToken out{.fingerprint = scan::fingerprint_of(found.token, found.form),
                   .form = found.form,
                   .condition = found.condition,
                   .triage = basis_.judge(found.token)};
    if (const auto* const example = scan::find_example(found.token)) out.example = example->source;
    if (reveal) out.token = found.token;
    out.severity = severity_of(out);
    return out;
}

} // namespace jwtdomain::cli
