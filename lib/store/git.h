// Running git so that nothing of the repository is run: plumbing alone, no hooks, no pager, no network, and none of our
// environment that would lead it elsewhere. The repository may be hostile; the git in PATH, and what its user has set
// up for all repositories, are trusted.
// Internal: not installed.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/store/process.h"

namespace jwtdomain::store {

using GitFeed = std::function<Result<std::size_t>(char* to, std::size_t size)>;

class Git {
public:
    enum class Where {
        here,     // the directory holds a work tree, or is a repository; none above it is meant
        or_above, // it may be inside of one
    };
    // `variables` are set for git, besides.
    Git(std::string directory, Where where, std::function<bool()> stop,
        std::vector<std::pair<std::string, std::string>> variables = {});

    // Faults: not_found (there is no git), unreadable.
    Result<Process> start(const std::vector<std::string>& words, GitFeed feed = {}) const;
    // All that it writes, up to `most` octets; `input` is what it reads. Faults: as start; unreadable (it failed: why),
    // limit.
    Result<std::string> ask(const std::vector<std::string>& words, std::string_view input = {},
                            std::size_t most = 64u << 20) const;

    bool stopped() const { return stop_ && stop_(); }

private:
    std::string directory_;
    Where where_;
    std::vector<std::pair<std::string, std::string>> variables_;
    std::function<bool()> stop_;
};

// What it complained of, as a sentence for people, and what to do about it; empty: of nothing that matters. `directory`
// is where it ran.
std::string git_complaint(const Process::End& end, const std::string& directory);

// Hands out the pieces of a text, for a feed.
GitFeed feed_of(std::function<bool(std::string& out)> next);

} // namespace jwtdomain::store
