#include <algorithm>

#include "cli/app/command.h"
#include "cli/app/fetched.h"
#include "cli/app/gateways.h"
#include "cli/app/network.h"
#include "cli/app/policy.h"
#include "cli/app/renderings.h"
#include "cli/app/session.h"
#include "cli/audit/accepted.h"
#include "cli/audit/diff.h"
#include "cli/audit/drift.h"
#include "cli/audit/log.h"
#include "cli/audit/options.h"
#include "cli/audit/proof.h"
#include "cli/audit/replay.h"
#include "cli/audit/report.h"
#include "cli/audit/resource_metadata.h"
#include "cli/audit/saved_witnesses.h"
#include "jwtdomain/jwt/token.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

struct Options {
    AuditWords audit;
    std::vector<std::string> tokens, words;
    std::optional<std::string> save, baseline, write_baseline, owner, proof;
    SealingOptions sealing;
    bool real_keys = false, resource_metadata = false;
    std::optional<std::string> type; // of the configurations
    NetworkOptions network;
    std::optional<std::string> snapshot;             // of what is fetched
    std::optional<std::string> domain, since, chain; // of the audit log

    bool reads_configurations() const;

    bool audits() const; // is there any option of an audit itself, besides --fail-on?
};

bool Options::audits() const {
    return audit.against || audit.require || audit.min_depth || save || real_keys || baseline || write_baseline ||
           owner || proof || sealing.key || sealing.passphrase || snapshot || resource_metadata || !tokens.empty();
}

// DOMAIN=PATH, each.
bool Options::reads_configurations() const {
    return !words.empty() && words.front() != "diff" && words.front() != "replay" &&
           words.front().find('=') != std::string::npos;
}

void declare(Declaration& d, Options& o) {
    d.arguments_list(
        "WHAT", o.words,
        "DOMAIN=PATH: the configuration that guards the domain, a file, a folder or -; replay DIR: run the "
        "witnesses that were saved there again; diff REV|DIR: what has changed since; drift [DOMAIN=PATH...]: "
        "what the deployment accepts and the policy does not; log: of refresh tokens",
        Completes::directory);
    d.choice("--type", "TYPE", gateway::importer_names(), o.type,
             "whose configurations these are (default: what they look like)");
    declare_audit(d, o.audit, AuditUse::also_diff);
    d.list("--token", "TOKEN", o.tokens, "look at this token too (TOKEN, @FILE or -); may be repeated",
           Completes::file);
    d.value("--save-witnesses", "DIR", o.save, "keep what crosses there, to be run again once it is mended",
            Completes::directory);
    d.flag("--real-keys", o.real_keys,
           "with --save-witnesses: also the tokens themselves, signed with the keys of the domains");
    d.value("--baseline", "FILE", o.baseline, "what is known from this earlier run does not fail", Completes::file);
    d.value("--write-baseline", "FILE", o.write_baseline, "write there what would fail, for --baseline",
            Completes::file);
    d.value("--owner", "NAME", o.owner, "who answers for what --write-baseline writes");
    d.value("--proof", "FILE", o.proof, "write a certificate of what is proved, for `proof check`", Completes::file);
    d.value("--sign-key", "FILE", o.sealing.key, "sign the certificate with this private key", Completes::file);
    d.value("--passphrase", "SOURCE", o.sealing.passphrase,
            "what opens an encrypted --sign-key: prompt, env:NAME, file:PATH, fd:N");
    declare_network(d, o.network);
    d.value("--snapshot", "FILE", o.snapshot,
            "with --fetch, keep there what was fetched; without, take that and nothing else", Completes::file);
    d.flag("--resource-metadata", o.resource_metadata,
           "also hold what the resources publish of themselves (RFC 9728) against the policy");
    d.value("--domain", "NAME", o.domain, "of the log: only what is about that domain", Completes::domain);
    d.value("--since", "TIME", o.since, "of the log: only what happened since then");
    d.value("--chain", "HEX", o.chain, "of the log: it must still have this value, which an earlier run gave");
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
        audit::SampleToken sample{std::string(trim_token(*text)), label_of(argument, out.size() + 1)};
        if (sample.text.empty()) return fail(Fault::no_input, sample.label + " is empty");
        if (UnverifiedToken token; !sample.read(token))
            return fail(Fault::invalid, sample.label + " is no token with claims", "what is it? jwtdomain inspect");
        out.push_back(std::move(sample));
    }
    return out;
}

