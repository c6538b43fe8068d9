// The formats of the commands that find something (audit, probe): one table for what they offer and what they write.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "cli/app/session.h"

namespace jwtdomain::cli {

inline constexpr std::array<std::string_view, 10> kFindingFormats{
    "text", "json", "jsonl", "sarif", "junit", "github", "gitlab-codequality", "gitlab-sast", "markdown", "html"};

// A writer for each of them: to_text, to_json and so on of that report, which must outlive the answer.
template <class Report> std::vector<Rendering> finding_renderings(const Report& report, bool color) {
    return {{"text", [&report, color] { return to_text(report, color); }},
            {"json", [&report] { return to_json(report); }},
            {"jsonl", [&report] { return to_jsonl(report); }},
            {"sarif", [&report] { return to_sarif(report); }},
            {"junit", [&report] { return to_junit(report); }},
            {"github", [&report] { return to_github(report); }},
            {"gitlab-codequality", [&report] { return to_gitlab_codequality(report); }},
            {"gitlab-sast", [&report] { return to_gitlab_sast(report); }},
            {"markdown", [&report] { return to_markdown(report); }},
            {"html", [&report] { return to_html(report); }}};
}

} // namespace jwtdomain::cli
