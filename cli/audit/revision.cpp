#include "cli/audit/revision.h"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "cli/app/policy.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/base/wildcard.h"
#include "jwtdomain/store/files.h"
#include "jwtdomain/store/git.h"

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxFile = 8u << 20; // as of files on disk
constexpr std::size_t kMaxOutput = 256u << 20;
constexpr std::size_t kLongestName = 1000;

// git takes one name a line; and none begins with '-' (git-check-ref-format), as an option does.
bool could_be_revision(std::string_view name) {
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    return !name.empty() && name.front() != '-' && name.size() <= kLongestName &&
           std::none_of(name.begin(), name.end(), is_control);
}

std::string below(const std::string& directory, const std::string& name) {
    return directory.empty() ? name : directory + "/" + name;
}

Result<std::string> run_git(const std::string& directory, const std::vector<std::string>& words,
                            std::string_view input) {
    return store::Git(directory, store::Git::Where::or_above, {}).ask(words, input, kMaxOutput);
}

Error not_understood() { return {.fault = Fault::unreadable, .message = "the answer of git cannot be understood"}; }

Error unreadable(const std::string& path, std::string why) {
    return {.fault = Fault::unreadable, .message = std::move(why), .where = {path}};
}

} // namespace

Result<std::string> Revision::git(const std::vector<std::string>& words, std::string_view input) const {
    return run_git(tree_, words, input);
}

// The names go in on standard input, where none can be taken for an option.
Result<std::vector<Revision::Object>> Revision::objects(Ask what, const std::vector<std::string>& names) const {
    std::string input;
    for (const std::string& name : names) input += name + "\n";
    const auto output = what == Ask::type ? git({"cat-file", "--batch-check"}, input)
                                          : git({"cat-file", "--batch", "--follow-symlinks"}, input);
    if (!output) return tl::unexpected(output.error());
    std::string_view rest = *output;
    std::vector<Object> out;
    for (const std::string& name : names) {
        std::string_view line = take_until(rest, '\n');
        Object& object = out.emplace_back();
        for (const char* none : {"missing", "ambiguous"}) {
            if (line == name + " " + none) object.type = none;
        }
        if (!object.type.empty()) continue;
        // "ID TYPE SIZE", or "TYPE SIZE" of a link that leads to nothing, whose path follows.
        const std::string_view first = take_until(line, ' '), second = take_until(line, ' ');
        const bool is_object = !line.empty();
        object.type = is_object ? second : first;
        if (is_object) object.id = first;
        if (is_object && what == Ask::type) continue;
        const std::string_view number = is_object ? line : second;
        std::size_t size = 0;
        const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), size);
        if (error != std::errc() || end != number.data() + number.size() || size >= rest.size())
            return fail(not_understood());
        object.content = rest.substr(0, size);
        rest.remove_prefix(size + 1);
    }
    return out;
}

Result<Revision> Revision::open(const std::string& name, const std::string& tree, const std::string& directory) {
    Revision revision(name, tree);
    if (const Status found = revision.find_commit(); !found) return fail(found.error());
    if (const Status found = revision.find_policy(directory); !found) return fail(found.error());
    return revision;
}

Status Revision::find_commit() {
    const Error unknown{.fault = Fault::not_found,
                        .message = name_ + " is neither a directory with a policy nor a revision of " + tree_,
                        .hint = "name a directory, or a branch, tag or commit; in CI it may have to be fetched "
                                "first: git fetch origin main"};
    if (!could_be_revision(name_)) return fail(unknown);
    auto found = objects(Ask::type, {name_});
    if (found && found->front().type == "tag") found = objects(Ask::type, {found->front().id + "^{commit}"});
    if (!found) return fail(found.error());
    if (found->front().type != "commit") return fail(unknown);
    id_ = found->front().id;
    return {};
}

Status Revision::find_policy(const std::string& directory) {
    place_ = fs::path(directory).lexically_relative(tree_).generic_string();
    if (place_ == ".") place_.clear();
    directory_ = name_ + ":" + place_;
    const auto found = objects(Ask::type, {id_ + ":" + below(place_, "policy.yaml"), //
                                           id_ + ":" + below(place_, "policy.json")});
    if (!found) return fail(found.error());
    const bool there = std::any_of(found->begin(), found->end(), [](const Object& o) { return o.type == "blob"; });
    if (there) return {};
    return fail(Error{.fault = Fault::no_input,
                      .message = "the revision " + name_ + " has no policy at " + below(place_, "policy.yaml"),
                      .hint = "if it was elsewhere: git worktree add /tmp/old " + id_.substr(0, 12) +
                              " && jwtdomain audit diff /tmp/old/DIRECTORY"});
}

