// The report of `audit log`: does the chain of the audit log hold, and what in it asks for attention?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/app/session.h"

namespace jwtdomain::cli {

struct LogOptions {
    std::optional<std::string> domain, chain; // only what is about that domain; a value that an earlier run gave
    std::optional<Time> since;
};

struct LogReport {
    struct Notable {
        std::string time, event, domain, family, client, cause, detail;
    };
    std::vector<std::string> lines;   // JSON, as they were written; those that were asked for
    std::vector<Notable> notable;     // of these: reuse, and attempts from another domain, client or key
    std::size_t all = 0;              // lines in the log
    std::vector<std::int64_t> broken; // that do not follow from the one before them
    std::string chain;                // its value at the last line
    bool chain_found = true;          // the value that was asked for
    Time now = 0;
};

// Faults: those of Ledger::open_existing.
Result<LogReport> read_log(Session& session, const LogOptions& options);

Exit exit_of(const LogReport& report);
std::string to_text(const LogReport& report, bool color);
std::string to_json(const LogReport& report);
std::string to_jsonl(const LogReport& report);

} // namespace jwtdomain::cli
