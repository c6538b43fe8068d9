// What a rotation has done, as the audit log keeps it.
#pragma once

#include <optional>
#include <string>

#include "cli/app/session.h"

namespace jwtdomain::cli {

struct RotationEvent {
    enum class Kind {
        prepared,  // published, to sign from `time` on
        ends,      // its record says now that it ends at `time`
        removed,   // from the set, and its private half from the key store
        emergency, // made and signing at once, in the place of all others
    } kind = Kind::prepared;
    std::string domain;
    std::string key; // its RFC 7638 thumbprint
    std::optional<Time> time = {};
    std::string reason = {}; // of an emergency, as the user gave it; untrusted
};

// Called for each event once what it tells is written, and before private halves are removed. A run that was ended in
// between does not tell of it again. Faults: those of the log; the run then fails with them.
Status record_rotation(Session& session, const RotationEvent& event);

} // namespace jwtdomain::cli
