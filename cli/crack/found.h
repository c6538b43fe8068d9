// Secrets that were found, in a private file: a JWK Set, which `triage --key` and `verify --key` read.
#pragma once

#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "cli/crack/tokens.h"
#include "jwtdomain/base/secret.h"

namespace jwtdomain::cli {

class FoundFile {
public:
    // Nothing is written yet. `resumed`: what an earlier run has put there is kept; else the file must not be there.
    // Faults: conflict (it is there; inside of a git work tree), unreadable, invalid.
    static Result<FoundFile> open(const std::string& path, bool resumed);

    // Writes all of them, so that no found secret is lost when the run is ended. Faults: those of write_private_file.
    Status add(const CrackToken& token, std::string_view secret);
    const std::string& path() const { return path_; }
    bool is_there() const { return ours_; } // by this run, or the one that it resumes

private:
    explicit FoundFile(std::string path) : path_(std::move(path)) {}
    std::string path_;
    SecretBytes keys_;  // a line each, separated by commas
    bool ours_ = false; // what is there, we have written
};

} // namespace jwtdomain::cli
