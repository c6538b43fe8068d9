// The file system, for what must not be lost or leaked: whole-file reading with a limit, atomic writing, private files,
// and the directory of private state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"

namespace jwtdomain::store {

// Links are followed. A pipe is read only where the path names a descriptor that somebody opened for us (/dev/fd/N,
// /dev/stdin), as in <(command). Faults: usage (an empty path, a NUL in it), not_found, unreadable (also a directory or
// special file), limit.
Result<std::string> read_file(const std::string& path, std::size_t limit);

// As read_file, into wiped memory; refuses a file that group or others may read or write (invalid, with the chmod to
// type).
Result<SecretBytes> read_private_file(const std::string& path, std::size_t limit);

// For a file that only its content shows to be private or public: as read_file, into wiped memory, with what
// read_private_file would have refused.
struct GuardedContent {
    SecretBytes octets;
    Status closed; // to others
};
Result<GuardedContent> read_guarded_file(const std::string& path, std::size_t limit);

enum class Existing { refuse, replace };

// Writes a temporary file beside `path`, syncs it, and renames or links it into place, so that a reader sees the old
// content or the new, never a part; an error leaves what was there. Missing parent directories are made. Faults:
// conflict (Existing::refuse), unreadable.
Status write_file(const std::string& path, std::string_view content, Existing existing);

// As write_file with mode 0600, created so from the start, and parents with 0700. Refuses (conflict) a path inside a
// git work tree, and to replace anything but a regular file.
Status write_private_file(const std::string& path, std::string_view content, Existing existing);

// What write_private_file would refuse (conflict) of a path at which nothing may be yet: asked before long work whose
// result is to go there.
Status check_new_private_file(const std::string& path);
// The same of a path whose file is to be replaced.
Status check_private_place(const std::string& path);

// The innermost git work tree that holds `path` (which need not exist yet), or empty.
std::string git_work_tree_of(const std::string& path);

// Makes a directory with mode 0700, and its parents. If it exists, refuses (invalid) one that others may read or enter,
// and one of another user.
Status make_private_directory(const std::string& path);

// Regular files below `directory` whose path relative to it matches one of `patterns`: '*' and '?' (one character) stay
// inside a name, "**/" is any number of directories. None of them matches a leading dot. The answers begin with
// `directory`; each stands once, sorted by octets. Links to files are followed, and links to directories except by
// "**/", so that loops end. Faults: invalid (a pattern with "..", or absolute), not_found and unreadable (`directory`,
// one below it, a matching link that leads nowhere, a directory that matches a name like "*.yaml"), limit.
Result<std::vector<std::string>> glob(const std::string& directory, const std::vector<std::string>& patterns);

} // namespace jwtdomain::store
