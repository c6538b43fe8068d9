// What a found token is, by what triage says of it.
#pragma once

#include <optional>
#include <string>

#include "cli/app/session.h"
#include "cli/scan/report.h"
#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/audit/estate.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

class Classifier {
public:
    // With the policy of the session, or, if there is none to be found, without. Faults: those of loading it.
    static Result<Classifier> make(Session& session);

    // The one place where what was found becomes what is reported: from here on nothing of it can be used, unless
    // `reveal`. Without occurrences.
    FoundToken classify(const scan::Found& found, bool reveal) const;

    bool has_policy() const { return estate_ != nullptr; }

private:
    std::unique_ptr<policy::Policy> policy_;
    std::unique_ptr<audit::Estate> estate_;
    std::optional<accept::Revocations> revocations_;
    Time now_ = 0;
};

} // namespace jwtdomain::cli
