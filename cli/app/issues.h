// What is wrong, as one flat list, whichever command found it. Formats that know nothing of domains (SARIF, code
// quality, workflow commands) print this and no more; those for people print it as a table.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/rule.h"

namespace jwtdomain::cli {

struct Issue {
    std::string_view rule; // the id of an IssueKind
    Severity severity = Severity::info;
    bool fails = false;      // it makes the exit status other than 0
    std::string message;     // one sentence without a full stop; escaped as for a terminal
    std::string fix;         // likewise; may be empty
    Location where;          // never without a file
    std::string accepted;    // by whom, if it was; escaped
    std::string fingerprint; // stable from run to run
};

// What an issue can be of: a rule, or a verdict of the command itself.
struct IssueKind {
    std::string_view id, name, sentence, fix, source;
    Severity severity;
    std::string_view page; // of `jwtdomain explain`
};
IssueKind kind_of(const RuleInfo& rule);

// By id; nullptr if it is not among them.
const IssueKind* find_issue_kind(const std::vector<IssueKind>& kinds, std::string_view id);

// "message. fix", or the message alone.
std::string with_fix(const Issue& issue);

} // namespace jwtdomain::cli
