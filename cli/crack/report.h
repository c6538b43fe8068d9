// What `crack` has to say: a value, printed elsewhere. No secret is in it, and nothing from which one could be told.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/exit_status.h"
#include "cli/crack/search.h"
#include "cli/triage/report.h"
#include "jwtdomain/jwt/rule.h"

namespace jwtdomain::cli {

struct CrackReport {
    struct Row {
        std::string fingerprint, algorithm;
        std::string domain; // whose it says that it is; may be empty
        bool found = false;
        bool earlier = false;  // an earlier run has found it: what it opens is not known here
        std::string rule = {}; // KEY-05 or KEY-06
        Severity severity = Severity::high;
        std::string what = {}, source = {}; // "the secret of ..." and where it can be read; or what is wrong with it
        TriageReport opens = {};            // as of a stolen key
        std::vector<std::string> domains() const; // that accept what is signed with it
    };
    std::vector<Row> tokens = {}; // found ones first
    std::vector<RefusedToken> refused = {};
    std::optional<std::uint64_t> tried = {}; // secrets; nullopt where the search ended early
    std::uint64_t too_long = 0;              // lines of lists
    bool complete = false;
    bool policy_read = false;
    std::string out = {};      // where the secrets are; empty: nowhere
    bool secrets_lost = false; // they were to be written, and could not be
    std::size_t found() const;
};

// `estate` is null without a policy. The secrets are dropped.
CrackReport crack_report(const audit::Estate* estate, CrackTokens tokens, SearchEnd end);
Exit exit_of(const CrackReport& report);
std::string to_text(const CrackReport& report, bool color);
std::string to_json(const CrackReport& report);

} // namespace jwtdomain::cli
