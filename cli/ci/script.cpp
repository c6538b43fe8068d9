// A POSIX sh script: for CI services that have no file of their own here, and for the terminal.
#include <fmt/format.h>

#include "cli/ci/writers.h"

namespace jwtdomain::cli {
namespace {

// Several runs end with the worst of their statuses, in the order in which the program itself has it.
constexpr std::string_view kRun = R"(worst=0
run() { # COMMAND...: goes on whatever it says, and remembers the worst status
    "$@"
    status=$?
    for each in 70 2 1 3 4 5; do
        [ "$worst" -ne "$each" ] || return 0
        [ "$status" -ne "$each" ] || { worst=$status && return 0; }
    done
    [ "$status" -eq 0 ] || worst=$status
}
)";

} // namespace

std::string ci_script(const CiPlan& plan) {
    const CiShell shell{.before = "run ",
                        .program = "\"$jwtdomain\"",
                        .directory = "\"$reports\"",
                        .shown = "text",
                        .files = {{"sarif", "sarif"}, {"junit", "xml"}, {"json", "json"}}};
    std::string out = "#!/bin/sh\n"
                      "# Audits the policy, and what guards its domains, and probes what runs. Reports are written to\n"
                      "# $JWTDOMAIN_REPORTS; the exit status is the worst of all: 0 only if everything was decided and "
                      "good.\n";
    if (!plan.credentials.empty()) {
        out +=
            "# The probe takes a private key (PEM or JWK) or a good token of each domain from the environment, else a "
            "key from\n# the key store. Without them it is INCONCLUSIVE, which is no pass.\n";
        for (const CiCredential& each : plan.credentials)
            out +=
                fmt::format("#   {}: JWTDOMAIN_KEY_{} or JWTDOMAIN_TOKEN_{}\n", each.domain, each.suffix, each.suffix);
    }
    out += fmt::format("# Made by: jwtdomain export --to script\nset -u\numask 077\n\n"
                       "jwtdomain=${{JWTDOMAIN:-jwtdomain}}\nreports=${{JWTDOMAIN_REPORTS:-{}}}\n"
                       "mkdir -p \"$reports\" || exit 3\n\n{}\n",
                       kCiReports, kRun);
    for (const CiStep& step : steps_of(plan))
        out += fmt::format("# {}\n{}\n", step.title, indented(lines_of(plan, step, shell), 0));
    return out + "exit \"$worst\"\n";
}

} // namespace jwtdomain::cli
