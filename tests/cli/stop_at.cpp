// Preloaded into a program, it kills it before the call that is number $STOP_AT of those that change files, as a power
// cut would, at every place, one after the other. A program that ends by itself leaves the number of its calls in the
// file $STOP_COUNT.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

long calls = 0;

void count() {
    static const long stop_at = [] {
        const char* const text = std::getenv("STOP_AT");
        return text ? std::atol(text) : 0;
    }();
    if (stop_at > 0 && ++calls == stop_at) kill(getpid(), SIGKILL);
}

__attribute__((destructor)) void tell() {
    const char* const path = std::getenv("STOP_COUNT");
    std::FILE* const file = path ? std::fopen(path, "w") : nullptr;
    if (!file) return;
    std::fprintf(file, "%ld", calls);
    std::fclose(file);
}

template <class Function> Function next(const char* name) { return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name)); }

} // namespace

#define STOP_BEFORE(result, name, parameters, arguments)                                                               \
    extern "C" result name parameters {                                                                                \
        count();                                                                                                       \
        static auto* const real = next<result(*) parameters>(#name);                                                   \
        return real arguments;                                                                                         \
    }

extern "C" ssize_t write(int fd, const void* from, size_t size) {
    if (fd > 2 || std::getenv("STOP_STREAMS")) count();
    static auto* const real = next<ssize_t (*)(int, const void*, size_t)>("write");
    return real(fd, from, size);
}
STOP_BEFORE(ssize_t, pwrite, (int fd, const void* from, size_t size, off_t at), (fd, from, size, at))
STOP_BEFORE(ssize_t, pwrite64, (int fd, const void* from, size_t size, off64_t at), (fd, from, size, at))
STOP_BEFORE(int, fsync, (int fd), (fd))
STOP_BEFORE(int, fdatasync, (int fd), (fd))
STOP_BEFORE(int, ftruncate, (int fd, off_t size), (fd, size))
STOP_BEFORE(int, ftruncate64, (int fd, off64_t size), (fd, size))
STOP_BEFORE(int, rename, (const char* from, const char* to), (from, to))
STOP_BEFORE(int, renameat, (int a, const char* from, int b, const char* to), (a, from, b, to))
STOP_BEFORE(int, renameat2, (int a, const char* from, int b, const char* to, unsigned flags), (a, from, b, to, flags))
STOP_BEFORE(int, linkat, (int a, const char* from, int b, const char* to, int flags), (a, from, b, to, flags))
STOP_BEFORE(int, unlink, (const char* path), (path))
STOP_BEFORE(int, unlinkat, (int directory, const char* path, int flags), (directory, path, flags))
STOP_BEFORE(int, mkdir, (const char* path, mode_t mode), (path, mode))
