#include "jwtdomain/scan/git.h"

#include <algorithm>
#include <map>
#include <set>
#include <sys/stat.h>
#include <unordered_set>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/scan/git_history.h"
#include "jwtdomain/scan/git_objects.h"
#include "jwtdomain/scan/walk.h"

namespace jwtdomain::scan {
namespace {

constexpr std::size_t kMostPlaces = 50;  // of one object
constexpr std::size_t kMostBroken = 100; // objects after which git is not started again
constexpr std::size_t kAbbreviated = 12; // digits of an id

// One object with something in it.
struct Hit {
    GitKind kind = GitKind::blob;
    bool reachable = false;
    bool left_out = false;                      // it stands where nothing is looked for
    std::map<std::string, std::string> commits; // by path
    std::set<std::string> references;
    std::set<std::string> staged; // paths
};

class Repository {
public:
    Repository(const std::string& directory, const GitOptions& options, const GitEvents& events)
        : directory_(directory), options_(options), events_(events),
          git_(directory, store::Git::Where::here, options.stop) {}

    Result<GitTotals> run() {
        if (const auto there = git_.ask({"rev-parse", "--git-dir"}); !there) return tl::unexpected(there.error());
        auto history = GitHistory::open(git_, directory_, options_.since);
        if (!history) return tl::unexpected(history.error());
        history_.emplace(std::move(*history));
        const Status looked = options_.since.any() ? look_since() : look_at_all();
        if (!looked) return fail(looked.error());
        if (hits_.empty()) return totals_;
        if (const Status placed = place(); !placed) return fail(placed.error());
        if (const Status shown = show(); !shown) return fail(shown.error());
        return totals_;
    }

private:
    // Tells what became of all objects that were asked for. False if git has ended before.
    Result<bool> look_at(GitObjects& objects, std::size_t* answered = nullptr) {
        for (;;) {
            const auto head = objects.next();
            if (!head) return tl::unexpected(head.error());
            if (!*head) break;
            if (answered) ++*answered;
            const GitObjects::Head& object = **head;
            if (!object.kind) {
                events_.gap(object.id, "git has no such object, or it is damaged");
                continue;
            }
            ++totals_.objects;
            if (events_.look(objects.content())) hits_[object.id].kind = *object.kind;
            if (git_.stopped()) return fail(Fault::retry, "stopped");
        }
        const auto end = objects.end();
        if (!end) return tl::unexpected(end.error());
        const std::string why = store::git_complaint(*end, directory_);
        if (!why.empty()) events_.gap("", why);
        return why.empty() && !objects.cut();
    }

    Status look_at_all() {
        auto process = git_.start({"cat-file", "--batch-all-objects", "--unordered", "--batch"});
        if (!process) return fail(process.error());
        GitObjects objects(std::move(*process));
        const auto good = look_at(objects);
        if (!good) return fail(good.error());
        return *good ? Status() : look_again();
    }

    // One by one, since git gives up at the first that is broken.
    Status look_again() {
        totals_.objects = 0;
        const auto text = git_.ask({"cat-file", "--batch-all-objects", "--batch-check=%(objectname)"});
        if (!text) return fail(text.error());
        std::vector<std::string> ids;
        for (std::string_view rest = *text; !rest.empty();) {
            const std::string_view id = take_until(rest, '\n');
            if (is_object_id(id)) ids.emplace_back(id);
        }
        return look_at_these(ids);
    }

    Status look_at_these(const std::vector<std::string>& ids) {
        std::size_t done = 0;
        for (std::size_t broken = 0; done < ids.size(); ++broken) {
            if (broken > kMostBroken) {
                events_.gap("", "too many of its objects are damaged: not all were looked at");
                return {};
            }
            std::size_t next = done;
            auto process = git_.start({"cat-file", "--batch"}, store::feed_of([&](std::string& out) {
                                          if (next == ids.size()) return false;
                                          out = ids[next++] + "\n";
                                          return true;
                                      }));
            if (!process) return fail(process.error());
            GitObjects objects(std::move(*process));
            std::size_t answered = 0;
            const auto good = look_at(objects, &answered);
            if (!good) return fail(good.error());
            done += answered;
            if (*good || done >= ids.size()) return {};
            // It is silent of what it ends at, or breaks off in it.
            if (!objects.cut()) events_.gap(ids[done++], "it is damaged");
        }
        return {};
    }

