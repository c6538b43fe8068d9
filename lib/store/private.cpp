#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include "jwtdomain/store/files.h"
#include "jwtdomain/store/posix.h"

namespace jwtdomain::store {

std::string git_work_tree_of(const std::string& path) {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error);
    if (error) return {};
    fs::path place = fs::weakly_canonical(absolute, error);
    if (error) place = absolute.lexically_normal();
    for (;; place = place.parent_path()) {
        struct stat info {};
        // A directory, or a file that points to one (a linked work tree, a submodule).
        if (lstat((place / ".git").c_str(), &info) == 0) return place.string();
        if (!place.has_relative_path()) return {};
    }
}

Status make_private_directory(const std::string& path) {
    if (const Status good = posix::check_path(path); !good) return good;
    if (const Status made = posix::make_directories(path, 0700); !made) return made;
    struct stat info {};
    if (stat(path.c_str(), &info) != 0) return posix::system_error(path, errno, "cannot use the directory");
    if ((info.st_mode & 077) != 0) {
        return posix::file_error(Fault::invalid, path, "others may enter this directory of private files",
                                 "chmod 700 " + posix::shell_word(path));
    }
    if (info.st_uid != geteuid() && info.st_uid != 0) {
        return posix::file_error(Fault::invalid, path, "this directory of private files belongs to another user",
                                 "use a directory of your own");
    }
    return {};
}

} // namespace jwtdomain::store
