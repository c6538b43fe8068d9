// What the completions of shells ask for while a line is typed. Hidden: it is in no list of commands.
#include "cli/app/command.h"
#include "cli/app/policy.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

struct CompleteOptions {
    std::optional<std::string> what;
};

void declare(Declaration& d, CompleteOptions& o) {
    d.argument("WHAT", o.what, "domains: those of the policy, one a line");
}

// Whoever types is not to be disturbed: without a policy, or with a bad one, there are no candidates and no message.
Exit run(Session& session, const CompleteOptions& options) {
    if (options.what != "domains") return Exit::usage;
    const auto policy = load_policy(session);
    if (!policy) return Exit::undecided;
    std::string names;
    for (const policy::Domain& domain : policy->domains) {
        if (is_plain(domain.name)) names += domain.name + "\n";
    }
    session.print(names);
    return Exit::yes;
}

} // namespace

extern const Command kComplete{
    .name = "__complete",
    .group = "", // hidden
    .summary = "Candidates for the completion of shells",
    .description = "",
    .formats = {},
    .examples = {},
    .prepare = prepare<CompleteOptions, declare, run>,
};

} // namespace jwtdomain::cli
