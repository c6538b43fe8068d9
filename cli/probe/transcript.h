// Every question of a probe and its answer, a line each, for who wants to see what was sent. Tokens stand there by the
// digest of what they sign, never as they are; the file is private, since it holds the beginnings of answers.
#pragma once

#include <mutex>
#include <string>

#include "cli/app/world.h"
#include "jwtdomain/probe/run.h"
#include "jwtdomain/store/lines.h"

namespace jwtdomain::cli {

class Transcript {
public:
    // Begins a file, or adds to a transcript. Faults: conflict (it is something else), and those of PrivateLines.
    static Result<std::unique_ptr<Transcript>> open(const std::string& path, const World& world);

    // May be called by several threads.
    void add(const std::string& domain, const std::string& target, const probe::Asked& asked);
    // Whether all could be written.
    Status written() const;

private:
    Transcript(store::PrivateLines lines, const World& world) : lines_(std::move(lines)), world_(world) {}

    store::PrivateLines lines_;
    const World& world_;
    mutable std::mutex mutex_;
    Status written_;
};

// How an answer begins, without the token and whatever else is one, and escaped.
std::string told_body(std::string body, const std::string& token);

} // namespace jwtdomain::cli
