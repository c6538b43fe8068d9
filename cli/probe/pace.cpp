#include "cli/probe/pace.h"

#include <algorithm>
#include <thread>

namespace jwtdomain::cli {
namespace {

constexpr std::chrono::milliseconds kLook{50}; // how often it is looked whether it is stopped

class PacedDoor final : public probe::Door {
public:
    PacedDoor(std::unique_ptr<probe::Door> door, std::string origin, Pace& pace)
        : door_(std::move(door)), origin_(std::move(origin)), pace_(pace) {}

    probe::Answer ask(const std::string& token, bool in_query) override {
        if (!pace_.enter(origin_)) return {probe::Outcome::failed, pace_.stopped()};
        const Turn turn{*this};
        return door_->ask(token, in_query);
    }
    bool has_query() const override { return door_->has_query(); }
    probe::Way way(bool in_query) const override { return door_->way(in_query); }

private:
    struct Turn {
        PacedDoor& door;
        ~Turn() { door.pace_.leave(door.origin_); }
    };

    std::unique_ptr<probe::Door> door_;
    std::string origin_;
    Pace& pace_;
};

} // namespace

Pace::Pace(const World& world, PaceLimits limits)
    : world_(world), limits_(limits), end_(Clock::now() + std::chrono::seconds(limits.total)) {}

std::string Pace::stopped() const {
    if (world_.interrupted() != 0) return "stopped";
    if (Clock::now() >= end_) return "the time for all is up (" + format_duration(limits_.total) + ")";
    return {};
}

bool Pace::enter(const std::string& name) {
    Clock::time_point at;
    {
        std::unique_lock lock(mutex_);
        Origin& origin = origins_[name];
        while (origin.busy >= limits_.of_one_origin) {
            if (!stopped().empty()) return false;
            left_.wait_for(lock, kLook);
        }
        ++origin.busy;
        at = std::max(Clock::now(), origin.next);
        if (limits_.rate)
            origin.next = at + std::chrono::duration_cast<Clock::duration>(std::chrono::seconds(1)) / *limits_.rate;
    }
    for (auto left = at - Clock::now(); left.count() > 0; left = at - Clock::now()) {
        if (!stopped().empty()) {
            leave(name);
            return false;
        }
        std::this_thread::sleep_for(std::min<Clock::duration>(left, kLook));
    }
    return true;
}

void Pace::leave(const std::string& name) {
    {
        const std::lock_guard lock(mutex_);
        --origins_[name].busy;
    }
    left_.notify_all();
}

std::unique_ptr<probe::Door> paced(std::unique_ptr<probe::Door> door, std::string origin, Pace& pace) {
    return std::make_unique<PacedDoor>(std::move(door), std::move(origin), pace);
}

} // namespace jwtdomain::cli
