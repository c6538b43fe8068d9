// Internal: a bound on what a library may allocate, for those that take what a file asks for.
#pragma once

#include <cstdint>
#include <sys/resource.h>

namespace jwtdomain::scan {

// As long as it is there, the process may have no more private memory than `most` octets (RLIMIT_DATA): more is
// refused, with ENOMEM, to every thread. So no code of ours may run meanwhile.
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
