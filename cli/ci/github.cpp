// A workflow of GitHub Actions. What a pull request changes is audited; what runs is probed only for the branches of
// the repository itself, since a pull request neither changes what runs nor gets the secrets.
#include <fmt/format.h>

#include "cli/ci/writers.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kHead = R"(# .github/workflows/jwtdomain.yml, made by: jwtdomain export --to github-actions
# Name actions by the hash of a commit instead of a tag where your rules ask for it.
name: jwtdomain

on:
  push:
    branches: [main]
  pull_request:
  schedule:
    - cron: '23 4 * * *'
  workflow_dispatch:

permissions:
  contents: read

jobs:
)";

constexpr std::string_view kJob = R"(    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      security-events: write
    steps:
      - uses: actions/checkout@v6
        with:
          persist-credentials: false
      # Install it before, by a package or an image of yours.
      - name: jwtdomain is there
        run: jwtdomain --version
)";

std::string run_of(const CiPlan& plan, const CiStep& step) {
    const CiShell shell{.before = "",
                        .program = "jwtdomain",
                        .directory = kCiReports,
                        .shown = "github",
                        .files = {{"sarif", "sarif"}, {"junit", "xml"}, {"markdown", "md"}}};
    std::string out = fmt::format("      - name: {}\n        if: ${{{{ !cancelled() }}}}\n", step.title);
    if (step.probes && !plan.variables.empty()) {
        out += "        env:\n";
        for (const std::string& name : plan.variables)
            out += fmt::format("          {0}: ${{{{ secrets.{0} }}}}\n", name);
    }
    return out + fmt::format("        run: |\n          mkdir -p {}\n{}", kCiReports,
                             indented(lines_of(plan, step, shell), 10));
}

// Each file has a category of its own: a later upload takes the place of an earlier one of the same.
std::string uploads_of(const std::vector<const CiStep*>& steps, std::string_view job) {
    std::string out = fmt::format("      - name: Show what was found\n        if: ${{{{ !cancelled() }}}}\n"
                                  "        run: cat {}/*.md >> \"$GITHUB_STEP_SUMMARY\"\n",
                                  kCiReports);
    for (const CiStep* step : steps)
        out += fmt::format("      - uses: github/codeql-action/upload-sarif@v4\n"
                           "        if: ${{{{ !cancelled() && hashFiles('{0}/{1}.sarif') != '' }}}}\n        with:\n"
                           "          sarif_file: {0}/{1}.sarif\n          category: jwtdomain-{1}\n",
                           kCiReports, step->name);
    return out + fmt::format("      - uses: actions/upload-artifact@v6\n        if: ${{{{ !cancelled() }}}}\n"
                             "        with:\n          name: jwtdomain-{}\n          path: {}/\n",
                             job, kCiReports);
}

std::string job_of(const CiPlan& plan, const std::vector<const CiStep*>& steps, std::string_view name,
                   std::string_view condition) {
    if (steps.empty()) return "";
    std::string out = fmt::format("  {}:\n{}{}", name, condition, kJob);
    for (const CiStep* step : steps) out += run_of(plan, *step);
    return out + uploads_of(steps, name);
}

} // namespace

std::string ci_github(const CiPlan& plan) {
    const std::vector<CiStep> steps = steps_of(plan);
    std::vector<const CiStep*> audits, probes;
    for (const CiStep& step : steps) (step.probes ? probes : audits).push_back(&step);
    const std::string probe =
        job_of(plan, probes, "probe",
               "    if: ${{ github.event_name != 'pull_request' }}\n    concurrency: jwtdomain-probe\n");
    return std::string(kHead) + job_of(plan, audits, "audit", "") + (probe.empty() ? "" : "\n" + probe);
}

} // namespace jwtdomain::cli
