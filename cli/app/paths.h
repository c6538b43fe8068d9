// Names of files as they stand in reports. Nothing here touches the file system.
#pragma once

#include <string>

namespace jwtdomain::cli {

// From that directory: "domains/prod.yaml"; "../x" for what is not below it.
std::string path_from(const std::string& directory, const std::string& file);

// The same, for a file below the directory, so that reports are alike on every machine; of others the path as it is.
std::string path_if_below(const std::string& directory, const std::string& file);

} // namespace jwtdomain::cli
