// Configurations of gateways from the file system: files, folders, standard input.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/session.h"
#include "jwtdomain/gateway/gateway.h"
#include "jwtdomain/policy/load.h"

namespace jwtdomain::cli {

// Of a file, of standard input ("-"), or of all files below a folder that lie together, for each type of them. `place`
// may select a part: "k8s#namespace=prod" (gateway::parse_place). `type` names the importer, or is empty. What cannot
// be read is among the answers, so that it does not stop the others. Faults: those of reading the place itself;
// no_input if there is nothing in it for any importer.
Result<std::vector<gateway::Reading>> read_configurations(Session& session, const policy::Reader& files,
                                                          const std::string& place, std::string_view type);

// The same, as verifiers of a domain of the policy, with the places of key files as those of the policy are. What
// cannot be read becomes a verifier that is opaque, and is reported.
std::vector<policy::DeclaredVerifier> read_verifiers(Session& session, const policy::Reader& files,
                                                     const policy::Policy& policy, const std::string& domain,
                                                     const std::string& place, std::string_view type);

// Places of key files are written from the folder of the configuration: makes them absolute, or relative to the
// policy's directory if they lie below it.
void place_keys(policy::DeclaredVerifier& verifier, const std::string& directory, const std::string& policy);

// Adds them to the policy's: each of `words` is DOMAIN=PATH. They are verifiers as those of the policy are, but for
// what is known of them. Faults: those of require_domain.
Status add_configurations(Session& session, const policy::Reader& files, const std::vector<std::string>& words,
                          const std::optional<std::string>& type, policy::Policy& policy);

// Is each DOMAIN=PATH, and is there one if a type is given? Faults: usage.
Status check_configurations(const std::vector<std::string>& words, const std::optional<std::string>& type,
                            const std::string& command);

} // namespace jwtdomain::cli