    // What the commits bring, themselves, and the tags of them.
    Status look_since() {
        std::unordered_set<std::string> ids, commits;
        const HistoryEvents events{
            .commit =
                [&](const std::string& commit) {
                    ids.insert(commit);
                    commits.insert(commit);
                },
            .brings = [&](const std::string&, std::string_view object, GitKind,
                          const std::string&) { ids.emplace(object); },
            .gap = [&](std::string_view detail) { events_.gap("", detail); },
        };
        if (const Status walked = history_->walk(GitHistory::Commits::reachable, {}, true, events); !walked)
            return walked;
        const Status rooted = history_->roots([&](const std::string&, const std::string& tree) { ids.insert(tree); });
        if (!rooted) return rooted;
        const auto references = history_->references();
        if (!references) return fail(references.error());
        for (const auto& each : *references) {
            if (each.kind == GitKind::tag && commits.count(each.peeled) > 0) ids.insert(each.object);
        }
        std::vector<std::string> sorted(ids.begin(), ids.end());
        std::sort(sorted.begin(), sorted.end());
        return look_at_these(sorted);
    }

    Hit* hit(const std::string& id) {
        const auto found = hits_.find(id);
        return found == hits_.end() ? nullptr : &found->second;
    }

    Status place() {
        std::vector<std::string> blobs;
        bool trees = false, tags = false;
        for (const auto& [id, each] : hits_) {
            if (each.kind == GitKind::blob || each.kind == GitKind::tree) blobs.push_back(id);
            trees = trees || each.kind == GitKind::tree;
            tags = tags || each.kind == GitKind::tag;
        }
        if (const Status walked = place_in_commits(blobs, trees); !walked) return walked;
        if (trees) {
            const Status rooted = history_->roots([&](const std::string& commit, const std::string& tree) {
                Hit* const each = hit(tree);
                if (!each) return;
                each->reachable = true;
                note(*each, "", commit);
            });
            if (!rooted) return rooted;
        }
        if (tags || !lost().empty()) {
            if (const Status placed = place_elsewhere(); !placed) return placed;
        }
        const std::vector<std::string> rest = lost();
        return rest.empty() || options_.since.any() ? Status() : place_in_lost_commits(rest);
    }

    // Blobs of which no place is known.
    std::vector<std::string> lost() const {
        std::vector<std::string> out;
        for (const auto& [id, of] : hits_) {
            if (of.kind == GitKind::blob && !of.reachable) out.push_back(id);
        }
        return out;
    }

    // What was amended, rebased or dropped still says of which file it was.
    Status place_in_lost_commits(const std::vector<std::string>& blobs) {
        const HistoryEvents events{
            .commit = [](const std::string&) {},
            .brings = [&](const std::string& commit, std::string_view object, GitKind,
                          const std::string& path) { note(*hit(std::string(object)), path, commit); },
            .gap = [&](std::string_view detail) { events_.gap("", detail); },
        };
        return history_->walk(GitHistory::Commits::all, blobs, false, events);
    }

    Status place_in_commits(const std::vector<std::string>& blobs, bool trees) {
        const HistoryEvents events{
            .commit =
                [&](const std::string& commit) {
                    if (Hit* const each = hit(commit)) each->reachable = true;
                },
            .brings =
                [&](const std::string& commit, std::string_view object, GitKind, const std::string& path) {
                    if (Hit* const each = hit(std::string(object))) {
                        each->reachable = true;
                        note(*each, path, commit);
                    }
                },
            .gap = [&](std::string_view detail) { events_.gap("", detail); },
        };
        return history_->walk(GitHistory::Commits::reachable, blobs, trees, events);
    }

    // The oldest commit comes last; of those in no order the least is taken.
    void note(Hit& of, const std::string& path, const std::string& commit) const {
        if (is_left_out(options_.exclude, path))
            of.left_out = true;
        else if (of.commits.size() < kMostPlaces || of.commits.count(path) > 0)
            put(of, path, commit);
    }

    static void put(Hit& of, const std::string& path, const std::string& commit) {
        const auto [known, is_new] = of.commits.try_emplace(path, commit);
        if (!is_new && (of.reachable || commit < known->second)) known->second = commit;
    }

