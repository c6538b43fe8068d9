#include "jwtdomain/scan/git_history.h"

#include <charconv>
#include <memory>
#include <unordered_set>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/scan/git_objects.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kMostNamed = 2000; // objects in a command line

struct Change {
    std::string_view object;
    GitKind kind = GitKind::blob;
    bool counts = false;
};

// ":MODE MODE ID ID STATUS", of a merge with a colon, a mode and an id for each parent: gitdiffcore(7), "combined". The
// last mode and the last id are of what the commit has.
Change change_of(std::string_view record) {
    std::size_t parents = 0;
    while (parents < record.size() && record[parents] == ':') ++parents;
    record.remove_prefix(parents);
    std::string_view mode;
    for (std::size_t i = 0; i <= parents; ++i) mode = take_until(record, ' ');
    Change out;
    for (std::size_t i = 0; i <= parents; ++i) out.object = take_until(record, ' ');
    out.kind = mode == "040000" ? GitKind::tree : GitKind::blob;
    out.counts = is_object_id(out.object) && mode != "160000" && mode != "000000"; // a submodule's, what is gone
    return out;
}

} // namespace

Result<GitHistory> GitHistory::open(const store::Git& git, const std::string& directory, const GitSince& since) {
    GitHistory out(git, directory);
    out.since_ = since.time;
    if (since.revision.empty()) return out;
    const auto found = git.ask({"rev-parse", "--verify", "--quiet", "--end-of-options", since.revision + "^{commit}"});
    if (found) out.without_ = found->substr(0, found->find('\n'));
    if (!is_object_id(out.without_))
        return fail(Fault::usage, "there is no revision " + escape_text(since.revision) + " in it");
    return out;
}

std::vector<std::string> GitHistory::range(const std::vector<std::string>& words) const {
    std::vector<std::string> out{"rev-list", "--all", "--reflog"};
    out.insert(out.end(), words.begin(), words.end());
    if (!without_.empty()) out.push_back("^" + without_);
    out.emplace_back("--");
    return out;
}

bool GitHistory::counts(std::string_view timestamp) const {
    if (!since_) return true;
    Time when = 0;
    std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), when);
    return when >= *since_;
}

Status GitHistory::walk(Commits which, const std::vector<std::string>& only, bool trees,
                        const HistoryEvents& events) const {
    const bool all = which == Commits::all;
    // "TIMESTAMP ID", or "TYPE ID"
    auto commits = git_.start(all ? std::vector<std::string>{"cat-file", "--batch-all-objects", "--unordered",
                                                             "--batch-check=%(objecttype) %(objectname)"}
                                  : range({"--timestamp"}));
    if (!commits) return fail(commits.error());
    GitRecords lines(*commits, '\n');
    const store::GitFeed feed = store::feed_of([&](std::string& out) {
        std::string line;
        for (;;) {
            const auto more = lines.next(line);
            if (!more || !*more) return false;
            std::string_view commit = line;
            const std::string_view first = take_until(commit, ' ');
            if (all ? first != "commit" : !counts(first)) continue;
            out = std::string(commit) + "\n";
            return true;
        }
    });
    std::vector<std::string> words{"diff-tree", "--stdin", "--always",     "-c",          "-r",
                                   "--root",    "--raw",   "--no-renames", "--no-abbrev", "-z"};
    if (trees) words.emplace_back("-t");
    const bool named = !only.empty() && only.size() <= kMostNamed;
    if (named) {
        for (const std::string& object : only) words.push_back("--find-object=" + object);
    }
    const std::unordered_set<std::string> wanted(only.begin(), only.end());
    auto changes = git_.start(words, feed);
    if (!changes) return fail(changes.error());
    GitRecords records(*changes, '\0');
    std::string record, path, commit;
    for (;;) {
        const auto more = records.next(record);
        if (!more) return fail(more.error());
        if (!*more) break;
        if (record.empty()) continue;
        if (record.front() != ':') {
            commit = record;
            events.commit(commit);
            continue;
        }
        const auto named_so = records.next(path);
        if (!named_so) return fail(named_so.error());
        const Change change = change_of(record);
        if (change.counts && (wanted.empty() || wanted.count(std::string(change.object)) > 0))
            events.brings(commit, change.object, change.kind, path);
    }
    for (store::Process* const each : {&*commits, &*changes}) {
        const auto end = each->end();
        if (!end) return fail(end.error());
        if (const std::string why = store::git_complaint(*end, directory_); !why.empty()) events.gap(why);
    }
    return {};
}

Status GitHistory::roots(const std::function<void(const std::string&, const std::string&)>& root) const {
    auto commits = git_.start(range({"--timestamp", "--pretty=tformat:%T"}));
    if (!commits) return fail(commits.error());
    GitRecords lines(*commits, '\n');
    std::string line, tree;
    for (;;) { // "TIMESTAMP commit ID", and its tree
        const auto more = lines.next(line);
        if (!more) return fail(more.error());
        if (!*more) break;
        std::string_view rest = line;
        const std::string_view timestamp = take_until(rest, ' ');
        if (take_until(rest, ' ') != "commit") continue;
        const auto next = lines.next(tree);
        if (!next) return fail(next.error());
        if (counts(timestamp) && is_object_id(tree)) root(std::string(rest), tree);
    }
    return {};
}

Result<std::vector<GitHistory::Reference>> GitHistory::references() const {
    const auto text = git_.ask({"for-each-ref", "--format=%(objectname) %(objecttype) %(*objectname) %(refname)"});
    if (!text) return tl::unexpected(text.error());
    std::vector<Reference> out;
    std::string_view rest = *text;
    while (!rest.empty()) {
        std::string_view line = take_until(rest, '\n');
        Reference& each = out.emplace_back();
        each.object = take_until(line, ' ');
        each.kind = git_kind(take_until(line, ' ')).value_or(GitKind::commit);
        each.peeled = take_until(line, ' ');
        each.name = line;
    }
    return out;
}

Status GitHistory::index(const Entry& entry) const { return listed({"ls-files", "-s", "-z", "--full-name"}, entry); }

Status GitHistory::tree(const std::string& name, const Entry& entry) const {
    return listed({"ls-tree", "-r", "-z", "--full-tree", name}, entry);
}

// "MODE [TYPE] ID [STAGE]\tPATH"
Status GitHistory::listed(const std::vector<std::string>& words, const Entry& entry) const {
    auto process = git_.start(words);
    if (!process) return fail(process.error());
    GitRecords records(*process, '\0');
    std::string record;
    for (;;) {
        const auto more = records.next(record);
        if (!more) return fail(more.error());
        if (!*more) break;
        std::string_view path = record;
        std::string_view fields = take_until(path, '\t');
        while (!fields.empty()) {
            const std::string_view field = take_until(fields, ' ');
            if (is_object_id(field)) entry(std::string(field), std::string(path));
        }
    }
    const auto end = process->end();
    if (!end) return fail(end.error());
    if (std::string why = store::git_complaint(*end, directory_); !why.empty())
        return fail(Fault::unreadable, std::move(why));
    return {};
}

} // namespace jwtdomain::scan
