#include "jwtdomain/scan/walk.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

#include "jwtdomain/base/wildcard.h"
#include "jwtdomain/store/posix.h"

namespace jwtdomain::scan {
namespace {

using store::posix::Descriptor;

std::string reason_of(int error_number) { return std::strerror(error_number); }

template <class Read> Result<std::size_t> got_from(Read read) {
    for (;;) {
        const ssize_t got = read();
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) return fail(Fault::unreadable, reason_of(errno));
    }
}

// A pipe that somebody opened for us, as a shell does for <(command). Other FIFOs could keep us waiting for ever.
bool names_open_descriptor(const std::string& path) {
    for (const std::string_view prefix : {"/dev/fd/", "/proc/self/fd/"}) {
        if (path.compare(0, prefix.size(), prefix) == 0) return true;
    }
    return path == "/dev/stdin";
}

struct Name {
    std::string text;
    unsigned char type = DT_UNKNOWN;
};

// `path` is that from the place; `name` its last part.
bool is_excluded_by(const std::vector<std::string>& exclude, std::string_view path, std::string_view name) {
    return std::any_of(exclude.begin(), exclude.end(), [&](const std::string& pattern) {
        if (pattern.find('/') != std::string::npos) return wildcard::path_matches(pattern, path);
        return wildcard::matches(pattern, name, wildcard::Unit::octet);
    });
}

class Walker {
public:
    Walker(const WalkOptions& options, const WalkEvents& events) : options_(options), events_(events) {}

    bool start(const std::string& place) {
        if (place.empty() || place.find('\0') != std::string::npos) {
            events_.gap(place, Gap::unreadable, "no file has such a name");
            return true;
        }
        struct stat info {};
        if (::stat(place.c_str(), &info) != 0) {
            events_.gap(place, Gap::unreadable, reason_of(errno));
            return true;
        }
        const bool pipe = !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode) && names_open_descriptor(place) &&
                          (S_ISFIFO(info.st_mode) || S_ISSOCK(info.st_mode));
        if (!pipe && !S_ISREG(info.st_mode) && !S_ISDIR(info.st_mode)) {
            events_.gap(place, Gap::special, "");
            return true;
        }
        const int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (S_ISDIR(info.st_mode) ? O_DIRECTORY : 0);
        Descriptor opened(::open(place.c_str(), flags | (pipe ? 0 : O_NONBLOCK)));
        if (!opened) {
            events_.gap(place, Gap::unreadable, reason_of(errno));
            return true;
        }
        if (!S_ISDIR(info.st_mode)) return read(std::move(opened), info, place, pipe);
        const bool slash = place.back() == '/';
        root_ = place.size() + (slash ? 0 : 1);
        return directory(std::move(opened), slash ? place : place + "/", 0);
    }

private:
    bool is_excluded(const std::string& path, const std::string& name) const {
        return is_excluded_by(options_.exclude, std::string_view(path).substr(std::min(root_, path.size())), name);
    }

    // `path` ends in '/'.
    bool directory(Descriptor opened, const std::string& path, std::size_t depth) {
        if (depth > options_.depth) {
            events_.gap(path, Gap::too_deep, "");
            return true;
        }
        std::vector<Name> names;
        const int descriptor = opened.get();
        DIR* const stream = ::fdopendir(descriptor);
        if (!stream) {
            events_.gap(path, Gap::unreadable, reason_of(errno));
            return true;
        }
        [[maybe_unused]] const int theirs = opened.release();
        errno = 0;
        while (const dirent* const entry = ::readdir(stream)) {
            const std::string_view name = entry->d_name;
            if (name != "." && name != "..") names.push_back({std::string(name), entry->d_type});
            errno = 0;
        }
        if (errno != 0) events_.gap(path, Gap::unreadable, reason_of(errno));
        std::sort(names.begin(), names.end(), [](const Name& a, const Name& b) { return a.text < b.text; });
        const bool known = is_repository(names) && events_.repository && events_.repository(repository_place(path));
        bool goes_on = true;
        for (const Name& name : names) {
            if (known && name.text == "objects") continue;
            goes_on = entry_of(descriptor, path, name, depth);
            if (!goes_on) break;
        }
        ::closedir(stream);
        return goes_on;
    }

    // As git takes a directory for one.
    static bool is_repository(const std::vector<Name>& names) {
        const auto has = [&](std::string_view wanted) {
            return std::any_of(names.begin(), names.end(), [&](const Name& name) { return name.text == wanted; });
        };
        const bool waits = std::any_of(names.begin(), names.end(), [](const Name& name) {
            return name.text == "HEAD" && name.type != DT_REG && name.type != DT_LNK && name.type != DT_UNKNOWN;
        });
        return has("HEAD") && has("objects") && has("refs") && !waits;
    }