Exit run_replay(Session& session, const audit::Estate& estate, const std::string& directory) {
    const auto report = replay_all(estate, directory);
    if (!report) return session.report(report.error());
    return session.emit(exit_of(*report), {{"text", [&] { return to_text(*report, session.color()); }},
                                           {"json", [&] { return to_json(*report); }}});
}

Status write_proof(Session& session, const audit::Estate& estate, const audit::Findings& findings, const Options& given,
                   const AuditOptions& options, std::vector<audit::Input> inputs) {
    if (auto open = check_public(estate); !open) return open;
    auto certificate = audit::certify(estate, findings, options.against, std::move(inputs));
    if (!certificate) return tl::unexpected(certificate.error());
    const auto text = sealed(session, std::move(certificate->text), kProofType, given.sealing);
    if (!text) return tl::unexpected(text.error());
    return store::write_file(*given.proof, *text, store::Existing::replace);
}

Status write_real_tokens(Session& session, const audit::Estate& estate, const audit::Findings& findings,
                         const std::string& directory) {
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    const auto tokens = save_real_tokens(estate, findings, store::KeyStore(*state), directory);
    if (!tokens) return tl::unexpected(tokens.error());
    for (const std::string& left_out : tokens->left_out) session.warn("no token with a real key, " + left_out);
    if (tokens->written > 0)
        session.warn(directory + "/*.jwt are signed with real keys and cross for a minute: keep them to yourself");
    return {};
}

Exit run_audit(Session& session, const audit::Estate& estate, const Options& given, const AuditOptions& options,
               const ReadLog& log) {
    const auto samples = read_samples(session, given.tokens);
    if (!samples) return session.report(samples.error());
    auto accepted = load_accepted(*estate.policy, given.baseline, session.now());
    if (!accepted) return session.report(accepted.error());
    EphemeralKeys keys;
    const audit::Findings findings = audit::prove(estate, keys);
    auto rules = audit::check_rules({.estate = estate, .findings = findings, .tokens = *samples});
    auto inputs = inputs_of(session, log, estate.policy->directory); // and not the metadata, which prove nothing
    if (given.resource_metadata) {
        for (audit::RuleFinding& each : check_resource_metadata(session, estate)) rules.push_back(std::move(each));
    }
    AuditReport report = make_report(estate, findings, rules, keys, options, session.world().directory());
    report.fetched = fetched_lines(session, session.now());
    accept(report, std::move(*accepted));
    warn_of_accepted(session, report);
    Exit status = exit_of(report);
    const auto also = [&](const Status& written) {
        if (!written) status = worse(status, session.report(written.error()));
    };
    if (given.write_baseline)
        also(store::write_file(*given.write_baseline, baseline_of(report, *given.owner), store::Existing::replace));
    if (given.snapshot && given.network.fetch) also(keep_snapshot(session, *given.snapshot));
    if (given.proof) also(write_proof(session, estate, findings, given, options, std::move(inputs)));
    if (given.save) also(save_witnesses(estate, findings, *given.save));
    if (given.real_keys) also(write_real_tokens(session, estate, findings, *given.save));
    return session.emit(status, finding_renderings(report, session.color()));
}

Exit diff(Session& session, const Options& given) {
    const bool other_options = given.audits() || given.audit.fail_on.value_or(std::string(kWeaker)) != kWeaker;
    if (given.words.size() != 2 || other_options)
        return session.report({.fault = Fault::usage,
                               .message = "diff takes a revision or a directory, and no option but --fail-on weaker",
                               .hint = "jwtdomain audit diff main --fail-on weaker"});
    return run_diff(session, DiffOptions{.old = given.words.back(), .fail_on_weaker = given.audit.fail_on.has_value()});
}

Exit audit_log(Session& session, const Options& given) {
    if (given.words.size() != 1 || given.audits() || given.audit.fail_on)
        return session.report({.fault = Fault::usage,
                               .message = "log takes --domain, --since and --chain, and nothing else",
                               .hint = "jwtdomain audit log --since 2026-01-01"});
    LogOptions options{.domain = given.domain, .chain = given.chain, .since = {}};
    if (given.chain &&
        (given.chain->size() != 64 || given.chain->find_first_not_of("0123456789abcdefABCDEF") != std::string::npos))
        return session.report({.fault = Fault::usage,
                               .message = "--chain takes the 64 hexadecimal digits that an earlier `audit log` gave",
                               .hint = "they are what follows `chain` in its report"});
    if (given.since) {
        const auto since = parse_time(*given.since);
        if (!since) return session.report(since.error());
        options.since = *since;
    }
    const auto report = read_log(session, options);
    if (!report) return session.report(report.error());
    return session.emit(exit_of(*report), {{"text", [&] { return to_text(*report, session.color()); }},
                                           {"json", [&] { return to_json(*report); }},
                                           {"jsonl", [&] { return to_jsonl(*report); }}});
}

