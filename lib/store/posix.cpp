#include "jwtdomain/store/posix.h"

#include <cerrno>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>
#include <utility>

namespace jwtdomain::store::posix {

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    if (this != &other) {
        close();
        fd_ = other.release();
    }
    return *this;
}

Descriptor::~Descriptor() { close(); }

int Descriptor::release() { return std::exchange(fd_, -1); }

bool Descriptor::close() {
    const int fd = release();
    // Not tried again after EINTR: Linux has closed it by then.
    return fd < 0 || ::close(fd) == 0 || errno == EINTR;
}

tl::unexpected<Error> file_error(Fault fault, const std::string& path, std::string message, std::string hint) {
    return fail(Error{.fault = fault, .message = std::move(message), .where = {.file = path}, .hint = std::move(hint)});
}

tl::unexpected<Error> system_error(const std::string& path, int error_number, std::string_view what) {
    const std::string reason = std::generic_category().message(error_number);
    const std::string message = std::string(what) + ": " + reason;
    switch (error_number) {
    case ENOENT:
    case ENOTDIR: return file_error(Fault::not_found, path, message, "check the path");
    case EACCES:
    case EPERM:
        return file_error(Fault::unreadable, path, message,
                          "check its permissions and owner: ls -ld " + shell_word(path));
    case ENOSPC:
    case EDQUOT:
    case EFBIG: return file_error(Fault::unreadable, path, message, "free some space and try again");
    case EROFS: return file_error(Fault::unreadable, path, message, "choose a place that can be written to");
    default: return file_error(Fault::unreadable, path, message);
    }
}

Status check_path(const std::string& path) {
    if (path.empty()) return fail(Fault::usage, "the path of a file is empty", "give a path");
    if (path.find('\0') != std::string::npos) return file_error(Fault::usage, path, "a path cannot hold a NUL");
    return {};
}

std::string parent_of(const std::string& path) {
    const std::size_t slash = path.find_last_of('/');
    if (slash == std::string::npos) return ".";
    const std::size_t last = path.find_last_not_of('/', slash);
    return last == std::string::npos ? "/" : path.substr(0, last + 1);
}

std::string name_of(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

Status make_directories(const std::string& path, unsigned mode) {
    for (std::size_t end = 0; end != std::string::npos;) {
        end = path.find('/', end + 1);
        const std::string part = path.substr(0, end);
        if (mkdir(part.c_str(), mode) == 0) continue;
        const int error_number = errno;
        struct stat info {};
        if (stat(part.c_str(), &info) == 0) {
            if (S_ISDIR(info.st_mode)) continue;
            return file_error(Fault::unreadable, part, "it is not a directory", "choose another path, or move it away");
        }
        return system_error(part, error_number, "cannot make the directory");
    }
    return {};
}

std::string shell_word(const std::string& text) {
    constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./,:@%+=";
    if (!text.empty() && text.front() != '-' && text.find_first_not_of(kSafe) == std::string::npos) return text;
    std::string quoted = "'";
    for (const char c : text) {
        if (c == '\'') {
            quoted += "'\\''";
        } else {
            quoted += c;
        }
    }
    return quoted + "'";
}

} // namespace jwtdomain::store::posix
