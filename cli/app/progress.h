// How far a long run has come: one line on standard error that is written over, if that is a terminal; else nothing.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "cli/app/session.h"

namespace jwtdomain::cli {

// Its functions may be called by several threads.
class Progress {
public:
    // Silent for --quiet and for a terminal that can go back to no line's beginning (TERM=dumb). The session must
    // outlive it.
    explicit Progress(Session& session);
    ~Progress(); // as clear()
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    // Nothing in the first half second, and ten times a second at most. `what` is untrusted, and is cut to the line.
    void show(std::size_t done, std::size_t all, const std::string& what);
    // The same in other words; they are ours, or escaped.
    void tell(const std::string& words);
    // Takes the line away, so that a report can follow.
    void clear();

private:
    bool is_time();
    void write(const std::string& head, const std::string& what);
    World& world_;
    std::string name_;
    bool on_ = false, shown_ = false;
    std::int64_t next_ = 0; // in milliseconds of the world
    std::mutex mutex_;
};

} // namespace jwtdomain::cli
