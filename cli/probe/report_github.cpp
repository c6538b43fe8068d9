#include <fmt/format.h>

#include "cli/app/github.h"
#include "cli/probe/headline.h"
#include "cli/probe/issues.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {

std::string to_github(const ProbeReport& report) {
    std::string text = fmt::format("{} {} {}: {}", name_of(report.verdict), escape_text(headline_of(report)),
                                   standing_of(report), meaning_of(report.verdict));
    for (const std::string& each : omissions_of(report)) text += "\n" + each;
    return github_of(issues_of(report), "jwtdomain probe", text);
}

} // namespace jwtdomain::cli