// Options that need one another, and places that are refused before any work is done.
Status check_together(const Options& given) {
    if (given.write_baseline.has_value() != given.owner.has_value())
        return fail(Fault::usage, "--write-baseline and --owner go together",
                    "jwtdomain audit --write-baseline FILE --owner NAME");
    if ((given.sealing.key && !given.proof) || (given.sealing.passphrase && !given.sealing.key))
        return fail(Fault::usage, "--sign-key signs a certificate, and --passphrase opens its key",
                    "jwtdomain audit --proof FILE --sign-key KEY");
    if (given.resource_metadata && !given.network.fetch && !given.snapshot)
        return fail(Fault::usage, "--resource-metadata asks the resources: that is for --fetch");
    if (!given.real_keys) return {};
    if (!given.save)
        return fail(Fault::usage, "--real-keys says how to sign what --save-witnesses writes",
                    "jwtdomain audit --save-witnesses DIR --real-keys");
    if (!store::git_work_tree_of(*given.save).empty())
        return fail(Fault::conflict,
                    *given.save + " lies in a git work tree: no token with a real key is written there",
                    "name a directory outside of it");
    return {};
}

Status check_words(const Options& given) {
    const bool configurations = given.reads_configurations();
    const Status good =
        check_configurations(configurations ? given.words : std::vector<std::string>{}, given.type, "audit");
    if (configurations || !good) return good;
    if (given.words.empty()) return {};
    const bool replay = given.words.front() == "replay";
    if (!replay || given.words.size() != 2)
        return fail(Fault::usage,
                    replay ? "replay takes one directory" : "this is not known: \"" + given.words.front() + "\"",
                    "jwtdomain audit [DOMAIN=PATH...], audit replay DIR, audit diff REV|DIR, audit drift, or "
                    "audit log");
    if (given.audits() || given.audit.fail_on)
        return fail(Fault::usage, "replay takes a directory, and no option of an audit", "jwtdomain audit replay DIR");
    return {};
}

Exit drift(Session& session, Options given) {
    given.words.erase(given.words.begin());
    const bool place = std::all_of(given.words.begin(), given.words.end(),
                                   [](const std::string& word) { return word.find('=') != std::string::npos; });
    if (given.audits() || given.audit.fail_on || !place)
        return session.report({.fault = Fault::usage,
                               .message = "drift takes DOMAIN=PATH, and no option but --type",
                               .hint = "jwtdomain audit drift prod=k8s/prod"});
    if (const Status good = check_words(given); !good) return session.report(good.error());
    const policy::Reader files = policy_reader();
    auto policy = load_guarded_policy(session, files);
    if (!policy) return session.report(policy.error());
    if (const Status read = add_configurations(session, files, given.words, given.type, *policy); !read)
        return session.report(read.error());
    const auto report = drift_of(session, *policy, key_reader(session, *policy, files));
    if (!report) return session.report(report.error());
    return session.emit(exit_of(*report), {{"text", [&] { return to_text(*report, session.color()); }},
                                           {"json", [&] { return to_json(*report); }}});
}

