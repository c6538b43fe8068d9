// `audit diff`: what a change of the policy weakens, from a revision of git or a directory to what is there now.
#pragma once

#include <string>

#include "cli/app/session.h"
#include "jwtdomain/audit/policy_diff.h"

namespace jwtdomain::cli {

struct DiffReport {
    struct Side {
        std::string name;     // as it was given; of the new one its directory
        std::string revision; // the commit; empty for a directory
        std::string policy;   // the file
    };
    Side before, after;
    Time now = 0;
    audit::PolicyDiff diff;
    bool fails_on_weaker = false;

    // Weaker, or of unknown direction: what may be weaker is not let through.
    std::size_t failing() const;
};

struct DiffOptions {
    std::string old; // a directory with a policy, else a revision
    bool fail_on_weaker = false;
};

// The new policy is the one that all commands find.
Exit run_diff(Session& session, const DiffOptions& options);

std::string_view verdict_of(const DiffReport& report); // "WEAKER", "SAME"
std::string headline_of(const DiffReport& report);     // after the verdict; unescaped
std::string sentence_of(const audit::Change& change);  // "prod: leeway 30s -> 1m"; unescaped

std::string to_text(const DiffReport& report, bool color);
std::string to_json(const DiffReport& report);
std::string to_markdown(const DiffReport& report);

} // namespace jwtdomain::cli
