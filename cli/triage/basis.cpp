#include "cli/triage/basis.h"

#include "cli/app/policy.h"
#include "jwtdomain/scan/examples.h"

namespace jwtdomain::cli {

Result<TriageBasis> TriageBasis::load(Session& session, const TriageSources& sources) {
    TriageBasis out;
    out.now_ = session.now();
    if (const auto directory = session.policy_directory(); !directory) { // at three in the morning there may be none
        if (session.common().policy || !sources.configurations.empty()) return fail(directory.error());
        return out;
    }
    auto policy = load_policy_with(session, sources);
    if (!policy) return fail(policy.error());
    auto revocations = load_revocations(session, *policy);
    if (!revocations) return fail(revocations.error());
    out.policy_ = std::make_unique<policy::Policy>(std::move(*policy));
    if (!out.policy_->revocations.empty()) out.revocations_ = std::move(*revocations);
    out.estate_ = std::make_unique<audit::Estate>(
        audit::make_estate(*out.policy_, key_reader(session, *out.policy_), session.now()));
    return out;
}

TriageReport TriageBasis::judge(std::string_view token, Judging* judging) const {
    const accept::Context context{.now = now_,
                                  .revocations = revocations_ ? &*revocations_ : nullptr,
                                  .checked = judging ? &judging->checked : nullptr,
                                  .proof = nullptr};
    return triage_token(estate_.get(), token, context, judging ? &judging->engines : nullptr);
}

TriageReport TriageBasis::judge_alone(std::string_view token) const {
    TriageReport out = judge(token);
    if (const auto* const example = scan::find_example(token)) out.example = example->source;
    return out;
}

} // namespace jwtdomain::cli
