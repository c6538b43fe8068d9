#include "jwtdomain/policy/schema.h"
#include "cli/app/command.h"
#include "cli/app/session.h"

namespace jwtdomain::cli {
namespace {

struct SchemaOptions {
    std::optional<std::string> what;
};

void declare(Declaration& d, SchemaOptions& o) {
    d.argument("WHAT", o.what, "policy (policy.yaml and domain files) or verifier (the normal form)", Completes::choice)
        .choices = {"policy", "verifier"};
}

Exit run(Session& session, const SchemaOptions& options) {
    const std::string what = options.what.value_or("policy");
    if (what != "policy" && what != "verifier") {
        return session.report({Fault::usage,
                               "there is a schema of policy and of verifier, not of \"" + what + "\"",
                               {},
                               "jwtdomain schema policy > policy.schema.json"});
    }
    return session.emit(Exit::yes, {{"json", [&] {
                                         return what == "policy" ? policy::schema::policy_json_schema()
                                                                 : policy::schema::verifier_json_schema();
                                     }}});
}

} // namespace

extern const Command kSchema{
    .name = "schema",
    .group = "Set up",
    .summary = "Print the JSON Schema of a policy or of a verifier, for editors",
    .description = "Prints a JSON Schema (draft 2020-12). That of `policy` is for policy.yaml and for the domain "
                   "files; that of `verifier` is for the normal "
                   "form, in which the acceptance paths of any verifier can be written by hand.\n\n"
                   "The schema and the checks that every command makes on reading come from one table, so that they "
                   "cannot disagree.",
    .formats = {"json"},
    .examples = {{"the schema of policy files, for an editor", "jwtdomain schema policy --output policy.schema.json",
                  Exit::yes},
                 {"the schema of the normal form", "jwtdomain schema verifier", Exit::yes}},
    .prepare = prepare<SchemaOptions, declare, run>,
};

} // namespace jwtdomain::cli
