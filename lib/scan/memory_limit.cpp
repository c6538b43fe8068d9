#include "jwtdomain/scan/memory_limit.h"

#include <cstdlib>
#include <fcntl.h>
#include <shared_mutex>
#include <unistd.h>
#include <utility>

#include "jwtdomain/store/posix.h"

namespace jwtdomain::scan {
namespace {

std::shared_mutex at_work;
thread_local AtWork* own_work = nullptr;

} // namespace

AtWork::AtWork(std::function<void()> before_alone) : before_alone_(std::move(before_alone)) {
    at_work.lock_shared();
    own_work = this;
}

AtWork::~AtWork() {
    leave();
    own_work = nullptr;
}

AtWork* AtWork::of_this_thread() { return own_work; }

void AtWork::be_alone() {
    if (state_ == State::alone) return;
    if (before_alone_) before_alone_();
    leave();
    at_work.lock();
    state_ = State::alone;
}

void AtWork::share() {
    if (state_ == State::shared) return;
    leave();
    enter();
}

void AtWork::leave() {
    if (state_ == State::shared) at_work.unlock_shared();
    if (state_ == State::alone) at_work.unlock();
    state_ = State::away;
}

void AtWork::enter() {
    at_work.lock_shared();
    state_ = State::shared;
}

MemoryLimit::MemoryLimit(std::uint64_t most) {
    if (most == 0 || ::getrlimit(RLIMIT_DATA, &before_) != 0 || before_.rlim_cur <= most) return;
    rlimit lower = before_;
    lower.rlim_cur = most;
    set_ = ::setrlimit(RLIMIT_DATA, &lower) == 0;
}

MemoryLimit::~MemoryLimit() {
    if (set_) ::setrlimit(RLIMIT_DATA, &before_);
}

std::uint64_t private_memory() {
    const store::posix::Descriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
    char text[256] = {};
    if (!file || ::read(file.get(), text, sizeof text - 1) <= 0) return 0;
    constexpr int kData = 5; // fields before it: size, resident, shared, text, lib (proc(5))
    char* at = text;
    for (int i = 0; i < kData; ++i) std::strtoull(at, &at, 10);
    return std::strtoull(at, &at, 10) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace jwtdomain::scan
