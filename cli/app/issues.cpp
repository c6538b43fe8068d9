#include "cli/app/issues.h"

#include <algorithm>

namespace jwtdomain::cli {

IssueKind kind_of(const RuleInfo& rule) {
    return {rule.id, rule.name, rule.sentence, rule.fix, rule.source, rule.severity, rule.id};
}

const IssueKind* find_issue_kind(const std::vector<IssueKind>& kinds, std::string_view id) {
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const IssueKind& kind) { return kind.id == id; });
    return found == kinds.end() ? nullptr : &*found;
}

std::string with_fix(const Issue& issue) {
    return issue.fix.empty() ? issue.message : issue.message + ". " + issue.fix;
}

} // namespace jwtdomain::cli
