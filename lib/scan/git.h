// Reading all that a repository of git holds, through git itself: every object, also those that no branch leads to,
// each once; and where in the history what was found in them stands. Nothing of the repository is run, and nothing is
// fetched or written.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

enum class GitKind : std::uint8_t { blob, tree, commit, tag };
std::string_view name_of(GitKind kind); // "blob"

// Where an object stands.
struct GitPlace {
    std::string object; // its id, in hexadecimal
    GitKind kind = GitKind::blob;
    std::string commit;     // of a blob: the oldest that brings it to this path, or one that nothing leads to
    std::string path;       // of a blob: below the root of the work tree
    std::string reference;  // "refs/tags/v1": what names a tag, or leads to a blob of no commit
    bool in_index = false;  // a blob of no commit, which is staged
    bool reachable = false; // from a reference, a reflog or the index

    // As git show takes it: "0123456789ab:src/app.js", ":src/app.js" (staged), "refs/tags/v1", "0123456789ab".
    std::string name() const;
};

// The history since then alone: what its commits bring, their messages, and their tags.
struct GitSince {
    std::optional<Time> time;
    std::string revision; // what leads to this is left out; empty: nothing is
    bool any() const { return time || !revision.empty(); }
};

struct GitOptions {
    GitSince since;
    std::vector<std::string> exclude; // as WalkOptions; of paths below the root of the work tree
    std::function<bool()> stop = {};
};

struct GitEvents {
    // Whether there is anything in an object. What it does not read is passed over.
    std::function<bool(const Input& content)> look;
    // The content of an object in which there is something, for each place of it, in the order of their names.
    std::function<void(const GitPlace& place, const Input& content)> found;
    // What could not be read: an object's id, or nothing: the repository; with the reason.
    std::function<void(const std::string& object, std::string_view detail)> gap;
};

struct GitTotals {
    std::uint64_t objects = 0;
};

// `directory` is the root of a work tree, or a repository. Faults: not_found (there is no git), unreadable (git does
// not take it for a repository that it may read: why), usage (there is no such revision), limit.
Result<GitTotals> scan_repository(const std::string& directory, const GitOptions& options, const GitEvents& events);

// What tells repositories apart that keep their objects in different places. Faults: as scan_repository.
Result<std::string> object_directory(const std::string& directory);

struct GitStaged {
    std::string directory; // of the work tree, or below it
    // GIT_DIR, GIT_INDEX_FILE and the like, as a hook gets them.
    std::vector<std::pair<std::string, std::string>> variables = {};
};
// The content of what is staged and differs from the last commit: of each file its path, from the root of the work
// tree. Faults: as scan_repository.
Result<GitTotals> scan_staged(const GitStaged& staged, const GitOptions& options,
                              const std::function<void(const std::string& path, const Input& content)>& file);

} // namespace jwtdomain::scan
