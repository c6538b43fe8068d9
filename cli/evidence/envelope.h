// The envelope of one run of `evidence make`: an in-toto statement over all of its files, with what the files
// themselves leave out so that they stay the same from run to run: the real clock, the program, the revision of the
// policy.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/app/sealing.h"

namespace jwtdomain::cli {

struct Statement {
    std::map<std::string, std::string> subjects; // name -> SHA-256, in hexadecimal
    std::string clock;                           // when it was made, RFC 3339
    std::string tool_version, tool_sha256;
    std::string revision; // of the policy in version control; empty: not known
    bool modified = false;
};

// A DSSE envelope; without a key its list of signatures is empty.
Result<std::string> write_statement(Session& session, const Statement& statement, const SealingOptions& sealing);

struct ReadStatement {
    Statement statement;
    Signature signature = Signature::none;
};

// `keys`: a file with the keys one of which must have signed it. Faults: invalid, and those of reading the keys.
Result<ReadStatement> read_statement(Session& session, const std::string& text, const std::string& file,
                                     const std::optional<std::string>& keys);

} // namespace jwtdomain::cli
