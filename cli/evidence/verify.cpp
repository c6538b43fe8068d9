#include <algorithm>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "cli/evidence/run.h"
#include "jwtdomain/base/version.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/net/snapshot.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

namespace fs = std::filesystem;
using Run = EvidenceReport::Run;

constexpr std::size_t kMostFile = 512u << 20;
constexpr std::size_t kMostFiles = 200'000;
constexpr Seconds kDay = 86400;
constexpr std::size_t kMostDays = 36600;

// Regular files below it by name; anything else there is named as a problem.
std::set<std::string> files_below(const std::string& directory, std::vector<std::string>& problems) {
    std::set<std::string> out;
    std::error_code error;
    for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
        const std::string name = at->path().lexically_relative(directory).generic_string();
        if (at->is_symlink(error) || (!at->is_regular_file(error) && !at->is_directory(error)))
            problems.push_back(name + " is no regular file");
        else if (at->is_regular_file(error))
            out.insert(name);
        if (out.size() > kMostFiles) {
            problems.emplace_back("there are more than 200,000 files");
            break;
        }
    }
    if (error) problems.push_back(directory + " cannot be listed: " + error.message());
    return out;
}

// Are the files those that the statement speaks of?
std::map<std::string, std::string> check_files(const std::string& directory, const Statement& statement,
                                               std::vector<std::string>& problems) {
    std::map<std::string, std::string> out;
    std::set<std::string> found = files_below(directory, problems);
    found.erase(std::string(kEnvelope));
    for (const auto& [name, digest] : statement.subjects) {
        if (found.erase(name) == 0) {
            problems.push_back(name + " is missing");
            continue;
        }
        auto content = store::read_file(fmt::format("{}/{}", directory, name), kMostFile);
        if (!content)
            problems.push_back(name + " cannot be read: " + describe(content.error()));
        else if (fingerprint(*content) != digest)
            problems.push_back(name + " was changed");
        else
            out.emplace(name, std::move(*content));
    }
    for (const std::string& name : found) problems.push_back(name + " was added");
    return out;
}

// Makes everything again from the inputs that were kept.
void derive_again(Session& session, const std::map<std::string, std::string>& files, Run& run) {
    const auto manifest = files.find(std::string(kManifest));
    if (manifest == files.end()) return run.problems.push_back("there is no evidence.json to derive again");
    const auto head = read_manifest(manifest->second, run.directory + "/" + std::string(kManifest));
    if (!head) return run.problems.push_back(describe(head.error()));
    run.as_of = format_time(head->as_of);
    run.verdict = head->verdict;
    BundleRequest request{
        .directory = run.directory + "/inputs", .baseline = {}, .options = head->options, .as_of = head->as_of};
    if (files.count(std::string(kBaseline)) != 0) request.baseline = run.directory + "/" + std::string(kBaseline);
    net::Answers answers; // else nothing was fetched, and nothing that was fetched here since is of it
    if (const auto snapshot = files.find(std::string(kSnapshot)); snapshot != files.end()) {
        auto read = net::read_snapshot(snapshot->second, run.directory + "/" + std::string(kSnapshot));
        if (!read) return run.problems.push_back(describe(read.error()));
        answers = std::move(*read);
    }
    session.set_documents(std::move(answers));
    const auto again = make_bundle(session, request);
    if (!again) return run.problems.push_back("it cannot be derived again: " + describe(again.error()));
    for (const auto& [name, content] : again->files) {
        const auto kept = files.find(name);
        if (kept == files.end())
            run.problems.push_back(name + " is derived from the inputs, and is not there");
        else if (kept->second != content)
            run.problems.push_back(name + " is not what the inputs give");
    }
    for (const auto& [name, content] : files) {
        if (again->files.count(name) == 0) run.problems.push_back(name + " is not derived from the inputs");
    }
}

