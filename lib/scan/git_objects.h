// What `git cat-file --batch` writes, object by object.
// Internal: not installed.
#pragma once

#include <optional>
#include <string>

#include "jwtdomain/scan/git.h"
#include "jwtdomain/store/git.h"

namespace jwtdomain::scan {

std::optional<GitKind> git_kind(std::string_view name);

// A digest in hexadecimal, of SHA-1 or SHA-256.
bool is_object_id(std::string_view text);

class GitObjects {
public:
    explicit GitObjects(store::Process process) : process_(std::move(process)) {}

    struct Head {
        std::string id;
        std::optional<GitKind> kind; // nullopt: it is missing, or broken
        std::uint64_t size = 0;
    };
    // The next one; what was not read of the one before is passed over. nullopt: there is none, or git has ended too
    // early, which end() tells. Faults: retry (stopped), invalid.
    Result<std::optional<Head>> next();
    // Of what next() gave, as long as it is the last that it gave.
    Input content();
    // Did it all come?
    bool cut() const { return cut_; }
    Result<store::Process::End> end() { return process_.end(); }

private:
    Result<bool> fill();
    Result<std::size_t> take(char* to, std::size_t size);
    store::Process process_;
    std::string buffer_;
    std::size_t at_ = 0;     // in the buffer
    std::uint64_t left_ = 0; // of this object's content, with the newline behind it
    bool cut_ = false;
};

// What a program writes, cut at each `end`.
class GitRecords {
public:
    GitRecords(store::Process& process, char end) : process_(process), end_(end) {}
    // False at the end. Faults: those of Process::read, limit.
    Result<bool> next(std::string& out);

private:
    store::Process& process_;
    char end_;
    std::string buffer_;
    std::size_t at_ = 0;
};

} // namespace jwtdomain::scan
