// Work that several threads do beside each other, while what comes of it is taken in the order in which it was given.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace jwtdomain::cli {

// One piece of it. Nothing of it is called by two threads at once.
class Unit {
public:
    Unit() = default;
    Unit(const Unit&) = delete;
    Unit& operator=(const Unit&) = delete;
    virtual ~Unit() = default;

    // What needs no order, on the thread of that number. `wait` returns when everything that was given before has been
    // settled: what holds too much may wait, and then needs to hold nothing.
    virtual void work(std::size_t thread, const std::function<void()>& wait) = 0;
    // Called when no other may be at work beside it any more: all that it holds is to be given away, after `wait`.
    virtual void before_alone(const std::function<void()>& wait) { wait(); }
    // What needs it, afterwards: when everything that was given before has been settled.
    virtual void settle(std::size_t thread) = 0;
};

class Turns {
public:
    // `threads` besides the one that gives the units, whose number is 0; without any, it does all of it.
    explicit Turns(unsigned threads);
    Turns(const Turns&) = delete;
    Turns& operator=(const Turns&) = delete;
    ~Turns(); // after what was given is done

    // Units that are there at once, at the most.
    std::size_t window() const { return window_; }

    // Waits while too many are not settled; `idle` is called now and then meanwhile, by the caller's thread. That has a
    // scan::AtWork if there are others.
    void give(std::unique_ptr<Unit> unit, const std::function<void()>& idle);
    // Waits until everything is settled.
    void drain(const std::function<void()>& idle);

private:
    struct Given {
        std::uint64_t number = 0;
        std::unique_ptr<Unit> unit;
    };
    void run(std::size_t thread);
    void done(std::size_t thread, Given given);
    void wait_for_turn(std::uint64_t number);
    template <class Holds> void wait_until(const Holds& holds, const std::function<void()>& idle);

    std::size_t window_ = 1;
    std::mutex mutex_;
    std::condition_variable wake_, settled_;
    std::deque<Given> queue_;
    std::map<std::uint64_t, std::unique_ptr<Unit>> done_; // whose turn has not come
    std::uint64_t given_ = 0, next_ = 0;                  // next_: whose turn it is
    bool settling_ = false, closed_ = false;
    std::vector<std::thread> threads_;
};

} // namespace jwtdomain::cli
