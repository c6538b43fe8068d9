/* For LD_PRELOAD: kills the process (SIGKILL, as a crash would) just before the call number $STOP_AT that changes a file,
   and writes the number of calls to $STOP_COUNT when it ends by itself. Standard streams do not count. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int calls;

static void step(void) {
    const char *at = getenv("STOP_AT");
    if (at && ++calls == atoi(at)) kill(getpid(), SIGKILL);
}

__attribute__((destructor)) static void tell(void) {
    const char *path = getenv("STOP_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    fprintf(file, "%d", calls);
    fclose(file);
}


ssize_t write(int fd, const void *data, size_t size) {
    if (fd > 2) step();
    return ((ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write"))(fd, data, size);
}
int fsync(int fd) { step(); return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd); }
int unlink(const char *path) { step(); return ((int (*)(const char *))dlsym(RTLD_NEXT, "unlink"))(path); }
int remove(const char *path) { step(); return ((int (*)(const char *))dlsym(RTLD_NEXT, "remove"))(path); }
int unlinkat(int at, const char *path, int flags) {
    step();
    return ((int (*)(int, const char *, int))dlsym(RTLD_NEXT, "unlinkat"))(at, path, flags);
}
int renameat(int from, const char *old, int to, const char *new) {
    step();
    return ((int (*)(int, const char *, int, const char *))dlsym(RTLD_NEXT, "renameat"))(from, old, to, new);
}
int renameat2(int from, const char *old, int to, const char *new, unsigned flags) {
    step();
    return ((int (*)(int, const char *, int, const char *, unsigned))dlsym(RTLD_NEXT, "renameat2"))(from, old, to, new, flags);
}
