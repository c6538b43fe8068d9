#include <charconv>

#include "cli/app/command.h"
#include "cli/app/policy.h"
#include "cli/app/session.h"
#include "cli/audit/report.h"

namespace jwtdomain::cli {
namespace {

struct Options {
    std::optional<std::string> against, require, min_depth, fail_on;
};

std::vector<std::string> attacker_names() {
    std::vector<std::string> names;
    for (const audit::Attacker attacker : audit::kAttackers) names.emplace_back(name_of(attacker));
    return names;
}

void declare(Declaration& d, Options& o) {
    d.choice("--against", "ATTACKER", attacker_names(), o.against,
             "the strongest attacker to hold against (default: insider)");
    d.choice("--require", "LEVEL", {"policy", "config", "probed"}, o.require, "how each verdict must be known");
    d.value("--min-depth", "N", o.min_depth, "fail unless so many facts must fail before a token crosses");
    d.choice("--fail-on", "SEVERITY", {"critical", "high", "medium", "low", "info"}, o.fail_on,
             "fail on findings from this severity up (default: high)");
}

Result<AuditOptions> settle(const Options& given) {
    AuditOptions options;
    if (given.against) options.against = *audit::find_attacker(*given.against);
    for (const audit::Evidence level : {audit::Evidence::policy, audit::Evidence::config, audit::Evidence::probed}) {
        if (given.require == name_of(level)) options.require = level;
    }
    for (const Severity severity :
         {Severity::critical, Severity::high, Severity::medium, Severity::low, Severity::info}) {
        if (given.fail_on == name_of(severity)) options.fail_on = severity;
    }
    if (given.min_depth) {
        unsigned depth = 0;
        const char* const end = given.min_depth->data() + given.min_depth->size();
        const auto [stop, error] = std::from_chars(given.min_depth->data(), end, depth);
        if (error != std::errc() || stop != end || depth > audit::Depth::kDeep)
            return fail(Fault::usage, "--min-depth takes a number from 0 to 3");
        options.min_depth = depth;
    }
    return options;
}

Exit run(Session& session, const Options& given) {
    const auto options = settle(given);
    if (!options) return session.report(options.error());
    const auto policy = load_policy(session);
    if (!policy) return session.report(policy.error());
    if (policy->domains.empty())
        return session.report({.fault = Fault::no_input,
                               .message = "the policy has no domain",
                               .hint = "add one: jwtdomain init --domain NAME"});
    const audit::Estate estate = audit::make_estate(*policy, key_reader(session, *policy), session.now());
    audit::EphemeralKeys keys;
    const audit::Findings findings = audit::prove(estate, keys);
    const auto rules = audit::check_rules({.estate = estate, .findings = findings});
    const AuditReport report = make_report(estate, findings, rules, *options, session.world().directory());
    return session.emit(exit_of(report), {{"text", [&] { return to_text(report, session.color()); }},
                                          {"json", [&] { return to_json(report); }},
                                          {"jsonl", [&] { return to_jsonl(report); }},
                                          {"sarif", [&] { return to_sarif(report); }},
                                          {"junit", [&] { return to_junit(report); }},
                                          {"github", [&] { return to_github(report); }},
                                          {"gitlab-codequality", [&] { return to_gitlab_codequality(report); }},
                                          {"gitlab-sast", [&] { return to_gitlab_sast(report); }},
                                          {"markdown", [&] { return to_markdown(report); }},
                                          {"html", [&] { return to_html(report); }}});
}

} // namespace

extern const Command kAudit{
    .name = "audit",
    .group = "Isolation",
    .summary = "Prove which domains are isolated, or mint the token that crosses",
    .description =
        "Asks for every ordered pair of domains and each attacker whether there is a token that the attacker can have "
        "of "
        "the one and what guards the other accepts. The answer is one of four. LEAKS: there is one; it was made, "
        "signed "
        "with a key of its own, and run through the engine under the rules of the path that takes it; each field is "
        "listed that would stop it if it were required. ISOLATED: there is none, under assumptions that are printed. "
        "NOT "
        "PROVEN: it could not be decided, and what stood in the way is named. CONSISTENT: the policy was only held "
        "against itself, since it says nothing of what guards the resources.\n\n"
        "Attackers, each able to do all that the one before can: `outsider` has public information only; `replay` has "
        "tokens as the issuer mints them by default; `insider` has any token that the issuance profile permits; "
        "`stolen-key` signs what it likes with the domain's keys; `hostile-issuer` also controls the domain's key "
        "sources. `--against` says which must be held against; what gets through for stronger ones is shown and does "
        "not "
        "fail.\n\n"
        "The depth is the number of facts that must fail before a token crosses: one edit, theft or bypass each.",
    .formats = {"text", "json", "jsonl", "sarif", "junit", "github", "gitlab-codequality", "gitlab-sast", "markdown",
                "html"},
    .examples =
        {
            {"Can a token of one domain be used in another?", "jwtdomain audit"},
            {"In CI: two facts at least must stand between all domains", "jwtdomain audit --min-depth 2"},
            {"For a program", "jwtdomain audit --format json"},
            {"Annotations, a file for code scanning and a page for people, of one run",
             "jwtdomain audit --format github --format sarif:audit.sarif --format html:audit.html"},
        },
    .prepare = prepare<Options, declare, run>,
};

} // namespace jwtdomain::cli