Result<Run> verify_run(Session& session, const std::string& directory, const std::optional<std::string>& keys) {
    Run run{.directory = directory, .as_of = {}, .clock = {}, .revision = {}, .verdict = {}, .problems = {}};
    const std::string file = directory + "/" + std::string(kEnvelope);
    const auto text = store::read_file(file, kMostFile);
    if (!text) return tl::unexpected(text.error());
    const auto read = read_statement(session, *text, file, keys);
    if (!read && read.error().where.file != file) return tl::unexpected(read.error()); // of the keys
    if (!read) {
        run.problems.push_back(describe(read.error()));
        return run;
    }
    run.signature = read->signature;
    if (run.signature == Signature::bad) run.problems.emplace_back("it is not signed by a key in " + *keys);
    run.clock = read->statement.clock;
    run.revision = read->statement.revision;
    run.modified = read->statement.modified;
    const auto files = check_files(directory, read->statement, run.problems);
    if (!run.problems.empty()) return run; // nothing of it is to be believed
    derive_again(session, files, run);
    if (!run.problems.empty() && read->statement.tool_version != version())
        run.problems.push_back(fmt::format("it was made by version {}, and this is {}: that one may give what it holds",
                                           read->statement.tool_version, version()));
    return run;
}

// Directories with an envelope: the one that was given, or those right below it.
std::vector<std::string> runs_in(const std::string& directory) {
    std::vector<std::string> out;
    std::error_code error;
    const std::string envelope(kEnvelope);
    if (fs::exists(fs::path(directory) / envelope, error)) return {directory};
    for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
        std::error_code ignored;
        if (fs::exists(at->path() / envelope, ignored)) out.push_back(at->path().generic_string());
    }
    std::sort(out.begin(), out.end());
    return out;
}

Result<Time> day_of(const std::string& text, const char* option) {
    const auto time = parse_time(text);
    if (!time || text.size() != 10) return fail(Fault::usage, std::string(option) + " takes a day, as 2026-11-26");
    return *time;
}

Status find_gaps(const EvidenceVerifyOptions& options, EvidenceReport& report) {
    if (!options.from && !options.to && report.runs.size() < 2) return {};
    std::set<std::string> days;
    for (const Run& run : report.runs) {
        if (run.problems.empty()) days.insert(run.as_of.substr(0, 10));
    }
    if (days.empty() && (!options.from || !options.to)) return {};
    const auto from = day_of(options.from.value_or(days.empty() ? "" : *days.begin()), "--from");
    if (!from) return tl::unexpected(from.error());
    const auto to = day_of(options.to.value_or(days.empty() ? "" : *days.rbegin()), "--to");
    if (!to) return tl::unexpected(to.error());
    if (*to < *from) return fail(Fault::usage, "--to is before --from");
    if (static_cast<std::size_t>((*to - *from) / kDay) > kMostDays)
        return fail(Fault::usage, "--from and --to are more than 100 years apart");
    report.from = format_time(*from).substr(0, 10);
    report.to = format_time(*to).substr(0, 10);
    for (Time day = *from; day <= *to; day += kDay) {
        std::string name = format_time(day).substr(0, 10);
        if (days.count(name) == 0) report.missing.push_back(std::move(name));
    }
    return {};
}

} // namespace

EvidenceReport::Outcome EvidenceReport::outcome() const {
    if (std::any_of(runs.begin(), runs.end(), [](const Run& run) { return !run.problems.empty(); }))
        return Outcome::changed;
    return missing.empty() ? Outcome::valid : Outcome::gaps;
}

Result<EvidenceReport> verify_evidence(Session& session, const EvidenceVerifyOptions& options) {
    EvidenceReport report;
    for (const std::string& directory : runs_in(options.directory)) {
        auto run = verify_run(session, directory, options.keys);
        if (!run) return tl::unexpected(run.error());
        report.runs.push_back(std::move(*run));
    }
    if (report.runs.empty())
        return fail(Fault::no_input, "there is no evidence in " + options.directory,
                    "make some: jwtdomain evidence make DIR");
    std::stable_sort(report.runs.begin(), report.runs.end(),
                     [](const Run& a, const Run& b) { return a.as_of < b.as_of; });
    if (auto found = find_gaps(options, report); !found) return tl::unexpected(found.error());
    return report;
}

Exit exit_of(const EvidenceReport& report) {
    switch (report.outcome()) {
    case EvidenceReport::Outcome::valid: return Exit::yes;
    case EvidenceReport::Outcome::gaps: return Exit::undecided;
    case EvidenceReport::Outcome::changed: return Exit::no;
    }
    return Exit::internal;
}

} // namespace jwtdomain::cli
