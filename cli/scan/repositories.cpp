#include "cli/scan/repositories.h"

namespace jwtdomain::cli {

scan::GitSince since_of(const std::string& word, Time now) {
    if (const auto time = parse_time(word)) return {.time = *time, .revision = {}};
    if (const auto span = parse_duration(word)) return {.time = now - *span, .revision = {}};
    return {.time = {}, .revision = word};
}

Repositories::Repositories(scan::Effort effort, scan::GitOptions options, const scan::ContentOptions& content)
    : options_(std::move(options)), content_(content),
      look_(effort, [this](const scan::Found&, const scan::Place&) { any_ = true; }) {}

bool Repositories::read(const std::string& directory, scan::GitEvents events, Coverage& coverage) {
    const auto refused = [&](const Error& error) {
        if (error.fault != Fault::retry) events.gap("", error.message);
        return error.fault == Fault::usage || error.fault == Fault::retry;
    };
    const auto store = scan::object_directory(directory);
    if (!store) return refused(store.error());
    if (!seen_.insert(*store).second) return true;
    // What cannot be read in an object is told when it is read again, with its name.
    const scan::ContentEvents inside{.begin = {},
                                     .gap = [this](const std::string&, scan::Gap, std::string_view) { any_ = true; }};
    events.look = [&](const scan::Input& content) {
        any_ = false;
        scan::Input input = content;
        input.stop = [this] { return any_ || options_.stop(); };
        const scan::ContentEnd end = scan::scan_content(look_, "", std::move(input), content_, inside);
        coverage.octets += end.octets;
        coverage.members += end.members;
        return any_;
    };
    const auto totals = scan::scan_repository(directory, options_, events);
    if (!totals) return refused(totals.error());
    ++coverage.repositories;
    coverage.objects += totals->objects;
    return true;
}

Status Repositories::staged(Session& session, const std::string& directory,
                            const std::function<void(const std::string&, const scan::Input&)>& file) const {
    scan::GitStaged staged{.directory = directory.empty() ? session.world().directory() : directory};
    if (directory.empty()) {
        for (const char* const name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR",
                                       "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"}) {
            if (auto value = session.world().environment(name)) staged.variables.emplace_back(name, std::move(*value));
        }
    }
    const auto totals = scan::scan_staged(staged, options_, file);
    if (!totals) return fail(totals.error());
    return {};
}

} // namespace jwtdomain::cli
