// Reading everything below a place of the file system: what is ignored by others (.gitignore, hidden files) is read,
// links are not followed, and what cannot be read is told.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/scan/gap.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::scan {

struct WalkOptions {
    std::vector<std::string>
        exclude;             // wildcards (base/wildcard.h) for names, or, with a '/', for paths below the place
    std::size_t depth = 256; // of directories
};

struct WalkEvents {
    // The content of a file, which may be read once, now or, as long as somebody holds it, later and by another thread.
    // True to go on.
    std::function<bool(const std::string& path, const Input& content)> file;
    std::function<void(const std::string& path, Gap gap, std::string_view detail)> gap;
    std::function<void(const std::string& path)> link = {}; // inside of a directory; not followed
    std::function<void(const std::string& path)> excluded = {};
    // A repository of git. `place` is where its name in reports comes from: the root of the work tree for its .git,
    // else the repository itself. True if its objects were read: they are passed over then; its other files are not.
    // May be empty.
    std::function<bool(const std::string& place)> repository = {};
};

// `place` is a file or a directory; if it is a link, that is followed. A pipe is read where it names a descriptor that
// somebody opened for us (/dev/fd/N). Names of a directory come in the order of their octets. False if an event said
// so.
bool walk(const std::string& place, const WalkOptions& options, const WalkEvents& events);

// Is this path, or a directory above it, excluded by one of these wildcards?
bool is_left_out(const std::vector<std::string>& exclude, std::string_view path);

// Are these wildcards well-formed? Faults: invalid.
Status check_patterns(const std::vector<std::string>& patterns);

} // namespace jwtdomain::scan
