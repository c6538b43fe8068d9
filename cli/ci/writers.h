// The files for CI, and the shell lines that all of them are made of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/ci/plan.h"

namespace jwtdomain::cli {

std::string ci_script(const CiPlan& plan); // POSIX sh
std::string ci_github(const CiPlan& plan); // a workflow of GitHub Actions
std::string ci_gitlab(const CiPlan& plan); // jobs of GitLab CI

inline constexpr std::string_view kCiReports = "jwtdomain-reports"; // the directory of the reports

// One run of the program, without the formats of its report.
struct CiStep {
    std::string_view name;          // of its reports: "policy", "configuration", "probe"
    std::string_view title;         // "Audit the policy"
    std::vector<std::string> words; // "audit", "--policy", ...
    bool probes = false;
};
std::vector<CiStep> steps_of(const CiPlan& plan);

// A word as sh reads it back.
std::string sh_word(const std::string& word);

// The lines of one step, without indentation. `program` and `directory` are shell text as it is; `formats` are those of
// its report, the first for standard output and the others, with the endings of their files, for `directory`.
struct CiFormat {
    std::string_view name, ending; // "junit", "xml"
};
struct CiShell {
    std::string_view before;    // the first words of the line that runs it: "run probe "
    std::string_view program;   // "jwtdomain"
    std::string_view directory; // "jwtdomain-reports"
    std::string_view shown;     // the format of standard output
    std::vector<CiFormat> files;
};
std::vector<std::string> lines_of(const CiPlan& plan, const CiStep& step, const CiShell& shell);

// Lines behind an indentation; empty ones stay empty.
std::string indented(const std::vector<std::string>& lines, std::size_t spaces);

} // namespace jwtdomain::cli
