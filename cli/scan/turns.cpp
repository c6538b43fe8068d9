#include "cli/scan/turns.h"

#include <algorithm>
#include <chrono>

#include "jwtdomain/scan/memory_limit.h"

namespace jwtdomain::cli {

Turns::Turns(unsigned threads) {
    // Each may hold open files.
    window_ = threads == 0 ? 1 : std::min<std::size_t>(3 * std::size_t{threads} + 2, 48);
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this, i] { run(i + 1); });
}

Turns::~Turns() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) thread.join();
}

// Whoever waits is not at work: others may want to be alone.
template <class Wait> static void away(const Wait& wait) {
    scan::AtWork* const work = scan::AtWork::of_this_thread();
    if (work) work->leave();
    wait();
    if (work) work->enter();
}

template <class Holds> void Turns::wait_until(const Holds& holds, const std::function<void()>& idle) {
    constexpr std::chrono::milliseconds kNowAndThen(50);
    std::unique_lock lock(mutex_);
    if (holds()) return;
    while (!settled_.wait_for(lock, kNowAndThen, holds)) {
        lock.unlock();
        if (idle) idle();
        lock.lock();
    }
}

void Turns::give(std::unique_ptr<Unit> unit, const std::function<void()>& idle) {
    if (threads_.empty()) {
        unit->work(0, [] {});
        unit->settle(0);
        return;
    }
    away([&] { wait_until([&] { return given_ - next_ < window_; }, idle); });
    {
        const std::lock_guard lock(mutex_);
        queue_.push_back({given_++, std::move(unit)});
    }
    wake_.notify_one();
}

void Turns::drain(const std::function<void()>& idle) {
    away([&] { wait_until([&] { return given_ == next_ && !settling_; }, idle); });
}

void Turns::run(std::size_t thread) {
    for (;;) {
        Given given;
        {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return closed_ || !queue_.empty(); });
            if (queue_.empty()) return;
            given = std::move(queue_.front());
            queue_.pop_front();
        }
        const std::function<void()> wait = [&, number = given.number] { wait_for_turn(number); };
        scan::AtWork at_work([&] { given.unit->before_alone(wait); });
        given.unit->work(thread, wait);
        at_work.share();
        done(thread, std::move(given));
    }
}

// All that were given before were taken by some thread before, so that they need no other to get done.
void Turns::wait_for_turn(std::uint64_t number) {
    away([&] {
        std::unique_lock lock(mutex_);
        settled_.wait(lock, [&] { return next_ == number; });
    });
}

// Whoever is done first of those whose turn has come settles for the others, too.
void Turns::done(std::size_t thread, Given given) {
    std::unique_lock lock(mutex_);
    done_.emplace(given.number, std::move(given.unit));
    if (settling_) return;
    settling_ = true;
    for (auto first = done_.find(next_); first != done_.end(); first = done_.find(next_)) {
        const std::unique_ptr<Unit> unit = std::move(first->second);
        done_.erase(first);
        lock.unlock();
        unit->settle(thread);
        lock.lock();
        ++next_;
        settled_.notify_all();
    }
    settling_ = false;
    settled_.notify_all();
}

} // namespace jwtdomain::cli
