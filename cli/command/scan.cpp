#include "cli/app/command.h"
#include "cli/app/session.h"
#include "cli/audit/options.h"
#include "cli/scan/merge.h"
#include "cli/scan/run.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, ScanWords& o) {
    d.arguments_list("PATH", o.paths, "files and directories, or - for standard input; or merge and reports to add up",
                     Completes::file);
    d.list("--exclude", "PATTERN", o.exclude,
           "skip what has such a name, or such a path, also in archives: *.min.js, vendor/**");
    d.value("--max-depth", "N", o.max_depth, "directories below a PATH (default: 256)");
    d.value("--max-window", "SIZE", o.max_window, "memory for unpacking: 128M for all of xz -9 (default: 36M)");
    d.value("--max-unpacked", "SIZE", o.max_unpacked, "what a file may unpack to, or 200 times its size (default: 1G)");
    d.value("--since", "WHEN", o.since,
            "of a repository's history only what came since: a date, 7d, or a revision: origin/main");
    d.flag("--staged", o.staged, "look at what is staged for the next commit, and nothing else");
    d.choice("--fail-on", "SEVERITY", severity_names(), o.fail_on,
             "fail on tokens from this severity up (default: high)");
    d.value("--jwks", "FILE", o.jwks, "say whether these keys signed it, besides those of the policy", Completes::file);
    declare_sources(d, o.sources);
    d.value("--only", "FINGERPRINT", o.only, "look for this token alone");
    d.value("--baseline", "FILE", o.baseline, "what is known from this earlier run does not fail", Completes::file);
    d.value("--write-baseline", "FILE", o.write_baseline, "write there what would fail, for --baseline",
            Completes::file);
    d.value("--owner", "NAME", o.owner, "who answers for what --write-baseline writes");
    d.value("--shard", "I/N", o.shard, "read the part I, counting from 0, of N: scan merge adds them up");
    d.value("--jobs,-j", "N", o.jobs, "threads (default: one for each core, up to 16)");
    d.flag("--strict", o.strict, "only tokens as they stand: none that was wrapped, escaped or cut up");
    d.flag("--loose", o.loose, "join more: what is cut up by blanks");
    d.flag("--across", o.across,
           "hold the tokens beside each other, too: repeated nonces and jti, shared client keys, audiences, lives");
    d.value("--recover", "FILE", o.recover,
            "write the private keys there that --across finds given away; it must not be there yet", Completes::file);
    d.flag("--derive-keys", o.derive_keys,
           "with --across: public RSA keys from two tokens each, about a minute and 160 MB a key");
    d.flag("--reveal", o.reveal, "put the tokens themselves into the report");
}

Exit run(Session& session, const ScanWords& words) {
    const bool merge = !words.paths.empty() && words.paths.front() == "merge";
    return merge ? run_scan_merge(session, words) : run_scan(session, words);
}

} // namespace

extern const Command kScan{
    .name = "scan",
    .group = "Incident",
    .summary = "Find leaked tokens, and say of each what it opens and what stops it",
    .description =
        "Reads files, directories and standard input, whatever they hold, and finds every token in it: plain, "
        "percent-encoded, escaped, wrapped, cut up by a log, in base64, base32, hexadecimal dumps and UTF-16, inside "
        "of another token. What is compressed (gzip, zlib, bzip2, xz, lzip, zstd) is unpacked, archives (zip, tar, "
        "7z, cpio, ar) are read member by member, in each other too: known by their content, never by a name. A place "
        "in there is `outer.zip!dir/inner.tar!file`; nothing is written anywhere. In a HAR file each place has its "
        "entry, counting from 1. What follows a token does not hide it, since its algorithm says how long its "
        "signature is.\n\n"
        "A repository of git is read through git: every object, also those that no branch leads to any more, each "
        "once. A place in it is written `REPOSITORY!COMMIT:PATH`, which `git show` takes without the repository; a "
        "tag by its reference, a message by its commit, what nothing leads to by its own name. Nothing that the "
        "repository is set up with is run, and nothing is fetched. `--since` looks at a part of the history: what "
        "commits since then bring, their messages and tags. The files of a work tree are read as all others.\n\n"
        "`--staged` looks at what the next commit would take in, and nothing else. As a hook, `.git/hooks/pre-commit` "
        "is `#!/bin/sh` and `exec jwtdomain scan --staged`.\n\n"
        "`scan merge REPORT...` adds up what several runs have written (json, or jsonl), each of a part: its report "
        "is that of a single run. `--shard` is such a part. What is in a `--baseline` is shown, and does not fail. "
        "`jwtdomain explain scan` shows how.\n\n"
        "`--across` holds the tokens beside each other, too (in text, json and jsonl): an ECDSA key that has used one "
        "nonce twice, which gives its private half away (proved, never shown; `--recover` writes it into a file of "
        "mode 0600), the public key that two tokens of one unknown RSA key have in common (a candidate, at once for "
        "the exponent 3; with `--derive-keys` for 65537, too), one jti in two tokens, and by the policy client keys "
        "(KEY-08) and audiences (AUD-04) of several "
        "domains, and lives that are longer than it has them (LIF-01).\n\n"
        "Each token is judged as `triage` does: whose it is, whether it lives, who accepts it until when, what stops "
        "it; `--config` and `--fetch` are as there. The report ends with what to do about all of them, each thing "
        "once, "
        "worst first, and how many live tokens hang on a key. Without a policy only what it says itself is told, and "
        "what has not expired counts as alive. Severities: "
        "critical (accepted, its signature good), high (accepted or not known to be refused), medium (refused by all "
        "that the policy knows), low (cut off, or without its signature), info (expired, revoked, a known "
        "example).\n\n"
        "The report can be pasted into a ticket: nothing in it makes a token usable, unless `--reveal` asks for it. "
        "Ignore files and hidden names are no reason to skip anything; links inside of directories are not followed. "
        "What could not be read is told, and makes the exit status 3 where no token makes it 1.",
    .formats = {"text", "json", "jsonl", "csv", "sarif", "html"},
    .examples =
        {
            {"What leaked into this directory?", "jwtdomain scan .", Exit::no},
            {"A line for each place, as it is found", "cat staging.jwt | jwtdomain scan --format jsonl", Exit::no},
            {"What would the next commit give away?", "jwtdomain scan --staged"},
            {"Fail on what is new from now on", "jwtdomain scan --write-baseline known.json --owner alice .", Exit::no},
            {"... as here", "jwtdomain scan --baseline known.json ."},
            {"Two halves, perhaps on two machines", "jwtdomain scan --shard 0/2 --format json:a.json .", Exit::no},
            {"... of a whole", "jwtdomain scan --shard 1/2 --format json:b.json .", Exit::no},
            {"... of which this is the report", "jwtdomain scan merge a.json b.json --format csv", Exit::no},
            {"Which of it will live in 2100?", "jwtdomain scan --time 2100-01-01 ."},
        },
    .prepare = prepare<ScanWords, declare, run>,
};

} // namespace jwtdomain::cli
