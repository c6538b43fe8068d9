// Jobs of GitLab CI, one for each run, so that each shows for itself. GitLab takes no SARIF: it is kept as an artifact,
// beside the reports that are read.
#include <fmt/format.h>

#include "cli/ci/writers.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kGitlabHead =
    R"(# For .gitlab-ci.yml, or for a file that it includes; made by: jwtdomain export --to gitlab-ci
.jwtdomain:
  # image: one of yours that has jwtdomain
  before_script:
    - jwtdomain --version
    - mkdir -p {0}
  artifacts:
    when: always
    expire_in: 30 days
    paths:
      - {0}/
)";

constexpr std::string_view kGitlabJob = R"(
jwtdomain-{1}: # {2}
  extends: .jwtdomain
{3}  script:
    - |
{4}  artifacts:
    reports:
      junit: {0}/{1}.xml
      codequality: {0}/{1}.codequality.json
      sast: {0}/{1}.sast.json
)";

// What runs is not what a merge request changes, and one probe at a time is enough for it.
constexpr std::string_view kProbeRules = R"(  resource_group: jwtdomain-probe
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
      when: never
    - when: on_success
)";

} // namespace

std::string ci_gitlab(const CiPlan& plan) {
    const CiShell shell{.before = "",
                        .program = "jwtdomain",
                        .directory = kCiReports,
                        .shown = "text",
                        .files = {{"sarif", "sarif"},
                                  {"junit", "xml"},
                                  {"gitlab-codequality", "codequality.json"},
                                  {"gitlab-sast", "sast.json"}}};
    std::string out = fmt::format(kGitlabHead, kCiReports);
    if (!plan.variables.empty()) {
        out += "\n# Masked and protected variables of the project, of those that the probe is to have:\n";
        for (const std::string& name : plan.variables) out += fmt::format("#   {}\n", name);
    }
    for (const CiStep& step : steps_of(plan))
        out += fmt::format(kGitlabJob, kCiReports, step.name, step.title, step.probes ? kProbeRules : "",
                           indented(lines_of(plan, step, shell), 6));
    return out;
}

} // namespace jwtdomain::cli
