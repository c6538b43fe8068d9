// Key files by themselves, outside of any policy: made, and converted between formats.
#pragma once

#include <optional>
#include <string>

#include "cli/app/session.h"
#include "cli/keygen/options.h"
#include "cli/keygen/report.h"
#include "jwtdomain/jwt/keyfile.h"

namespace jwtdomain::cli {

// What --format says of the key's format; nullopt if it only says how to report. Faults: usage (two of them).
Result<std::optional<KeyFormat>> key_format_of(const CommonOptions& common);

// keygen --out, and keygen --from --out. Writes the file, or the key to standard output for "-".
Result<KeyReport> make_key_file(Session& session, const KeygenOptions& options);
Result<KeyReport> convert_key_file(Session& session, const KeygenOptions& options);

} // namespace jwtdomain::cli
