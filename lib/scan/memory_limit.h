// A bound on what a library may allocate, for those that take what a file asks for.
#pragma once

#include <cstdint>
#include <functional>
#include <sys/resource.h>

namespace jwtdomain::scan {

// Held by each of several threads that scan, and by whoever gives them what to scan, while it does anything but wait.
// What must be alone in the process, because it bounds the memory of all, waits until no other is there. One a thread.
class AtWork {
public:
    // `before_alone`: what is to be done before it waits for the others; may be empty.
    explicit AtWork(std::function<void()> before_alone = {});
    AtWork(const AtWork&) = delete;
    AtWork& operator=(const AtWork&) = delete;
    ~AtWork();

    // That of this thread; nullptr: there is none, and no other thread either.
    static AtWork* of_this_thread();

    void be_alone(); // until it goes, or share()
    void share();
    void leave(); // to wait for others
    void enter();

private:
    enum class State : std::uint8_t { away, shared, alone };
    std::function<void()> before_alone_;
    State state_ = State::shared;
};

// Internal. As long as it is there, the process may have no more private memory than `most` octets (RLIMIT_DATA): more
// is refused, with ENOMEM, to every thread. So no code of ours may run meanwhile.
class MemoryLimit {
public:
    explicit MemoryLimit(std::uint64_t most);
    MemoryLimit(const MemoryLimit&) = delete;
    MemoryLimit& operator=(const MemoryLimit&) = delete;
    ~MemoryLimit();

private:
    rlimit before_{};
    bool set_ = false;
};

// Private memory that the process has, in octets; 0 if that cannot be told.
std::uint64_t private_memory();

} // namespace jwtdomain::scan
