// How fast a probe asks, and how long.
#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cli/app/world.h"
#include "jwtdomain/probe/target.h"

namespace jwtdomain::cli {

struct PaceLimits {
    unsigned of_one_origin = 4;   // requests at the same time
    std::optional<unsigned> rate; // requests a second of each origin
    Seconds total = 3600;         // from the making of the Pace
};

// May be asked by several threads.
class Pace {
public:
    Pace(const World& world, PaceLimits limits);

    // Why nothing is asked any more: a signal has come, or the time is up. Empty: it is.
    std::string stopped() const;

    // Waits for a turn at the origin. False if it is stopped before; else leave() ends it.
    bool enter(const std::string& origin);
    void leave(const std::string& origin);

private:
    using Clock = std::chrono::steady_clock;
    struct Origin {
        unsigned busy = 0;
        Clock::time_point next; // request
    };
    const World& world_;
    PaceLimits limits_;
    Clock::time_point end_;
    std::mutex mutex_;
    std::condition_variable left_;
    std::map<std::string, Origin> origins_;
};

// The door, asked no faster than that. `pace` must outlive it.
std::unique_ptr<probe::Door> paced(std::unique_ptr<probe::Door> door, std::string origin, Pace& pace);

} // namespace jwtdomain::cli
