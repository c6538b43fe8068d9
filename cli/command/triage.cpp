#include "cli/app/command.h"
#include "cli/app/keys.h"
#include "cli/app/policy.h"
#include "cli/app/session.h"
#include "cli/triage/basis.h"
#include "cli/triage/bulk.h"
#include "cli/triage/report.h"
#include "cli/triage/sources.h"
#include "jwtdomain/jwt/unwrap.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxInput = 64u << 20;

struct Options {
    std::optional<std::string> token, key, domain, input;
    TriageSources sources;
};

void declare(Declaration& d, Options& o) {
    d.argument("TOKEN", o.token, "the token, as it was found; @FILE, or - for standard input", Completes::file);
    d.value("--key", "FILE", o.key, "a stolen key instead: what does it open?", Completes::file);
    d.value("--input", "FORMAT", o.input, "jsonl: one token or object a line, a report each");
    d.value("--domain,-d", "NAME", o.domain, "all keys of a domain that is lost", Completes::domain);
    declare_sources(d, o.sources);
}

Exit emit(Session& session, const TriageReport& report) {
    return session.emit(exit_of(report), {{"text", [&] { return to_text(report, session.color()); }},
                                          {"json", [&] { return to_json(report); }}});
}

Exit run_keys(Session& session, const Options& options) {
    const auto policy = load_policy_with(session, options.sources);
    if (!policy) return session.report(policy.error());
    const audit::Estate estate = audit::make_estate(*policy, key_reader(session, *policy), session.now());
    if (options.key) {
        const auto set = load_verification_keys(session, *options.key, Custody::lost);
        if (!set) return session.report(set.error());
        StolenKeys stolen{.subject = *options.key, .keys = {}};
        for (const Jwk& key : set->keys) stolen.keys.push_back(audit::identity_of_key(key));
        for (const SkippedKey& key : set->skipped) stolen.keys.push_back(audit::identity_of_key(key));
        return emit(session, triage_keys(estate, std::move(stolen)));
    }
    const auto domain = policy::require_domain(*policy, *options.domain);
    if (!domain) return session.report(domain.error());
    const auto index = static_cast<std::size_t>(*domain - policy->domains.data());
    const audit::DomainKeys& lost = estate.keys[index];
    if (!lost.unresolved.empty())
        return session.report({.fault = Fault::unreadable,
                               .message = "the keys of " + *options.domain + " are not known: " + lost.unresolved});
    StolenKeys stolen{.subject = *options.domain, .keys = lost.identities, .unread = lost.unread};
    for (const audit::DomainKeys::Further& further : lost.further) stolen.keys.push_back(further.identity);
    return emit(session, triage_keys(estate, std::move(stolen)));
}

Exit run(Session& session, const Options& options) {
    if (const Status good = use_sources(session, options.sources, "triage"); !good) return session.report(good.error());
    if ((options.key || options.domain) && (options.token || (options.key && options.domain)))
        return session.report({Fault::usage, "give a token, --key or --domain: one of the three"});
    if (options.input && *options.input != "jsonl")
        return session.report(
            {Fault::usage, "--input takes jsonl", {}, "one token or JSON object a line on standard input"});
    if (options.input && (options.key || options.domain || (options.token && *options.token != "-")))
        return session.report({Fault::usage,
                               "--input jsonl reads tokens from standard input, and nothing else is asked with it",
                               {},
                               "jwtdomain triage --input jsonl < tokens.txt"});
    if (options.key || options.domain) return run_keys(session, options);
    if (options.input) {
        const auto basis = TriageBasis::load(session, options.sources);
        return basis ? triage_lines(session, *basis) : session.report(basis.error());
    }
    const auto text = session.read_argument(options.token, "token", kMaxInput);
    if (!text) return session.report(text.error());
    const auto found = unwrap_token(*text);
    if (!found) return session.report(found.error());
    if (found->more > 0)
        session.warn("there are " + std::to_string(found->more) +
                     " more tokens in the input: only the first is looked at");
    const auto basis = TriageBasis::load(session, options.sources);
    return basis ? emit(session, basis->judge_alone(found->token)) : session.report(basis.error());
}

} // namespace

extern const Command kTriage{
    .name = "triage",
    .group = "Incident",
    .summary = "Say what a leaked token or a stolen key opens, until when, and what stops it",
    .description =
        "Answers first whether the token lives, then which services accept it, until when and with which scopes, then "
        "what "
        "stops it, in order. The token is taken as it was found: out of a header, a cookie, a log line. A token whose "
        "signature was cut off or scrubbed is judged by all the rest, and the report says so. Nothing in the report "
        "makes "
        "the token usable: it can be pasted into a ticket.\n\n"
        "Who accepts it is asked of the verifiers that the policy declares, or, where it declares none, of the policy "
        "itself. Without a policy only what the token says is told. `--config` adds configurations of gateways, as "
        "they "
        "are deployed, `--fetch` the keys that are at URLs; where the token says that its own keys are is never "
        "asked, since that tells whoever made it.\n\n"
        "With `--input jsonl` each line of the input is a token, or an object with `token` and perhaps `id`, and each "
        "line of the output is a report in JSON; the exit status is the worst of them.\n\n"
        "With `--key` or `--domain` the question is what a stolen key opens, whatever its holder writes into tokens.",
    .formats = {"text", "json"},
    .examples =
        {
            {"What does this token open?", "jwtdomain triage @staging.jwt", Exit::no},
            {"Out of a log", "echo \"Authorization: Bearer $(cat prod.jwt)\" | jwtdomain triage", Exit::no},
            {"Many tokens, a report a line", "cat staging.jwt prod.jwt | jwtdomain triage --input jsonl", Exit::no},
            {"All keys of staging are lost", "jwtdomain triage --domain staging", Exit::no},
        },
    .prepare = prepare<Options, declare, run>,
};

} // namespace jwtdomain::cli