    std::string repository_place(const std::string& path) const {
        constexpr std::string_view kOwn = ".git/";
        const std::size_t above = path.size() - std::min(kOwn.size(), path.size());
        const bool own = above >= root_ && above > 0 && path.substr(above) == kOwn && path[above - 1] == '/';
        return path.substr(0, std::max<std::size_t>(own ? above - 1 : path.size() - 1, 1));
    }

    bool entry_of(int parent, const std::string& directory_path, const Name& name, std::size_t depth) {
        const std::string path = directory_path + name.text;
        if (is_excluded(path, name.text)) {
            if (events_.excluded) events_.excluded(path);
            return true;
        }
        if (name.type == DT_LNK) {
            if (events_.link) events_.link(path);
            return true;
        }
        if (name.type == DT_FIFO || name.type == DT_SOCK || name.type == DT_CHR || name.type == DT_BLK) {
            events_.gap(path, Gap::special, "");
            return true;
        }
        Descriptor opened(
            ::openat(parent, name.text.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW | O_NONBLOCK));
        struct stat info {};
        if (!opened || ::fstat(opened.get(), &info) != 0) {
            if (errno == ELOOP && events_.link) {
                events_.link(path);
                return true;
            }
            events_.gap(path, errno == ENXIO ? Gap::special : Gap::unreadable, reason_of(errno));
            return true;
        }
        if (S_ISDIR(info.st_mode)) return directory(std::move(opened), path + "/", depth + 1);
        if (S_ISREG(info.st_mode)) {
            // Of a work tree whose repository is elsewhere.
            if (name.text == ".git" && events_.repository)
                events_.repository(directory_path.substr(0, std::max<std::size_t>(directory_path.size() - 1, 1)));
            return read(std::move(opened), info, path, false);
        }
        events_.gap(path, Gap::special, "");
        return true;
    }

    struct OpenFile {
        Descriptor descriptor;
        std::uint64_t size = 0, done = 0;
        bool bounded = false, shrank = false;
    };

    bool read(Descriptor opened, const struct stat& info, const std::string& path, bool pipe) {
        // What is appended while it is read is not waited for: it could be our own report.
        const auto size = static_cast<std::uint64_t>(info.st_size);
        const auto file = std::make_shared<OpenFile>(
            OpenFile{.descriptor = std::move(opened), .size = size, .bounded = !pipe && size > 0});
        Input input;
        if (file->bounded) {
            input.size = size;
            input.read_at = [file](std::uint64_t at, char* to, std::size_t room) {
                return got_from([&] { return ::pread(file->descriptor.get(), to, room, static_cast<off_t>(at)); });
            };
        }
        input.read = [file](char* to, std::size_t room) -> Result<std::size_t> {
            constexpr std::size_t kChunk = 1u << 20;
            const std::uint64_t left = file->bounded ? file->size - file->done : kChunk;
            const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>({left, room, kChunk}));
            if (wanted == 0) return std::size_t{0};
            const auto got = got_from([&] { return ::read(file->descriptor.get(), to, wanted); });
            if (got) file->done += *got;
            file->shrank = got && *got == 0 && file->bounded;
            return got;
        };
        input.shrank = [file] { return file->shrank; };
        return events_.file(path, input);
    }

    const WalkOptions& options_;
    const WalkEvents& events_;
    std::size_t root_ = 0; // octets of a path before what is below the place
};

} // namespace

bool walk(const std::string& place, const WalkOptions& options, const WalkEvents& events) {
    return Walker(options, events).start(place);
}

bool is_left_out(const std::vector<std::string>& exclude, std::string_view path) {
    if (exclude.empty()) return false;
    std::size_t begin = 0;
    for (;;) {
        const std::size_t end = path.find('/', begin);
        if (is_excluded_by(exclude, path.substr(0, end), path.substr(begin, end - begin))) return true;
        if (end == std::string_view::npos) return false;
        begin = end + 1;
    }
}

Status check_patterns(const std::vector<std::string>& patterns) {
    for (const std::string& pattern : patterns) {
        if (pattern.empty()) return fail(Fault::usage, "an empty pattern excludes nothing");
        if (pattern.find('/') == std::string::npos) continue;
        if (const auto names = wildcard::split_path(pattern); !names) return fail(names.error());
    }
    return {};
}

} // namespace jwtdomain::scan
