#include "jwtdomain/store/lines.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "jwtdomain/store/posix.h"

namespace jwtdomain::store {
namespace {

// Whether it may be written to: ours, and nobody else's.
Status check_private(int fd, const std::string& path) {
    struct stat info {};
    if (fstat(fd, &info) != 0) return posix::system_error(path, errno, "cannot use it");
    if (!S_ISREG(info.st_mode))
        return posix::file_error(Fault::invalid, path, "it is not a regular file", "name a regular file");
    if (info.st_uid != geteuid())
        return posix::file_error(Fault::invalid, path, "it belongs to another user", "use a file of your own");
    if ((info.st_mode & 077) != 0)
        return posix::file_error(Fault::invalid, path, "others may read or write it",
                                 "chmod 600 " + posix::shell_word(path));
    return {};
}

Result<std::string> read_up_to(int fd, const std::string& path, std::size_t size) {
    std::string out(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const ssize_t more = pread(fd, out.data() + got, size - got, static_cast<off_t>(got));
        if (more < 0 && errno == EINTR) continue;
        if (more < 0) return posix::system_error(path, errno, "cannot read it");
        if (more == 0) break;
        got += static_cast<std::size_t>(more);
    }
    out.resize(got);
    return out;
}

} // namespace

Result<PrivateLines> PrivateLines::open(const std::string& path) {
    if (const Status good = posix::check_path(path); !good) return tl::unexpected(good.error());
    if (const Status made = posix::make_directories(posix::parent_of(path), 0700); !made)
        return tl::unexpected(made.error());
    // Without O_NONBLOCK the opening of a FIFO would wait.
    constexpr int kFlags = O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    posix::Descriptor fd(::open(path.c_str(), kFlags, 0600));
    if (!fd && errno == ELOOP)
        return posix::file_error(Fault::invalid, path, "it is a link", "give the path of the file itself");
    if (!fd) {
        tl::unexpected<Error> error = posix::system_error(path, errno, "cannot write it");
        error.value().fault = Fault::unreadable;
        return error;
    }
    if (const Status good = check_private(fd.get(), path); !good) return tl::unexpected(good.error());
    if (flock(fd.get(), LOCK_EX | LOCK_NB) != 0)
        return posix::file_error(Fault::retry, path, "another process is writing it", "wait until it has ended");
    return PrivateLines(fd.release(), path);
}

PrivateLines::PrivateLines(PrivateLines&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}

PrivateLines::~PrivateLines() {
    if (descriptor_ >= 0) close(descriptor_);
}

Result<std::string> PrivateLines::read(std::size_t limit) const {
    auto out = read_up_to(descriptor_, path_, limit + 1);
    if (out && out->size() > limit)
        return posix::file_error(Fault::limit, path_,
                                 "it is larger than " + std::to_string(limit) + " octets, the most that is read");
    return out;
}

Result<std::string> PrivateLines::read_start(std::size_t size) const { return read_up_to(descriptor_, path_, size); }

Status PrivateLines::keep(std::size_t size) const {
    if (ftruncate(descriptor_, static_cast<off_t>(size)) != 0)
        return posix::system_error(path_, errno, "cannot write it");
    return {};
}

Status PrivateLines::append(std::string line) const {
    line += '\n';
    for (std::string_view rest = line; !rest.empty();) {
        const ssize_t put = write(descriptor_, rest.data(), rest.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return posix::system_error(path_, errno, "cannot write it");
        rest.remove_prefix(static_cast<std::size_t>(put));
    }
    return {};
}

} // namespace jwtdomain::store
