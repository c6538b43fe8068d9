// Internal: small things that the files of this room share.
// Internal: not installed.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"

namespace jwtdomain::store::posix {

// Names of files that are put into place once they are complete.
constexpr std::string_view kTemporaryBegin = ".jwtdomain-", kTemporaryEnd = ".tmp";

// Owns a file descriptor.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int fd) : fd_(fd) {}
    Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
    Descriptor& operator=(Descriptor&& other) noexcept;
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor();

    explicit operator bool() const { return fd_ >= 0; }
    int get() const { return fd_; }
    int release();
    bool close(); // false if the system says that something was lost; errno is set

private:
    int fd_ = -1;
};

// An error about a file. `message` is without the path, which goes to Error::where.
tl::unexpected<Error> file_error(Fault fault, const std::string& path, std::string message, std::string hint = {});

// The same, from errno: not_found where the file or a directory on the way is missing, else unreadable.
tl::unexpected<Error> system_error(const std::string& path, int error_number, std::string_view what);

// Refuses what the system would misread: an empty path, and a NUL in one.
Status check_path(const std::string& path);

std::string parent_of(const std::string& path); // "." for a bare name; "/" for "/x"
std::string name_of(const std::string& path);   // empty if it ends in '/'

// Makes `path` and its missing parents with `mode` (as changed by umask). Directories that exist are left alone.
Status make_directories(const std::string& path, unsigned mode);

// For a shell: as it is if that is safe, else in single quotes.
std::string shell_word(const std::string& text);

} // namespace jwtdomain::store::posix
