#include "cli/audit/proof.h"
#include "cli/app/command.h"

namespace jwtdomain::cli {
namespace {

struct ProofOptions {
    std::vector<std::string> words;
    std::optional<std::string> key, snapshot;
};

void declare(Declaration& d, ProofOptions& o) {
    d.arguments_list("WHAT", o.words, "check FILE: a certificate that `audit --proof` wrote", Completes::file);
    d.value("--key", "FILE", o.key, "it must be signed by one of these public keys", Completes::file);
    d.value("--snapshot", "FILE", o.snapshot, "what `audit --snapshot` kept of what was fetched", Completes::file);
}

Exit run(Session& session, const ProofOptions& options) {
    if (options.words.size() != 2 || options.words.front() != "check")
        return session.report({.fault = Fault::usage,
                               .message = options.words.empty() ? "what is to be done with which certificate?"
                                          : options.words.front() == "check"
                                              ? "check takes one certificate"
                                              : "this is not known: \"" + options.words.front() + "\"",
                               .hint = "jwtdomain proof check FILE"});
    const auto report =
        check_proof(session, {.file = options.words.back(), .keys = options.key, .snapshot = options.snapshot});
    if (!report) return session.report(report.error());
    return session.emit(
        report->valid() ? Exit::yes : Exit::no,
        {{"text", [&] { return to_text(*report, session.color()); }}, {"json", [&] { return to_json(*report); }}});
}

} // namespace

extern const Command kProof{
    .name = "proof",
    .group = "Isolation",
    .summary = "Check a certificate of isolation against the policy",
    .description =
        "A certificate says for each service and each path of it what keeps out the tokens of every other domain, with "
        "the digests of all files that it was made from. `proof check` reads the policy again, lowers it again, works "
        "out every separation again over all domains and paths, and refuses the certificate if anything differs: a "
        "file, a separator, a member. What it shares with `audit` is how policies are lowered into acceptance paths, "
        "and that is among the assumptions.\n\n"
        "What was fetched for it is an input as any file is: its URL, its digest, and when its origin last said that "
        "this is it. `--snapshot` has it as it was then; else it is taken as it was fetched last.\n\n"
        "A certificate ends with the trust edge that ends first. It speaks of a snapshot: what was deployed since is "
        "for another audit.\n\n"
        "`audit --proof FILE --sign-key KEY` signs it (DSSE); `--key` asks for that signature.",
    .formats = {"text", "json"},
    .examples = {{"Prove isolation, keep the certificate, and check it later",
                  "jwtdomain audit --proof isolation.json && jwtdomain proof check isolation.json"}},
    .prepare = prepare<ProofOptions, declare, run>,
};

} // namespace jwtdomain::cli
