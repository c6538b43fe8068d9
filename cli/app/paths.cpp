#include "cli/app/paths.h"

#include <filesystem>

namespace jwtdomain::cli {

namespace fs = std::filesystem;

std::string path_from(const std::string& directory, const std::string& file) {
    return fs::path(file)
        .lexically_normal()
        .lexically_relative(fs::path(directory).lexically_normal())
        .generic_string();
}

std::string path_if_below(const std::string& directory, const std::string& file) {
    const fs::path normal = fs::path(file).lexically_normal();
    if (normal.is_absolute() != fs::path(directory).is_absolute()) return normal.generic_string();
    const fs::path relative = path_from(directory, file);
    const bool below = !relative.empty() && *relative.begin() != "..";
    return (below ? relative : normal).generic_string();
}

} // namespace jwtdomain::cli
