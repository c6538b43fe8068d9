// A witness taken apart: what the token has in each field, what the path asks for there, and what asking for more would
// change.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/audit/report.h"

namespace jwtdomain::cli {

struct WitnessField {
    std::string name;      // "iss", "header typ"
    std::string has;       // as JSON, in ASCII; empty: the token has no such field
    std::string now, then; // what the path asks for, and what it would; empty: nothing hangs on this field
    std::string stops;     // "stops replay, insider"
    bool smallest = false; // the smallest fix
};

// Of a crossing with a witness: first the fields that a remedy is known for, then the rest of the token. Empty without
// a witness. Not escaped.
std::vector<WitnessField> witness_fields(const AuditReport::CrossingRow& row);

} // namespace jwtdomain::cli
