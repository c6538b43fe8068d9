// Making a gateway's configuration out of the policy, and holding it against the policy before it is shown.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/session.h"
#include "jwtdomain/gateway/export.h"

namespace jwtdomain::cli {

struct ExportOptions {
    std::optional<std::string> to, domain, resource, keys_url, key_directory, write_keys;
    std::vector<std::string> allow_loss;
};

struct ExportReport {
    std::string target, domain;
    gateway::Exported made;
};

// Faults: those of the policy; unsupported, with what to change, if the target would refuse the domain's own tokens, or
// cannot enforce something that is not among `allow_loss`; internal if what was made is not read back as it was meant.
Result<ExportReport> make_export(Session& session, const ExportOptions& options);

std::string to_json(const ExportReport& report);

} // namespace jwtdomain::cli
