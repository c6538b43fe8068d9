#include "cli/scan/classify.h"

#include "cli/app/policy.h"
#include "jwtdomain/scan/examples.h"
#include "jwtdomain/scan/name.h"

namespace jwtdomain::cli {

Result<Classifier> Classifier::make(Session& session) {
    Classifier out;
    out.now_ = session.now();
    if (const auto directory = session.policy_directory(); !directory) { // at three in the morning there may be none
        if (session.common().policy) return fail(directory.error());
        return out;
    }
    auto policy = load_guarded_policy(session);
    if (!policy) return fail(policy.error());
    auto revocations = load_revocations(session, *policy);
    if (!revocations) return fail(revocations.error());
    out.policy_ = std::make_unique<policy::Policy>(std::move(*policy));
    out.revocations_ = std::move(*revocations);
    out.estate_ = std::make_unique<audit::Estate>(
        audit::make_estate(*out.policy_, key_reader(session, *out.policy_), session.now()));
    return out;
}

FoundToken Classifier::classify(const scan::Found& found, bool reveal) const {
    FoundToken out{.fingerprint = scan::fingerprint_of(found.token, found.form),
                   .form = found.form,
                   .condition = found.condition,
                   .triage = triage_token(estate_.get(), found.token,
                                          {.now = now_, .revocations = revocations_ ? &*revocations_ : nullptr})};
    if (const auto* const example = scan::find_example(found.token)) out.example = example->source;
    if (reveal) out.token = found.token;
    out.severity = severity_of(out);
    return out;
}

} // namespace jwtdomain::cli
