#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "jwtdomain/store/files.h"
#include "jwtdomain/store/posix.h"
#include "jwtdomain/store/sequential.h"

namespace jwtdomain::store {
namespace {

using posix::Descriptor;
using posix::file_error;
using posix::system_error;

struct Opened {
    Descriptor fd;
    struct stat info {};
};

// A pipe that somebody opened for us, as a shell does for <(command). Other FIFOs could keep us waiting for ever.
bool names_descriptor(const std::string& path) {
    const auto starts = [&](std::string_view prefix) { return path.compare(0, prefix.size(), prefix) == 0; };
    return path == "/dev/stdin" || starts("/dev/fd/") || starts("/proc/self/fd/");
}

Result<Opened> open_for_reading(const std::string& path) {
    if (const Status good = posix::check_path(path); !good) return fail(good.error());
    Opened file;
    // Without O_NONBLOCK the opening itself would wait for the writer of a FIFO.
    file.fd = Descriptor(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.fd || fstat(file.fd.get(), &file.info) != 0) return system_error(path, errno, "cannot read it");
    const mode_t type = file.info.st_mode & S_IFMT;
    if (type == S_IFDIR)
        return file_error(Fault::unreadable, path, "it is a directory, not a file", "name a file in it");
    const bool pipe = type == S_IFIFO && names_descriptor(path);
    if (type != S_IFREG && !pipe)
        return file_error(Fault::unreadable, path, "it is not a regular file", "name a regular file");
    if (pipe && fcntl(file.fd.get(), F_SETFL, 0) != 0) return system_error(path, errno, "cannot read it");
    return file;
}

tl::unexpected<Error> too_large(const std::string& path, std::size_t limit) {
    return file_error(Fault::limit, path,
                      "it is larger than " + std::to_string(limit) + " octets, the most that is read");
}

// Reads to the end. `room(n)` gives a buffer of at least n octets that holds what the last one did.
template <class Room>
Result<std::size_t> read_all(const Opened& file, const std::string& path, std::size_t limit, Room room) {
    const auto announced = static_cast<std::size_t>(std::max<off_t>(file.info.st_size, 0));
    if (announced > limit) return too_large(path, limit);
    std::size_t capacity = std::max<std::size_t>(announced, 1023) + 1; // the one more sees the end without growing
    char* buffer = room(capacity);
    std::size_t size = 0;
    for (;;) {
        const ssize_t got = read(file.fd.get(), buffer + size, capacity - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return system_error(path, errno, "cannot read it");
        if (got == 0) return size;
        size += static_cast<std::size_t>(got);
        if (size > limit) return too_large(path, limit);
        if (size == capacity) buffer = room(capacity *= 2);
    }
}

Status check_closed(const Opened& file, const std::string& path) {
    if ((file.info.st_mode & 077) == 0) return {};
    return file_error(Fault::invalid, path, "others than its owner may read or write this private file",
                      "chmod 600 " + posix::shell_word(path) + ", and replace the key if somebody may have read it");
}

Result<SecretBytes> read_wiped(const Opened& file, const std::string& path, std::size_t limit) {
    SecretBytes content;
    const Result<std::size_t> size = read_all(file, path, limit, [&](std::size_t capacity) {
        SecretBytes larger(capacity);
        if (!content.empty()) std::memcpy(larger.expose_mutable(), content.expose().data(), content.size());
        content = std::move(larger);
        return content.expose_mutable();
    });
    if (!size) return fail(size.error());
    content.truncate(*size);
    return content;
}

} // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit) {
    const Result<Opened> file = open_for_reading(path);
    if (!file) return fail(file.error());
    std::string content;
    const Result<std::size_t> size = read_all(*file, path, limit, [&](std::size_t capacity) {
        content.resize(capacity);
        return content.data();
    });
    if (!size) return fail(size.error());
    content.resize(*size);
    return content;
}

Result<SecretBytes> read_private_file(const std::string& path, std::size_t limit) {
    const Result<Opened> file = open_for_reading(path);
    if (!file) return fail(file.error());
    if (const Status closed = check_closed(*file, path); !closed) return fail(closed.error());
    return read_wiped(*file, path, limit);
}

Result<GuardedContent> read_guarded_file(const std::string& path, std::size_t limit) {
    const Result<Opened> file = open_for_reading(path);
    if (!file) return fail(file.error());
    Result<SecretBytes> content = read_wiped(*file, path, limit);
    if (!content) return fail(content.error());
    return GuardedContent{.octets = std::move(*content), .closed = check_closed(*file, path)};
}

Result<SequentialFile> SequentialFile::open(const std::string& path) {
    auto file = open_for_reading(path);
    if (!file) return fail(file.error());
    const bool regular = S_ISREG(file->info.st_mode);
    const auto size = static_cast<std::uint64_t>(std::max<off_t>(file->info.st_size, 0));
    return SequentialFile(file->fd.release(), path, regular ? std::optional(size) : std::nullopt);
}

SequentialFile::SequentialFile(SequentialFile&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)), size_(other.size_) {}

SequentialFile::~SequentialFile() {
    if (descriptor_ >= 0) close(descriptor_);
}

Result<std::size_t> SequentialFile::read(char* to, std::size_t size) {
    for (;;) {
        const ssize_t got = ::read(descriptor_, to, size);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return system_error(path_, errno, "cannot read it");
    }
}

Status SequentialFile::skip(std::uint64_t size) {
    if (size_) {
        if (lseek(descriptor_, static_cast<off_t>(std::min(size, *size_)), SEEK_CUR) >= 0) return {};
        return system_error(path_, errno, "cannot read it");
    }
    char dropped[65536];
    while (size > 0) {
        const auto got = read(dropped, static_cast<std::size_t>(std::min<std::uint64_t>(size, sizeof dropped)));
        if (!got) return fail(got.error());
        if (*got == 0) break;
        size -= *got;
    }
    return {};
}

} // namespace jwtdomain::store
