#include <algorithm>

#include "cli/app/command.h"
#include "cli/app/number.h"
#include "cli/crack/export.h"
#include "cli/crack/report.h"
#include "cli/triage/basis.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

constexpr unsigned kMostThreads = 256;

void declare(Declaration& d, CrackOptions& o) {
    d.argument("TOKEN", o.token, "the token; @FILE, or - for standard input", Completes::file);
    d.value("--input", "FORMAT", o.input, "jsonl: TOKEN is many, one token or object a line");
    d.list("--wordlist,-w", "FILE", o.wordlists, "secrets, one a line; - is standard input; after what is built in",
           Completes::file);
    d.flag("--mutate", o.mutate, "try some hundred variations of each word of the lists, too");
    d.value("--out", "FILE", o.out, "write what is found there, readable by you alone; it must not be there yet",
            Completes::file);
    d.value("--resume", "FILE", o.resume, "keep there how far the search has come, and go on from there",
            Completes::file);
    d.flag("--foreign", o.foreign, "also tokens that are of no domain of the policy");
    d.choice("--export", "TOOL", guesser_names(), o.export_to,
             "do not guess: write the tokens as that tool reads them");
    d.value("--jobs,-j", "N", o.jobs, "threads (default: one for each core)");
}

Status check(const CrackOptions& options) {
    if (options.input && *options.input != "jsonl")
        return fail(Fault::usage, "--input takes jsonl", "one token or JSON object a line");
    if (options.export_to && (!options.wordlists.empty() || options.out || options.resume || options.mutate))
        return fail(Fault::usage, "--export guesses nothing: --wordlist, --mutate, --out and --resume are not for it");
    if (options.mutate && options.wordlists.empty())
        return fail(Fault::usage, "--mutate varies the words of lists: what is built in is varied anyway",
                    "name a list by --wordlist FILE");
    const bool list_of_input =
        std::find(options.wordlists.begin(), options.wordlists.end(), "-") != options.wordlists.end();
    if (list_of_input && (!options.token || *options.token == "-"))
        return fail(Fault::usage, "standard input is the word list: give the token as @FILE");
    return {};
}

Exit write_export(Session& session, const CrackOptions& options, const CrackTokens& tokens) {
    for (const RefusedToken& refused : tokens.refused)
        session.warn((refused.line ? "line " + std::to_string(refused.line) + ": " : "") + refused.why);
    const ExportedTokens out = export_tokens(session, *options.export_to, tokens.tokens);
    const bool all = tokens.refused.empty() && out.left_out == 0;
    return session.emit(all ? Exit::yes : Exit::undecided, {{"text", [&] { return out.lines; }}}, true);
}

// What is searched, as a digest.
std::string plan_of(const CrackOptions& options, const CrackTokens& tokens, const WordLists& lists) {
    std::string all = options.mutate ? "mutate\n" : "\n";
    for (const CrackToken& token : tokens.tokens) all += token.fingerprint + "\n";
    return fingerprint(all + lists.identity());
}

Exit run(Session& session, const CrackOptions& options) {
    if (const Status good = check(options); !good) return session.report(good.error());
    const auto jobs = options.jobs ? parse_number(*options.jobs, "--jobs", kMostThreads)
                                   : Result<std::size_t>(session.world().processors());
    if (!jobs) return session.report(jobs.error());
    const auto basis = TriageBasis::load(session);
    if (!basis) return session.report(basis.error());
    auto tokens = read_crack_tokens(session, options, basis->estate());
    if (!tokens) return session.report(tokens.error());
    if (options.export_to) return write_export(session, options, *tokens);
    auto lists = WordLists::open(session.world(), options.wordlists);
    if (!lists) return session.report(lists.error());
    std::optional<CrackJournal> journal;
    if (options.resume) {
        auto opened = CrackJournal::open(*options.resume, plan_of(options, *tokens, **lists));
        if (!opened) return session.report(opened.error());
        journal.emplace(std::move(*opened));
        if (const Status skipped = (*lists)->skip(journal->place()); !skipped) return session.report(skipped.error());
    }
    std::optional<FoundFile> out;
    if (options.out) {
        auto opened = FoundFile::open(*options.out, journal && !journal->found().empty());
        if (!opened) return session.report(opened.error());
        out.emplace(std::move(*opened));
    }
    SearchEnd end = search(session, {.tokens = tokens->tokens,
                                     .lists = **lists,
                                     .variation = options.mutate ? crack::Variation::simple : crack::Variation::none,
                                     .out = out ? &*out : nullptr,
                                     .journal = journal ? &*journal : nullptr,
                                     .threads = static_cast<unsigned>(*jobs)});
    Exit status = Exit::yes;
    for (const Error& error : end.faults) status = worse(status, session.report(error));
    CrackReport report = crack_report(basis->estate(), std::move(*tokens), std::move(end));
    report.too_long = (*lists)->too_long();
    if (out && out->is_there()) report.out = out->path();
    report.secrets_lost = out && report.found() > 0 && !out->is_there();
    const int signal = session.world().interrupted();
    if (signal != 0 && options.resume) session.warn("stopped: the same command goes on from " + *options.resume);
    const Exit told =
        session.emit(worse(exit_of(report), status), {{"text", [&] { return to_text(report, session.color()); }},
                                                      {"json", [&] { return to_json(report); }}});
    return signal != 0 ? static_cast<Exit>(128 + signal) : told;
}

} // namespace

extern const Command kCrack{
    .name = "crack",
    .group = "Incident",
    .summary = "Try whether the secret of an HMAC token can be guessed, and say what it opens",
    .description =
        "Tries secrets against tokens that HS256, HS384 or HS512 signs: first what is built in (the defaults and "
        "examples of documentation, and what people make up, varied), then word lists, all tokens at once, on all "
        "cores. Whoever has one such token can do the same without asking anybody.\n\n"
        "A secret that is found is never shown: `--out` writes it into a file of mode 0600, a JWK Set, which `triage "
        "--key` reads. The report names the rule (KEY-05: a published secret, KEY-06: a weak one), every domain of "
        "the policy that takes what is signed with it, and what stops it. Not found means that it is not in what was "
        "tried, no more.\n\n"
        "Only tokens of the policy's own domains are tried; `--foreign` is for others, whose secrets you may guess. "
        "`--export` writes tokens for hashcat (`-m 16500`) and john (`--format=HMAC-SHA256`), whose lists and rules "
        "go further; what it writes are the tokens themselves.\n\n"
        "`--resume` keeps in a file how far the lists were tried: the same command goes on there. A compressed list "
        "goes through a pipe.",
    .formats = {"text", "json"},
    .examples =
        {
            {"Is its secret a published one?", "jwtdomain crack --foreign @hs256.jwt", Exit::no},
            {"A list, and what was found into a file",
             "jwtdomain crack --foreign -w words.txt --out found.jwks @hs256.jwt", Exit::no},
            {"For a machine with GPUs", "jwtdomain crack --foreign --export hashcat @hs256.jwt"},
        },
    .prepare = prepare<CrackOptions, declare, run>,
};

} // namespace jwtdomain::cli
