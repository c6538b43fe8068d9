// The commits of a repository, and what each of them brings.
// Internal: not installed.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/scan/git.h"
#include "jwtdomain/store/git.h"

namespace jwtdomain::scan {

struct HistoryEvents {
    std::function<void(const std::string& commit)> commit;
    // An object that stands at this path since that commit: none of its parents has it there.
    std::function<void(const std::string& commit, std::string_view object, GitKind kind, const std::string& path)>
        brings;
    std::function<void(std::string_view detail)> gap;
};

class GitHistory {
public:
    // Faults: usage (there is no such revision), those of Git.
    static Result<GitHistory> open(const store::Git& git, const std::string& directory, const GitSince& since);

    enum class Commits {
        reachable, // those that a reference, a reflog or a work tree leads to, from the newest to the oldest
        all,       // that there are, in no order
    };
    // With `only`, no other objects are told of. Faults: those of Git.
    Status walk(Commits which, const std::vector<std::string>& only, bool trees, const HistoryEvents& events) const;

    // The trees of the commits themselves, which walk() does not tell of. Faults: those of Git.
    Status roots(const std::function<void(const std::string& commit, const std::string& tree)>& root) const;

    struct Reference {
        std::string object, peeled, name; // peeled: what a tag is of; of others empty
        GitKind kind = GitKind::commit;
    };
    Result<std::vector<Reference>> references() const;
    // What is staged, or in the tree of that name.
    using Entry = std::function<void(const std::string& object, const std::string& path)>;
    Status index(const Entry& entry) const;
    Status tree(const std::string& name, const Entry& entry) const;

private:
    GitHistory(const store::Git& git, std::string directory) : git_(git), directory_(std::move(directory)) {}
    Status listed(const std::vector<std::string>& words, const Entry& entry) const;
    std::vector<std::string> range(const std::vector<std::string>& words) const;
    bool counts(std::string_view timestamp) const;

    const store::Git& git_;
    std::string directory_;
    std::optional<Time> since_;
    std::string without_; // a commit
};

} // namespace jwtdomain::scan
