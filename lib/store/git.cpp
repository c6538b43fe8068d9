#include "jwtdomain/store/git.h"

#include <algorithm>
#include <climits>
#include <cstdlib>
#include <memory>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::store {
namespace {

std::string real_path(const std::string& path) {
    char* const found = ::realpath(path.c_str(), nullptr);
    const std::string out = found ? found : path;
    std::free(found); // NOLINT: realpath's
    return out;
}

std::string above(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string::npos || slash == 0 ? "/" : path.substr(0, slash);
}

} // namespace

Git::Git(std::string directory, Where where, std::function<bool()> stop,
         std::vector<std::pair<std::string, std::string>> variables)
    : directory_(std::move(directory)), where_(where), variables_(std::move(variables)), stop_(std::move(stop)) {}

Result<Process> Git::start(const std::vector<std::string>& words, GitFeed feed) const {
    ProcessOptions options;
    // What is set here comes before what the repository says of itself.
    options.words = {"git",
                     "-C",
                     directory_,
                     "--no-pager",
                     "--no-replace-objects",
                     "--literal-pathspecs",
                     "-c",
                     "core.fsmonitor=false",
                     "-c",
                     "core.hooksPath=/dev/null",
                     "-c",
                     "protocol.allow=never"};
    options.words.insert(options.words.end(), words.begin(), words.end());
    options.without = {"GIT_", "LC_", "LANG"};
    // GIT_ALLOW_PROTOCOL: what a partial clone lacks is not fetched, by whatever program its configuration names.
    options.variables = {{"LC_ALL", "C"},
                         {"GIT_ALLOW_PROTOCOL", "none"},
                         {"GIT_NO_LAZY_FETCH", "1"},
                         {"GIT_OPTIONAL_LOCKS", "0"},
                         {"GIT_TERMINAL_PROMPT", "0"},
                         {"GIT_ATTR_NOSYSTEM", "1"}};
    options.variables.insert(options.variables.end(), variables_.begin(), variables_.end());
    if (where_ == Where::here) options.variables.emplace_back("GIT_CEILING_DIRECTORIES", above(real_path(directory_)));
    options.feed = std::move(feed);
    options.stop = stop_;
    auto process = Process::start(std::move(options));
    if (!process && process.error().fault == Fault::not_found)
        return fail(Fault::not_found, "git is not installed, or not in PATH", "install it: apt-get install git");
    return process;
}

Result<std::string> Git::ask(const std::vector<std::string>& words, std::string_view input, std::size_t most) const {
    const GitFeed feed = [&input](char* to, std::size_t size) {
        const std::size_t count = input.copy(to, size);
        input.remove_prefix(count);
        return Result<std::size_t>(count);
    };
    auto process = start(words, input.empty() ? GitFeed() : feed);
    if (!process) return tl::unexpected(process.error());
    std::string out;
    constexpr std::size_t kChunk = 64u << 10;
    for (;;) {
        const std::size_t before = out.size();
        if (before > most) return fail(Fault::limit, "git has more to say than is read of it");
        out.resize(before + kChunk);
        const auto got = process->read(out.data() + before, kChunk);
        out.resize(before + (got ? *got : 0));
        if (!got) return tl::unexpected(got.error());
        if (*got == 0) break;
    }
    const auto end = process->end();
    if (!end) return tl::unexpected(end.error());
    if (std::string why = git_complaint(*end, directory_); !why.empty()) return fail(Fault::unreadable, std::move(why));
    return out;
}

std::string git_complaint(const Process::End& end, const std::string& directory) {
    if (end.said.find("dubious ownership") != std::string::npos)
        return "it belongs to somebody else, so git does not read it; if you trust it: git config --global --add "
               "safe.directory " +
               posix::shell_word(real_path(directory));
    if (end.said.find("safe.bareRepository") != std::string::npos)
        return "git reads no bare repository here, by its setting safe.bareRepository";
    std::string_view rest = end.said;
    std::string line;
    while (!rest.empty() && line.empty()) {
        const std::string_view each = take_until(rest, '\n');
        if (each.starts_with("fatal: ") || each.starts_with("error: ")) line = each;
    }
    constexpr std::size_t kMost = 200;
    if (!line.empty()) return "git: " + escape_text(line, kMost);
    if (end.status == 0) return {};
    return "git failed with status " + std::to_string(end.status);
}

GitFeed feed_of(std::function<bool(std::string& out)> next) {
    const auto pending = std::make_shared<std::string>();
    return [next = std::move(next), pending](char* to, std::size_t size) -> Result<std::size_t> {
        if (pending->empty() && !next(*pending)) return std::size_t{0};
        const std::size_t count = pending->copy(to, size);
        pending->erase(0, count);
        return count;
    };
}

} // namespace jwtdomain::store
