#include "cli/app/command.h"
#include "cli/app/session.h"
#include "cli/explain/report.h"

namespace jwtdomain::cli {
namespace {

struct ExplainOptions {
    std::optional<std::string> name;
};

void declare(Declaration& d, ExplainOptions& o) {
    ArgumentSpec& name =
        d.argument("NAME", o.name, "a reason code, a rule, an exit status or a topic; all are listed without it",
                   Completes::choice);
    for (const IndexEntry& entry : page_index()) {
        if (entry.name.find('+') == std::string::npos) name.choices.push_back(entry.name);
    }
}

Exit run(Session& session, const ExplainOptions& options) {
    ExplainReport report = page_index();
    if (options.name) {
        auto page = find_page(*options.name);
        if (!page) return session.report(page.error());
        report = std::move(*page);
    }
    return session.emit(Exit::yes, {{"text", [&] { return to_text(report, session.color()); }},
                                    {"json", [&] { return to_json(report); }}});
}

} // namespace

extern const Command kExplain{
    .name = "explain",
    .group = "Help",
    .summary = "Explain a reason, a rule, an exit status or a topic",
    .description = "Every reason code that `verify` and `inspect` give, every rule and every exit status has a page: "
                   "what it means, what to do about it, where it "
                   "is specified, and an example of a token or a policy that gives it beside one that does not. "
                   "Without a name all pages are listed, the "
                   "reasons in the order in which they are checked.\n\n"
                   "The pages are part of the program: nothing is fetched and no policy is read.",
    .formats = {"text", "json"},
    .examples =
        {
            {"All pages", "jwtdomain explain"},
            {"Why was the token rejected?", "jwtdomain explain aud-mismatch"},
            {"What does the exit status say?", "jwtdomain explain 3"},
            {"Who is an insider?", "jwtdomain explain attackers"},
            {"For programs", "jwtdomain explain --format json iss-mismatch"},
        },
    .prepare = prepare<ExplainOptions, declare, run>,
};

} // namespace jwtdomain::cli
