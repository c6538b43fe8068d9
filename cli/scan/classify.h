// What a found token is, by what triage says of it.
#pragma once

#include <utility>

#include "cli/scan/report.h"
#include "cli/scan/signatures.h"
#include "cli/triage/basis.h"

namespace jwtdomain::cli {

class Classifier {
public:
    Classifier(TriageBasis basis, Signatures signatures)
        : basis_(std::move(basis)), signatures_(std::move(signatures)) {}

    // The one place where what was found becomes what is reported: from here on nothing of it can be used, unless
    // `reveal`. Without occurrences.
    FoundToken classify(const scan::Found& found, bool reveal) const;

    bool has_policy() const { return basis_.has_policy(); }
    const TriageBasis& basis() const { return basis_; }

private:
    TriageBasis basis_;
    Signatures signatures_;
};

} // namespace jwtdomain::cli
