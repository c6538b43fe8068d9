#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "jwtdomain/store/files.h"
#include "jwtdomain/store/posix.h"

namespace jwtdomain::store {
namespace {

using posix::Descriptor;
using posix::file_error;
using posix::system_error;

constexpr const char* kCannotWrite = "cannot write it";

// Of writing, a missing directory on the way is a failure to write like any other.
tl::unexpected<Error> write_error(const std::string& path, int error_number, std::string_view what = kCannotWrite) {
    tl::unexpected<Error> error = system_error(path, error_number, what);
    error.value().fault = Fault::unreadable;
    return error;
}

bool write_all(int fd, std::string_view content) {
    while (!content.empty()) {
        const ssize_t put = write(fd, content.data(), content.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) return false;
        content.remove_prefix(static_cast<std::size_t>(put));
    }
    return true;
}

// A file that exists only until this object goes, unless it was put into place.
class Temporary {
public:
    static Result<Temporary> make(int directory, const std::string& path, mode_t mode) {
        std::array<unsigned char, 8> random{};
        if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size()))
            return write_error(path, errno);
        Temporary made;
        made.name_ = posix::kTemporaryBegin;
        for (const unsigned char octet : random) {
            made.name_ += "0123456789abcdef"[octet >> 4];
            made.name_ += "0123456789abcdef"[octet & 15];
        }
        made.name_ += posix::kTemporaryEnd;
        made.fd_ = Descriptor(
            openat(directory, made.name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
        if (!made.fd_) return write_error(path, errno);
        made.directory_ = directory;
        return made;
    }
    Temporary(Temporary&& other) noexcept
        : fd_(std::move(other.fd_)), name_(std::move(other.name_)), directory_(std::exchange(other.directory_, -1)) {}
    Temporary& operator=(Temporary&&) = delete;
    ~Temporary() {
        if (directory_ >= 0) unlinkat(directory_, name_.c_str(), 0);
    }

    bool fill(std::string_view content) { return write_all(fd_.get(), content) && fsync(fd_.get()) == 0; }
    int get() const { return fd_.get(); }
    bool close() { return fd_.close(); }

    bool place(const std::string& name, Existing existing) {
        if (existing == Existing::replace) {
            if (renameat(directory_, name_.c_str(), directory_, name.c_str()) != 0) return false;
        } else if (renameat2(directory_, name_.c_str(), directory_, name.c_str(), RENAME_NOREPLACE) != 0) {
            if (errno != EINVAL && errno != ENOSYS)
                return false; // else a file system that cannot: a hard link does the same
            if (linkat(directory_, name_.c_str(), directory_, name.c_str(), 0) != 0) return false;
            unlinkat(directory_, name_.c_str(), 0);
        }
        directory_ = -1;
        return true;
    }

private:
    Temporary() = default;
    Descriptor fd_;
    std::string name_;
    int directory_ = -1;
};

tl::unexpected<Error> exists(const std::string& path) {
    return file_error(Fault::conflict, path, "it exists already and is left as it is",
                      "choose another path, or move it away");
}

struct Target {
    std::string path;                    // after following links
    std::optional<struct stat> existing; // of a regular file that is replaced
    bool device = false;                 // a pipe, terminal or device, written to directly
};

Result<Target> find_target(const std::string& path, Existing existing, bool is_private) {
    if (const Status good = posix::check_path(path); !good) return fail(good.error());
    if (posix::name_of(path).empty())
        return file_error(Fault::unreadable, path, "it names a directory, not a file", "name a file in it");
    Target target{.path = path, .existing = std::nullopt};
    struct stat info {};
    if (lstat(path.c_str(), &info) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return target; // what is missing is made, or named, later
        return write_error(path, errno);
    }
    if (S_ISDIR(info.st_mode))
        return file_error(Fault::unreadable, path, "it is a directory, not a file", "name a file in it");
    if (existing == Existing::refuse) return exists(path);
    if (is_private && !S_ISREG(info.st_mode)) {
        return file_error(Fault::conflict, path,
                          "it is a link or a device; a private file is only written to a regular file",
                          "give the path of the file itself");
    }
    if (S_ISLNK(info.st_mode)) {
        char* const resolved = realpath(path.c_str(), nullptr);
        if (resolved == nullptr || stat(resolved, &info) != 0) {
            const int error_number = errno;
            free(resolved);
            return write_error(path, error_number, "cannot follow the link");
        }
        target.path = resolved;
        free(resolved);
        if (S_ISDIR(info.st_mode))
            return file_error(Fault::unreadable, path, "it is a directory, not a file", "name a file in it");
    }
    target.device = !S_ISREG(info.st_mode);
    if (!target.device) target.existing = info;
    return target;
}

Status write_device(const std::string& path, std::string_view content) {
    Descriptor fd(open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
    if (!fd || !write_all(fd.get(), content) || !fd.close()) return write_error(path, errno);
    return {};
}

// The new file gets the mode, and as far as we may the owner, of the one that it replaces.
bool inherit(int fd, const struct stat& old) {
    struct stat now {};
    if (fstat(fd, &now) != 0) return false;
    mode_t mode = old.st_mode & 0777;
    const bool other_owner = now.st_uid != old.st_uid || now.st_gid != old.st_gid;
    if (other_owner && fchown(fd, old.st_uid, old.st_gid) != 0) mode &= ~(now.st_gid == old.st_gid ? 0u : 070u);
    return fchmod(fd, mode) == 0;
}

Status write(const std::string& path, std::string_view content, Existing existing, bool is_private) {
    const Result<Target> target = find_target(path, existing, is_private);
    if (!target) return fail(target.error());
    if (target->device) return write_device(target->path, content);

    const std::string parent = posix::parent_of(target->path);
    if (const Status made = posix::make_directories(parent, is_private ? 0700 : 0777); !made) return made;
    const Descriptor directory(open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory) return write_error(parent, errno, "cannot open the directory");

    Result<Temporary> temporary = Temporary::make(directory.get(), path, is_private ? 0600 : 0666);
    if (!temporary) return fail(temporary.error());
    if (is_private && fchmod(temporary->get(), 0600) != 0) return write_error(path, errno);
    if (!is_private && target->existing && !inherit(temporary->get(), *target->existing))
        return write_error(path, errno);
    if (!temporary->fill(content) || !temporary->close()) return write_error(path, errno);
    if (!temporary->place(posix::name_of(target->path), existing)) {
        if (errno == EEXIST) return exists(path);
        return write_error(path, errno);
    }
    // Some file systems cannot sync a directory and say EINVAL; then there is nothing more to do.
    if (fsync(directory.get()) != 0 && errno == EIO)
        return write_error(path, errno, "it was written, but may not outlive a crash");
    return {};
}

} // namespace

Status write_file(const std::string& path, std::string_view content, Existing existing) {
    return write(path, content, existing, false);
}

Status check_private_place(const std::string& path) {
    if (const Status good = posix::check_path(path); !good) return good;
    const std::string tree = git_work_tree_of(path);
    if (tree.empty()) return {};
    return file_error(Fault::conflict, path, "a private file is not written inside the git work tree " + tree,
                      "choose a path outside it, such as below ~/.local/state/jwtdomain");
}

Status check_new_private_file(const std::string& path) {
    if (const Status good = check_private_place(path); !good) return good;
    struct stat info {};
    return lstat(path.c_str(), &info) == 0 ? Status(exists(path)) : Status();
}

Status write_private_file(const std::string& path, std::string_view content, Existing existing) {
    if (const Status good = check_private_place(path); !good) return good;
    return write(path, content, existing, true);
}

} // namespace jwtdomain::store
