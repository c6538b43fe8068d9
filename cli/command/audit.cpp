#include <charconv>

#include "cli/app/command.h"
#include "cli/app/policy.h"
#include "cli/app/session.h"
#include "cli/audit/replay.h"
#include "cli/audit/report.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

struct Options {
    std::optional<std::string> against, require, min_depth, fail_on;
    std::vector<std::string> tokens, words;
    std::optional<std::string> save;
};

std::vector<std::string> attacker_names() {
    std::vector<std::string> names;
    for (const audit::Attacker attacker : audit::kAttackers) names.emplace_back(name_of(attacker));
    return names;
}

void declare(Declaration& d, Options& o) {
    d.arguments_list("WHAT", o.words, "replay DIR: run the witnesses that were saved there again",
                     Completes::directory);
    d.choice("--against", "ATTACKER", attacker_names(), o.against,
             "the strongest attacker to hold against (default: insider)");
    d.choice("--require", "LEVEL", {"policy", "config", "probed"}, o.require, "how each verdict must be known");
    d.value("--min-depth", "N", o.min_depth, "fail unless so many facts must fail before a token crosses");
    d.choice("--fail-on", "SEVERITY", {"critical", "high", "medium", "low", "info"}, o.fail_on,
             "fail on findings from this severity up (default: high)");
    d.list("--token", "TOKEN", o.tokens, "look at this token too (TOKEN, @FILE or -); may be repeated",
           Completes::file);
    d.value("--save-witnesses", "DIR", o.save, "keep what crosses there, to be run again once it is mended",
            Completes::directory);
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

// A token as it was typed would fill the report, and may be one that is still good: it is called by its number.
std::string label_of(const std::string& argument, std::size_t number) {
    return argument.rfind('@', 0) == 0 ? argument : "token " + std::to_string(number);
}

Result<std::vector<audit::SampleToken>> read_samples(Session& session, const std::vector<std::string>& given) {
    std::vector<audit::SampleToken> out;
    for (const std::string& argument : given) {
        const auto text = session.read_argument(argument, "token", kMaxToken + 1024);
        if (!text) return fail(text.error());
        out.push_back({std::string(trim_token(*text)), label_of(argument, out.size() + 1)});
    }
    return out;
}

Exit run_replay(Session& session, const audit::Estate& estate, const std::string& directory) {
    const auto report = replay_all(estate, directory);
    if (!report) return session.report(report.error());
    return session.emit(exit_of(*report), {{"text", [&] { return to_text(*report, session.color()); }},
                                           {"json", [&] { return to_json(*report); }}});
}

Exit run_audit(Session& session, const audit::Estate& estate, const Options& given, const AuditOptions& options) {
    const auto samples = read_samples(session, given.tokens);
    if (!samples) return session.report(samples.error());
    audit::EphemeralKeys keys;
    const audit::Findings findings = audit::prove(estate, keys);
    const auto rules = audit::check_rules({.estate = estate, .findings = findings, .tokens = *samples});
    const AuditReport report = make_report(estate, findings, rules, options, session.world().directory());
    if (given.save) {
        if (const Status saved = save_witnesses(estate, findings, *given.save); !saved)
            return session.report(saved.error());
    }
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

Exit run(Session& session, const Options& given) {
    const auto options = settle(given);
    if (!options) return session.report(options.error());
    const bool replays = given.words.size() == 2 && given.words.front() == "replay";
    if (!given.words.empty() && !replays)
        return session.report({.fault = Fault::usage,
                               .message = "this is not known: \"" + given.words.front() + "\"",
                               .hint = "jwtdomain audit, or jwtdomain audit replay DIR"});
    const auto policy = load_policy(session);
    if (!policy) return session.report(policy.error());
    if (policy->domains.empty())
        return session.report({.fault = Fault::no_input,
                               .message = "the policy has no domain",
                               .hint = "add one: jwtdomain init --domain NAME"});
    const audit::Estate estate = audit::make_estate(*policy, key_reader(session, *policy), session.now());
    return replays ? run_replay(session, estate, given.words.back()) : run_audit(session, estate, given, *options);
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
            {"Keep what crosses, and see later that it no longer does",
             "jwtdomain audit --save-witnesses witnesses && jwtdomain audit replay witnesses", Exit::undecided},
            {"Annotations, a file for code scanning and a page for people, of one run",
             "jwtdomain audit --format github --format sarif:audit.sarif --format html:audit.html"},
        },
    .prepare = prepare<Options, declare, run>,
};

} // namespace jwtdomain::cli
