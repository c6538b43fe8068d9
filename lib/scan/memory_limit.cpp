#include "jwtdomain/scan/memory_limit.h"

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

#include "jwtdomain/store/posix.h"

namespace jwtdomain::scan {

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
