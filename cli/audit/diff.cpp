#include "cli/audit/diff.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include "cli/app/paths.h"
#include "cli/app/policy.h"
#include "cli/audit/accepted.h"
#include "cli/audit/revision.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;
using audit::Change;
using audit::Direction;

// A policy with where it was read from.
struct Source {
    DiffReport::Side side;
    std::optional<Revision> revision;
    std::string directory;

    policy::Reader files() const { return revision ? revision->reader() : policy_reader(); }
};

Result<std::string> new_directory(Session& session) {
    auto directory = session.policy_directory();
    if (!directory && directory.error().fault == Fault::not_found) directory.error().fault = Fault::no_input;
    return directory;
}

Result<Source> find_old(const std::string& name, const std::string& current) {
    if (name.empty()) // as an unset variable is: the working directory would be compared with itself
        return fail(Fault::usage, "the revision or directory to compare with is empty");
    if (const auto directory = find_policy_at(name))
        return Source{.side = {.name = name, .revision = {}, .policy = {}}, .revision = {}, .directory = *directory};
    std::error_code error;
    const std::string place = fs::canonical(current, error).string();
    const std::string tree = error ? std::string() : store::git_work_tree_of(place);
    if (tree.empty()) {
        const bool exists = fs::exists(name, error);
        return fail(exists ? Fault::no_input : Fault::not_found,
                    exists ? "there is no policy in " + name
                           : "there is no directory " + name + ", and no revision can have that name: " + current +
                                 " is in no git work tree",
                    "name a directory that holds policy.yaml or jwtdomain/policy.yaml");
    }
    auto revision = Revision::open(name, tree, place);
    if (!revision) return fail(revision.error());
    Source source{.side = {.name = name, .revision = revision->id(), .policy = {}},
                  .revision = std::move(*revision),
                  .directory = {}};
    source.directory = source.revision->directory();
    return source;
}

struct Side {
    policy::Policy policy;
    audit::Estate estate;
    audit::Findings findings;
    std::vector<audit::Ignore> ignores;
    accept::Revocations revocations;
};

// In place, since an estate refers to its policy.
Status read_side(Session& session, const Source& source, Side& out) {
    session.note("reading the policy in " + source.directory);
    auto policy = load_guarded_policy(session, source.directory, source.files());
    if (!policy) return fail(policy.error());
    out.policy = std::move(*policy);
    out.estate = audit::make_estate(out.policy, key_reader(session, out.policy, source.files()), session.now());
    auto accepted = load_accepted(out.policy, std::nullopt, session.now(), source.files());
    if (!accepted) return fail(accepted.error());
    out.ignores = std::move(accepted->ignores);
    auto revocations =
        source.revision ? load_revocations(session, out.policy, source.files()) : load_revocations(session, out.policy);
    if (!revocations) return fail(revocations.error());
    out.revocations = std::move(*revocations);
    EphemeralKeys keys;
    out.findings = audit::prove(out.estate, keys);
    return {};
}

Result<DiffReport> compare(Session& session, const DiffOptions& options) {
    const auto directory = new_directory(session);
    if (!directory) return fail(directory.error());
    auto old = find_old(options.old, *directory);
    if (!old) return fail(old.error());
    Source current{.side = {.name = *directory, .revision = {}, .policy = {}}, .revision = {}, .directory = *directory};
    Side before, after;
    if (const Status read = read_side(session, *old, before); !read) return fail(read.error());
    if (const Status read = read_side(session, current, after); !read) return fail(read.error());
    DiffReport report{
        .before = old->side,
        .after = current.side,
        .now = session.now(),
        .diff = audit::diff_policies({before.estate, before.findings, before.ignores, before.revocations.entries()},
                                     {after.estate, after.findings, after.ignores, after.revocations.entries()}),
        .fails_on_weaker = options.fail_on_weaker};
    const std::string from = session.world().directory();
    report.before.policy = old->revision ? before.policy.file : path_if_below(from, before.policy.file);
    report.after.policy = path_if_below(from, after.policy.file);
    report.after.name = path_if_below(from, report.after.name);
    return report;
}

Exit exit_of(const DiffReport& report) { return report.fails_on_weaker && report.failing() > 0 ? Exit::no : Exit::yes; }

} // namespace

std::size_t DiffReport::failing() const { return diff.count(Direction::weaker) + diff.count(Direction::different); }

std::string_view verdict_of(const DiffReport& report) {
    const auto verdict = report.diff.verdict();
    if (!verdict) return "SAME";
    switch (*verdict) {
    case Direction::weaker: return "WEAKER";
    case Direction::different: return "DIFFERENT";
    case Direction::stronger: return "STRONGER";
    case Direction::neutral: return "NEUTRAL";
    }
    return {};
}

std::string headline_of(const DiffReport& report) {
    const auto& changes = report.diff.changes;
    if (changes.empty()) return "both policies say the same, and so does the prover of them";
    std::string counts;
    for (const Direction direction :
         {Direction::weaker, Direction::different, Direction::stronger, Direction::neutral}) {
        if (const std::size_t count = report.diff.count(direction); count > 0)
            counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", count, name_of(direction));
    }
    std::string out = fmt::format("{} {} ({})", changes.size(), changes.size() == 1 ? "change" : "changes", counts);
    if (report.failing() > 0) out += ": worst: " + sentence_of(changes.front());
    return out;
}

std::string sentence_of(const Change& change) {
    std::string out = change.subject;
    if (change.count > 1) out += fmt::format(" and {} more", change.count - 1);
    out += change.what.empty() ? ":" : ": " + change.what;
    if (change.before.empty()) return out + " +" + change.after;
    if (change.after.empty()) return out + " -" + change.before;
    return out + " " + change.before + " -> " + change.after;
}

Exit run_diff(Session& session, const DiffOptions& options) {
    const auto report = compare(session, options);
    if (!report) return session.report(report.error());
    return session.emit(exit_of(*report), {{"text", [&] { return to_text(*report, session.color()); }},
                                           {"json", [&] { return to_json(*report); }},
                                           {"markdown", [&] { return to_markdown(*report); }}});
}

} // namespace jwtdomain::cli
