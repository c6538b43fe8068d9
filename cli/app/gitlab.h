// GitLab's two report formats: code quality, for the merge request, and SAST (schema 15), for the security dashboard.
// What was accepted stands in neither, since GitLab would ask for it again.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/app/issues.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::cli {

std::string gitlab_codequality_of(const std::vector<Issue>& issues);

struct SastMessage {
    std::string_view level; // "info", "warn", "fatal"
    std::string text;       // ours, or escaped
};
struct SastScan {
    std::vector<IssueKind> kinds;
    std::vector<Issue> issues;
    std::vector<SastMessage> messages = {};
    Time now = 0;
};
std::string gitlab_sast_of(const SastScan& scan);

} // namespace jwtdomain::cli