    Status place_elsewhere() {
        const bool any_lost = !lost().empty();
        const auto references = history_->references();
        if (!references) return fail(references.error());
        for (const auto& each : *references) {
            for (const std::string& id : {each.object, each.peeled}) {
                Hit* const of = hit(id);
                if (!of || of->kind == GitKind::commit) continue;
                of->reachable = true;
                if (of->references.size() < kMostPlaces) of->references.insert(each.name);
            }
            if (!any_lost || each.kind == GitKind::commit || each.kind == GitKind::blob) continue;
            const Status listed = history_->tree(each.name, [&](const std::string& id, const std::string& path) {
                Hit* const of = hit(id);
                if (of && of->commits.empty() && !is_left_out(options_.exclude, path)) {
                    of->reachable = true;
                    of->references.insert(each.name);
                }
            });
            // A tag may be of a blob.
            if (!listed && git_.stopped()) return listed;
        }
        if (!any_lost) return {};
        return history_->index([&](const std::string& id, const std::string& path) {
            Hit* const of = hit(id);
            if (!of || !of->commits.empty()) return;
            of->reachable = true;
            if (is_left_out(options_.exclude, path))
                of->left_out = true;
            else if (of->staged.size() < kMostPlaces)
                of->staged.insert(path);
        });
    }

    static void add_places(const std::string& id, const Hit& of, std::vector<GitPlace>& out) {
        GitPlace base;
        base.object = id;
        base.kind = of.kind;
        base.reachable = of.reachable;
        const std::size_t before = out.size();
        for (const auto& [path, commit] : of.commits) {
            GitPlace& each = out.emplace_back(base);
            each.path = path;
            each.commit = commit;
        }
        for (const std::string& path : of.staged) {
            GitPlace& each = out.emplace_back(base);
            each.path = path;
            each.in_index = true;
        }
        for (const std::string& name : of.references) {
            GitPlace& each = out.emplace_back(base);
            each.reference = name;
        }
        if (out.size() == before && !of.left_out) out.push_back(base);
    }

    Status show() {
        std::vector<GitPlace> places;
        for (const auto& [id, of] : hits_) add_places(id, of, places);
        std::sort(places.begin(), places.end(), [](const GitPlace& a, const GitPlace& b) {
            const std::string of_a = a.name(), of_b = b.name();
            return std::tie(of_a, a.object) < std::tie(of_b, b.object);
        });
        std::size_t next = 0;
        auto process = git_.start({"cat-file", "--batch"}, store::feed_of([&](std::string& out) {
                                      if (next == places.size()) return false;
                                      out = places[next++].object + "\n";
                                      return true;
                                  }));
        if (!process) return fail(process.error());
        GitObjects objects(std::move(*process));
        for (const GitPlace& each : places) {
            const auto head = objects.next();
            if (!head) return fail(head.error());
            if (!*head || (*head)->id != each.object || !(*head)->kind) {
                events_.gap(each.object, "it could not be read again");
                continue;
            }
            events_.found(each, objects.content());
            if (git_.stopped()) return fail(Fault::retry, "stopped");
        }
        return {};
    }

    const std::string& directory_;
    const GitOptions& options_;
    const GitEvents& events_;
    store::Git git_;
    std::optional<GitHistory> history_;
    std::map<std::string, Hit> hits_; // by id
    GitTotals totals_;
};

} // namespace

std::string GitPlace::name() const {
    if (!commit.empty()) return commit.substr(0, kAbbreviated) + ":" + path;
    if (in_index) return ":" + path;
    return reference.empty() ? object.substr(0, kAbbreviated) : reference;
}

Result<GitTotals> scan_repository(const std::string& directory, const GitOptions& options, const GitEvents& events) {
    return Repository(directory, options, events).run();
}

Result<std::string> object_directory(const std::string& directory) {
    const store::Git git(directory, store::Git::Where::here, {});
    auto found = git.ask({"rev-parse", "--git-path", "objects"});
    if (!found) return tl::unexpected(found.error());
    if (!found->empty()) found->pop_back(); // its newline
    const std::string path = found->starts_with('/') ? *found : directory + "/" + *found;
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0) return fail(Fault::unreadable, "it has no objects");
    return std::to_string(info.st_dev) + ":" + std::to_string(info.st_ino);
}

} // namespace jwtdomain::scan