Exit run(Session& session, const Options& given) {
    if (const Status good = use_network(session, given.network); !good) return session.report(good.error());
    if (!given.words.empty() && given.words.front() == "diff") return diff(session, given);
    if (!given.words.empty() && given.words.front() == "drift") return drift(session, given);
    if (!given.words.empty() && given.words.front() == "log") return audit_log(session, given);
    if (given.domain || given.since || given.chain)
        return session.report({.fault = Fault::usage,
                               .message = "--domain, --since and --chain are for the audit log",
                               .hint = "jwtdomain audit log --domain prod"});
    const auto options = settle(given.audit);
    if (!options) return session.report(options.error());
    if (const Status good = check_together(given); !good) return session.report(good.error());
    if (const Status good = check_words(given); !good) return session.report(good.error());
    if (given.snapshot && !given.network.fetch) {
        if (const Status used = use_snapshot(session, *given.snapshot); !used) return session.report(used.error());
    }
    ReadLog log; // what is proved follows from the policy and its keys; what is accepted of it is another matter
    const policy::Reader files = policy_reader(given.proof ? &log : nullptr);
    auto policy = load_guarded_policy(session, files);
    if (!policy) return session.report(policy.error());
    if (given.reads_configurations()) {
        if (const Status read = add_configurations(session, files, given.words, given.type, *policy); !read)
            return session.report(read.error());
    }
    if (policy->domains.empty())
        return session.report({.fault = Fault::no_input,
                               .message = "the policy has no domain",
                               .hint = "add one: jwtdomain init --domain NAME"});
    const audit::Estate estate = audit::make_estate(*policy, key_reader(session, *policy, files), session.now());
    return !given.words.empty() && !given.reads_configurations() ? run_replay(session, estate, given.words.back())
                                                                 : run_audit(session, estate, given, *options, log);
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
        "The depth is the number of facts that must fail before a token crosses: one edit, theft or bypass each.\n\n"
        "What guards a domain is what the policy says in `verifiers`, and with DOMAIN=PATH the configuration that is "
        "deployed, as `describe` reads it; of a stream that holds several domains `PATH#namespace=NAME` takes the part "
        "of "
        "one (`host=NAME` and `label=NAME=VALUE`, too, joined by `&`).\n\n"
        "Keys at URLs are those that were fetched last; `--fetch` asks for them anew. Each document that was used is "
        "listed with its digest and age, in the certificate, too, and `--snapshot` keeps them. With "
        "`--resource-metadata`, a resource that sends its clients to an authorization server that the policy does not "
        "declare for it is found (ISS-03).\n\n"
        "`audit diff REV|DIR` says what has changed since a revision of git, or from the policy in another directory: "
        "each field by what it means, and what is proved of each pair, as weaker, stronger, different (it may be "
        "either) or neutral (a new domain, which nothing else depends on). Its formats are text, json and markdown. "
        "With `--fail-on weaker` it fails on what is weaker and on what is different. An entry more in ignores.yaml is "
        "weaker, and so is one less in the revocation list.\n\n"
        "`audit drift` holds what is deployed against the policy: tokens that the policy takes are made, and others "
        "that differ from them in one thing; which of them only one side takes is told. WIDER: the deployment takes "
        "what the policy refuses (1). NARROWER: it refuses what the policy accepts (0). SAME: no difference was found, "
        "and field by field it asks for no less. NOT PROVEN: neither could be shown (3).\n\n"
        "`audit log` reads the log of refresh tokens, in which everything that was issued, refused or revoked is a "
        "line. WHOLE: each line follows from the one before it, and nothing in it asks for attention. ATTEMPTS (1): a "
        "used token came back, or one was tried at another domain, by another client or with another key. ALTERED (3): "
        "a line was changed or taken away. With `--format jsonl` it prints the lines.",
    .formats = {kFindingFormats.begin(), kFindingFormats.end()},
    .examples =
        {
            {"Can a token of one domain be used in another?", "jwtdomain audit"},
            {"With what really guards them", "jwtdomain audit prod=envoy-prod.yaml staging=envoy-staging.yaml"},
            {"Is it what the policy says?", "jwtdomain audit drift prod=envoy-prod.yaml", Exit::no},
            {"In CI: two facts at least must stand between all domains", "jwtdomain audit --min-depth 2"},
            {"For a program", "jwtdomain audit --format json"},
            {"Begin with what is known, and fail on what is new",
             "jwtdomain audit --write-baseline known.json --owner platform"},
            {"Keep what crosses, and see later that it no longer does",
             "jwtdomain audit --save-witnesses witnesses && jwtdomain audit replay witnesses", Exit::undecided},
            {"Try it at what is really running: tokens that cross, for a minute",
             "jwtdomain audit --save-witnesses ~/witnesses --real-keys"},
            {"In CI: does this change weaken anything? As a comment on the merge request",
             "jwtdomain audit diff main --fail-on weaker --format markdown"},
            {"Annotations, a file for code scanning and a page for people, of one run",
             "jwtdomain audit --format github --format sarif:ci.sarif --format html:ci.html"},
        },
    .prepare = prepare<Options, declare, run>,
};

} // namespace jwtdomain::cli
