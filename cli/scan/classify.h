// What a found token is, by what triage says of it.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "cli/scan/report.h"
#include "cli/scan/signatures.h"
#include "cli/triage/basis.h"

namespace jwtdomain::cli {

// Belongs to one thread.
class Classifier {
public:
    Classifier(TriageBasis basis, Signatures signatures)
        : Classifier(std::make_shared<const TriageBasis>(std::move(basis)), std::move(signatures)) {}

    // One for another thread. What they refer to is shared, and does not change.
    Classifier another() const { return Classifier(basis_, signatures_.another()); }

    // The one place where what was found becomes what is reported: from here on nothing of it can be used, unless
    // `reveal`. Without occurrences. `fingerprint` is that of the token, `digest` the SHA-256 of all its octets.
    FoundToken classify(const scan::Found& found, std::string fingerprint, std::string_view digest, bool reveal);

    bool has_policy() const { return basis_->has_policy(); }
    const TriageBasis& basis() const { return *basis_; }

private:
    Classifier(std::shared_ptr<const TriageBasis> basis, Signatures signatures)
        : basis_(std::move(basis)), signatures_(std::move(signatures)) {}

    std::shared_ptr<const TriageBasis> basis_;
    Signatures signatures_;
    Judging judging_;
};

} // namespace jwtdomain::cli
