// What tokens are judged by: the policy of the session, if there is one.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "cli/app/session.h"
#include "cli/triage/report.h"
#include "cli/triage/sources.h"
#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/audit/blast_radius.h"
#include "jwtdomain/audit/estate.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

// What is made ready for one token and serves the next: for who judges many. Belongs to one thread.
struct Judging {
    audit::Engines engines;
    accept::CheckedSignatures checked; // of the token that was judged last
};

class TriageBasis {
public:
    // Without a policy, if none is to be found, and neither one nor a configuration was named. Faults: those of loading
    // them.
    static Result<TriageBasis> load(Session& session, const TriageSources& sources = {});

    bool has_policy() const { return estate_ != nullptr; }
    const audit::Estate* estate() const { return estate_.get(); }  // null without a policy
    const policy::Policy* policy() const { return policy_.get(); } // likewise
    TriageReport judge(std::string_view token, Judging* judging = nullptr) const;
    // Also says where everybody can read it, if that is so.
    TriageReport judge_alone(std::string_view token) const;

private:
    std::unique_ptr<policy::Policy> policy_;
    std::unique_ptr<audit::Estate> estate_; // refers to it
    std::optional<accept::Revocations> revocations_;
    Time now_ = 0;
};

} // namespace jwtdomain::cli
