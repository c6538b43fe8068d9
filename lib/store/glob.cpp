#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <memory>
#include <sys/stat.h>

#include "jwtdomain/base/wildcard.h"
#include "jwtdomain/store/files.h"
#include "jwtdomain/store/posix.h"

namespace jwtdomain::store {
namespace {

using posix::file_error;
using posix::system_error;

constexpr std::size_t kMaxEntries = 1'000'000; // looked at in one call
constexpr std::size_t kMaxDepth = 128;         // directories

using Pattern = std::vector<std::string>; // its names; "**" is any number of directories

// Places in the patterns that the path so far leads to: (pattern, index of the name to match next).
struct State {
    std::size_t pattern, name;
    bool operator==(const State& other) const { return pattern == other.pattern && name == other.name; }
};
using States = std::vector<State>;

// Whether a name of a pattern says that files are meant: "*.yaml".
bool has_extension(const std::string& name) {
    const std::size_t dot = name.find_last_of('.');
    return dot != std::string::npos && dot > 0 && dot + 1 < name.size() &&
           name.find_first_of("*?", dot) == std::string::npos;
}

class Walk {
public:
    explicit Walk(std::vector<Pattern> patterns) : patterns_(std::move(patterns)) {}

    Status run(const std::string& directory) {
        States states;
        for (std::size_t i = 0; i < patterns_.size(); ++i) add(states, {i, 0});
        return visit(directory, states, 0);
    }
    std::vector<std::string> take() {
        std::sort(found_.begin(), found_.end());
        return std::move(found_);
    }

private:
    // Of nothing, "**" is one reading.
    void add(States& states, State state) const {
        if (std::find(states.begin(), states.end(), state) != states.end()) return;
        states.push_back(state);
        if (patterns_[state.pattern][state.name] == "**") add(states, {state.pattern, state.name + 1});
    }

    Status visit(const std::string& directory, const States& states, std::size_t depth) {
        if (depth > kMaxDepth) return file_error(Fault::limit, directory, "directories are nested too deep here");
        const std::unique_ptr<DIR, int (*)(DIR*)> stream(opendir(directory.c_str()), closedir);
        if (!stream) return system_error(directory, errno, "cannot list the directory");
        for (;;) {
            errno = 0;
            const dirent* const entry = readdir(stream.get()); // NOLINT(concurrency-mt-unsafe): a stream of our own
            if (entry == nullptr) break;
            const std::string name = entry->d_name;
            if (name == "." || name == "..") continue;
            if (++entries_ > kMaxEntries) return file_error(Fault::limit, directory, "there are too many files here");
            if (const Status seen = look_at(directory, name, states, depth); !seen) return seen;
        }
        if (errno != 0) return system_error(directory, errno, "cannot list the directory");
        return {};
    }

    Status look_at(const std::string& directory, const std::string& name, const States& states, std::size_t depth) {
        bool wanted = false, only_file = false;
        States by_name, by_any; // by_any: through "**", which does not follow links to directories
        for (const State& state : states) {
            const Pattern& pattern = patterns_[state.pattern];
            if (pattern[state.name] == "**") {
                if (name.front() != '.') add(by_any, state);
            } else if (wildcard::name_matches(pattern[state.name], name)) {
                if (state.name + 1 == pattern.size()) {
                    wanted = true;
                    only_file = only_file || has_extension(pattern[state.name]);
                } else {
                    add(by_name, {state.pattern, state.name + 1});
                }
            }
        }
        if (!wanted && by_name.empty() && by_any.empty()) return {};
        const std::string path = (directory == "/" ? "" : directory) + "/" + name;
        struct stat info {};
        if (lstat(path.c_str(), &info) != 0)
            return errno == ENOENT ? Status{} : system_error(path, errno, "cannot look at it");
        const bool link = S_ISLNK(info.st_mode);
        if (link && !wanted && by_name.empty()) return {};
        if (link && stat(path.c_str(), &info) != 0) {
            // Not passed over: what it should have led to might have made the difference.
            if (wanted)
                return file_error(Fault::unreadable, path, "it is a link that leads nowhere", "repair or remove it");
            return {};
        }
        if (wanted && S_ISREG(info.st_mode)) found_.push_back(path);
        if (!S_ISDIR(info.st_mode)) return {};
        if (only_file)
            return file_error(Fault::unreadable, path, "it is a directory, but named like the files that are read here",
                              "rename it, or move it away");
        if (!link) {
            for (const State& state : by_any) add(by_name, state);
        }
        return by_name.empty() ? Status{} : visit(path, by_name, depth + 1);
    }

    std::vector<Pattern> patterns_;
    std::vector<std::string> found_;
    std::size_t entries_ = 0;
};

} // namespace

Result<std::vector<std::string>> glob(const std::string& directory, const std::vector<std::string>& patterns) {
    if (const Status good = posix::check_path(directory); !good) return fail(good.error());
    std::vector<Pattern> split_patterns;
    for (const std::string& text : patterns) {
        Result<Pattern> pattern = wildcard::split_path(text);
        if (!pattern) return fail(pattern.error());
        split_patterns.push_back(std::move(*pattern));
    }
    const std::size_t last = directory.find_last_not_of('/');
    Walk walk(std::move(split_patterns));
    const Status done = walk.run(last == std::string::npos ? "/" : directory.substr(0, last + 1));
    if (!done) return fail(done.error());
    return walk.take();
}

} // namespace jwtdomain::store
