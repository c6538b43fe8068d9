// Configurations of gateways from the file system: files, folders, standard input.
#pragma once

#include <string>
#include <vector>

#include "cli/app/session.h"
#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/policy/load.h"

namespace jwtdomain::cli {

struct Configuration {
    std::string file; // as it was found; "standard input" for "-"
    Result<gateway::Import> import;
};

// A file; "-", standard input; or every file below a folder that some importer recognises. `type` names the importer,
// or is empty. What cannot be read is among the answers, so that it does not stop the others. Faults:
// those of reading the place itself; no_input if there is nothing in it for any importer.
Result<std::vector<Configuration>> read_configurations(Session& session, const policy::Reader& files,
                                                       const std::string& place, std::string_view type);

// The same, as verifiers of a domain. What cannot be read becomes a verifier that is opaque, and is reported.
std::vector<policy::DeclaredVerifier> read_verifiers(Session& session, const policy::Reader& files,
                                                     const std::string& domain, const std::string& place,
                                                     std::string_view type);

} // namespace jwtdomain::cli
