// The repositories of git among what is scanned.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "cli/app/session.h"
#include "cli/scan/report.h"
#include "jwtdomain/scan/content.h"
#include "jwtdomain/scan/git.h"

namespace jwtdomain::cli {

// What --since means: a time, a span before now, or else a revision.
scan::GitSince since_of(const std::string& word, Time now);

class Repositories {
public:
    Repositories(scan::Effort effort, scan::GitOptions options, const scan::ContentOptions& content);

    // True if its objects were read; with what could not be, told by the event. Each object store is read once, however
    // many work trees there are. `events` without `look`.
    bool read(const std::string& directory, scan::GitEvents events, Coverage& coverage);

    // What is staged in the work tree of `directory`; empty: that of the working directory, or that of the commit which
    // runs us as a hook. Faults: not_found (there is no git), unreadable.
    Status staged(Session& session, const std::string& directory,
                  const std::function<void(const std::string& path, const scan::Input& content)>& file) const;

private:
    scan::GitOptions options_;
    const scan::ContentOptions& content_;
    scan::Stream look_;
    bool any_ = false; // in what look_ read
    std::set<std::string> seen_;
};

} // namespace jwtdomain::cli