std::string Revision::path_in_tree(const std::string& path) const {
    std::string inside;
    if (path.rfind(directory_, 0) == 0) {
        std::string rest = path.substr(directory_.size());
        rest.erase(0, rest.find_first_not_of('/'));
        inside = fs::path(below(place_, rest)).lexically_normal().generic_string();
    } else {
        inside = fs::path(path).lexically_normal().lexically_relative(tree_).generic_string();
    }
    return inside == ".." || inside.rfind("../", 0) == 0 ? "" : inside;
}

Status Revision::remember(const std::vector<std::string>& paths) const {
    std::vector<std::string> names;
    names.reserve(paths.size());
    for (const std::string& path : paths) names.push_back(id_ + ":" + path);
    auto found = objects(Ask::content, names);
    if (!found) return fail(found.error());
    for (std::size_t i = 0; i < paths.size(); ++i) known_[paths[i]] = std::move((*found)[i]);
    return {};
}

Result<std::string> Revision::read(const std::string& path) const {
    const std::string inside = path_in_tree(path);
    if (inside.empty()) {
        const bool relative = path.rfind(directory_, 0) == 0; // it leaves the work tree upwards
        const fs::path outside =
            relative ? fs::path(tree_) / place_ / ("./" + path.substr(directory_.size())) : fs::path(path);
        return store::read_file(outside.lexically_normal().string(), kMaxFile);
    }
    if (inside.find('\n') != std::string::npos) return fail(unreadable(path, "a name of a file with a newline in it"));
    if (known_.count(inside) == 0) {
        if (const Status done = remember({inside}); !done) return fail(done.error());
    }
    const Object& object = known_.at(inside);
    if (object.type == "missing" || object.type == "notdir")
        return fail(Error{.fault = Fault::not_found, .message = "there is no such file", .where = {path}});
    if (object.type == "symlink") return fail(unreadable(path, "it is a link that leads out of the revision"));
    if (object.type != "blob") return fail(unreadable(path, "it is no file there: " + object.type));
    if (object.content.size() > kMaxFile)
        return fail(Error{.fault = Fault::limit, .message = "it is larger than 8 MiB", .where = {path}});
    return object.content;
}

Result<std::vector<std::string>> Revision::glob(const std::string& directory,
                                                const std::vector<std::string>& patterns) const {
    for (const std::string& pattern : patterns) {
        if (const auto good = wildcard::split_path(pattern); !good) return tl::unexpected(good.error());
    }
    const bool own = directory == directory_ || directory == directory_ + "/";
    const std::string inside = own ? place_ : path_in_tree(directory);
    if (!own && inside.empty()) return store::glob(directory, patterns); // it has no history
    const auto listed = git({"ls-tree", "-r", "-z", "--full-tree", id_ + (inside.empty() ? "" : ":" + inside)}, {});
    if (!listed) return tl::unexpected(listed.error());
    std::vector<std::string> out, paths;
    std::string_view rest = *listed;
    while (!rest.empty()) {
        std::string_view entry = take_until(rest, '\0');
        const std::string_view mode = take_until(entry, ' ');
        take_until(entry, '\t');
        const std::string name(entry);
        const auto matches = [&](const std::string& pattern) { return wildcard::path_matches(pattern, name); };
        if (!std::any_of(patterns.begin(), patterns.end(), matches)) {
            // Links to directories are followed on disk; what is behind this one might make the difference.
            if (mode == "120000" && name.find('\n') == std::string::npos) paths.push_back(below(inside, name));
            continue;
        }
        if (name.find('\n') != std::string::npos)
            return fail(unreadable(below(directory, name), "a name of a file with a newline in it"));
        out.push_back(below(directory, name));
        paths.push_back(below(inside, name));
    }
    if (const Status done = remember(paths); !done) return fail(done.error());
    for (const std::string& path : paths) {
        if (known_.at(path).type == "tree")
            return fail(Error{.fault = Fault::unsupported,
                              .message = "a link to a directory is not followed in a revision",
                              .where = {name_ + ":" + path},
                              .hint = "check the revision out, and name its directory"});
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::optional<TreeState> tree_state(const std::string& directory) {
    if (store::git_work_tree_of(directory).empty()) return std::nullopt;
    const auto head = run_git(directory, {"rev-parse", "--verify", "--quiet", "HEAD"}, {});
    if (!head) return std::nullopt;
    const auto changes = run_git(directory, {"status", "--porcelain", "--", "."}, {});
    return TreeState{.head = head->substr(0, head->find('\n')), .modified = !changes || !changes->empty()};
}

policy::Reader Revision::reader() const {
    return {.read = [this](const std::string& path) { return read(path); },
            .glob = [this](const std::string& directory,
                           const std::vector<std::string>& patterns) { return glob(directory, patterns); }};
}

} // namespace jwtdomain::cli
