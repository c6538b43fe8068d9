// What a commit would take in: few objects, so that a hook before each commit is not felt.
#include "jwtdomain/base/text.h"
#include "jwtdomain/scan/git.h"
#include "jwtdomain/scan/git_objects.h"
#include "jwtdomain/scan/walk.h"

namespace jwtdomain::scan {
namespace {

struct StagedFile {
    std::string path, object;
};

// ":MODE MODE ID ID STATUS", then the path.
Result<std::vector<StagedFile>> staged_files(const store::Git& git, const GitOptions& options) {
    // Without a commit, all of the index.
    const auto text = git.ask({"diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff",
                               "--no-textconv", "--no-color", "--no-relative", "--diff-filter=ACMRT"});
    if (!text) { // outside of a repository it takes itself for another program
        const auto there = git.ask({"rev-parse", "--git-dir"});
        return tl::unexpected(there ? text.error() : there.error());
    }
    std::vector<StagedFile> out;
    for (std::string_view rest = *text; !rest.empty();) {
        std::string_view record = take_until(rest, '\0');
        const std::string_view path = take_until(rest, '\0');
        take_until(record, ' ');
        const std::string_view mode = take_until(record, ' ');
        take_until(record, ' ');
        const std::string_view object = take_until(record, ' ');
        if (!is_object_id(object)) return fail(Fault::invalid, "the answer of git cannot be understood");
        const bool submodule = mode == "160000";
        const bool intended = object.find_first_not_of('0') == std::string_view::npos; // git add -N
        if (!submodule && !intended && !is_left_out(options.exclude, path))
            out.push_back({std::string(path), std::string(object)});
    }
    return out;
}

} // namespace

Result<GitTotals> scan_staged(const GitStaged& staged, const GitOptions& options,
                              const std::function<void(const std::string& path, const Input& content)>& file) {
    const store::Git git(staged.directory, store::Git::Where::or_above, options.stop, staged.variables);
    const auto files = staged_files(git, options);
    if (!files) return tl::unexpected(files.error());
    GitTotals totals;
    if (files->empty()) return totals;
    std::size_t next = 0;
    auto process = git.start({"cat-file", "--batch"}, store::feed_of([&](std::string& out) {
                                 if (next == files->size()) return false;
                                 out = (*files)[next++].object + "\n";
                                 return true;
                             }));
    if (!process) return tl::unexpected(process.error());
    GitObjects objects(std::move(*process));
    for (const StagedFile& each : *files) {
        const auto head = objects.next();
        if (!head) return tl::unexpected(head.error());
        if (!*head || !(*head)->kind) return fail(Fault::unreadable, "what is staged cannot be read: " + each.path);
        ++totals.objects;
        file(each.path, objects.content());
        if (git.stopped()) break;
    }
    return totals;
}

} // namespace jwtdomain::scan
