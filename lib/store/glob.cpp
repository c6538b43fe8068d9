#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <memory>
#include <sys/stat.h>

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

bool is_tail(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; } // of a UTF-8 sequence

// '*' and '?' within one name. After a mismatch only the last '*' needs to grow, so this takes |glob| * |name| steps.
bool name_matches(std::string_view glob, std::string_view name) {
    if (name.front() == '.' && (glob.empty() || glob.front() != '.')) return false;
    std::size_t g = 0, n = 0, star = std::string_view::npos, star_end = 0;
    while (n < name.size()) {
        if (g < glob.size() && glob[g] == '*') {
            star = g++;
            star_end = n;
        } else if (g < glob.size() && glob[g] == '?' && !is_tail(name[n])) {
            ++g;
            for (++n; n < name.size() && is_tail(name[n]);) ++n;
        } else if (g < glob.size() && glob[g] == name[n] && glob[g] != '?') {
            ++g;
            ++n;
        } else if (star != std::string_view::npos) {
            g = star + 1;
            n = ++star_end;
        } else {
            return false;
        }
    }
    while (g < glob.size() && glob[g] == '*') ++g;
    return g == glob.size();
}

Result<Pattern> split(const std::string& text) {
    const auto wrong = [&](const char* why) {
        return fail(Fault::invalid, "the pattern '" + text + "' " + why,
                    "write patterns like domains/*.yaml or **/*.json");
    };
    if (text.empty()) return wrong("is empty");
    if (text.front() == '/') return wrong("must not start with '/'");
    if (text.find('\0') != std::string::npos) return wrong("holds a NUL");
    Pattern pattern;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find('/', begin), text.size());
        const std::string name = text.substr(begin, end - begin);
        begin = end + 1;
        if (name == "..") return wrong("must not leave its directory");
        if (name.empty() && end == text.size()) return wrong("must not end with '/'");
        const bool repeated = name == "**" && !pattern.empty() && pattern.back() == "**";
        if (!name.empty() && name != "." && !repeated) pattern.push_back(name);
    }
    if (pattern.empty()) return wrong("names no file");
    if (pattern.back() == "**") pattern.emplace_back("*");
    return pattern;
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
        bool wanted = false;
        States by_name, by_any; // by_any: through "**", which does not follow links to directories
        for (const State& state : states) {
            const Pattern& pattern = patterns_[state.pattern];
            if (pattern[state.name] == "**") {
                if (name.front() != '.') add(by_any, state);
            } else if (name_matches(pattern[state.name], name)) {
                if (state.name + 1 == pattern.size()) {
                    wanted = true;
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
        Result<Pattern> pattern = split(text);
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
