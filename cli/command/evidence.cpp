#include "cli/app/command.h"
#include "cli/app/network.h"
#include "cli/audit/options.h"
#include "cli/evidence/run.h"

namespace jwtdomain::cli {
namespace {

struct EvidenceOptions {
    std::vector<std::string> words;
    AuditWords audit;
    std::optional<std::string> baseline, from, to, key;
    SealingOptions sealing;
    NetworkOptions network;
};

void declare(Declaration& d, EvidenceOptions& o) {
    d.arguments_list("WHAT", o.words, "make DIR, or verify DIR", Completes::directory);
    declare_audit(d, o.audit);
    d.value("--baseline", "FILE", o.baseline, "make: what is known from this earlier run does not fail",
            Completes::file);
    d.value("--sign-key", "FILE", o.sealing.key, "make: sign the statement with this private key", Completes::file);
    d.value("--passphrase", "SOURCE", o.sealing.passphrase,
            "what opens an encrypted --sign-key: prompt, env:NAME, file:PATH, fd:N");
    declare_network(d, o.network);
    d.value("--from", "DAY", o.from, "verify: there must be a run of each day from this one");
    d.value("--to", "DAY", o.to, "verify: to this one");
    d.value("--key", "FILE", o.key, "verify: each run must be signed by one of these public keys", Completes::file);
}

Exit run_make(Session& session, const EvidenceOptions& given) {
    if (given.from || given.to || given.key)
        return session.report({.fault = Fault::usage, .message = "--from, --to and --key are for evidence verify"});
    if (const Status good = use_network(session, given.network); !good) return session.report(good.error());
    const auto options = settle(given.audit);
    if (!options) return session.report(options.error());
    const auto report = make_evidence(
        session,
        {.directory = given.words.back(), .audit = *options, .baseline = given.baseline, .sealing = given.sealing});
    if (!report) return session.report(report.error());
    return session.emit(exit_of(report->audit), {{"text", [&] { return to_text(*report, session.color()); }},
                                                 {"json", [&] { return to_json(*report); }}});
}

Exit run_verify(Session& session, const EvidenceOptions& given) {
    const AuditWords& audit = given.audit;
    if (audit.against || audit.require || audit.min_depth || audit.fail_on || given.baseline || given.sealing.key)
        return session.report({.fault = Fault::usage,
                               .message = "what the evidence was held against stands in it",
                               .hint = "jwtdomain evidence verify DIR [--from DAY] [--to DAY] [--key FILE]"});
    if (given.network.any())
        return session.report({.fault = Fault::usage, .message = "evidence verify takes what was fetched then"});
    const auto report = verify_evidence(
        session, {.directory = given.words.back(), .from = given.from, .to = given.to, .keys = given.key});
    if (!report) return session.report(report.error());
    return session.emit(exit_of(*report), {{"text", [&] { return to_text(*report, session.color()); }},
                                           {"json", [&] { return to_json(*report); }}});
}

Exit run(Session& session, const EvidenceOptions& options) {
    const auto& words = options.words;
    if (words.size() == 2 && words.front() == "make") return run_make(session, options);
    if (words.size() == 2 && words.front() == "verify") return run_verify(session, options);
    return session.report({.fault = Fault::usage,
                           .message = words.empty() ? "evidence is made or verified: which?"
                                      : words.front() == "make" || words.front() == "verify"
                                          ? words.front() + " takes one directory"
                                          : "this is not known: \"" + words.front() + "\"",
                           .hint = "jwtdomain evidence make DIR, or jwtdomain evidence verify DIR"});
}

} // namespace

extern const Command kEvidence{
    .name = "evidence",
    .group = "Isolation",
    .summary = "Keep what an audit found, so that others can check it later",
    .description =
        "`evidence make DIR` audits the policy and writes what it found into a new directory: the report, the matrix, "
        "the findings and exceptions, the certificate of what is proved, a page to read, and copies of the policy and "
        "key sets that all of it was made from (of what is at URLs in `fetched.json`). `envelope.json` is an in-toto "
        "statement over these files (DSSE), with "
        "the clock, the program and the revision of the policy; `--sign-key` signs it. It ends as `audit` would.\n\n"
        "`evidence verify DIR` answers VALID, GAPS or CHANGED: each file is held against the statement, and everything "
        "is derived again from the copies, octet by octet. Of a directory that holds several runs it says which days "
        "between the first and the last, or from `--from` to `--to`, have none.\n\n"
        "A rule that found nothing is evidence for the controls that are listed with it, for the inputs that were "
        "read. "
        "It does not make anybody compliant.",
    .formats = {"text", "json"},
    .examples = {{"Keep evidence of today, and check it",
                  "jwtdomain evidence make today && jwtdomain evidence verify today"}},
    .prepare = prepare<EvidenceOptions, declare, run>,
};

} // namespace jwtdomain::cli
