#include "cli/app/command.h"
#include "cli/app/session.h"
#include "cli/audit/options.h"
#include "cli/scan/run.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, ScanWords& o) {
    d.arguments_list("PATH", o.paths, "files and directories, or - for standard input", Completes::file);
    d.list("--exclude", "PATTERN", o.exclude, "skip what has such a name, or such a path: *.min.js, vendor/**/*.map");
    d.value("--max-depth", "N", o.max_depth, "directories below a PATH (default: 256)");
    d.value("--max-window", "SIZE", o.max_window, "memory for unpacking: 128M for all of xz -9 (default: 40M)");
    d.value("--max-unpacked", "SIZE", o.max_unpacked, "what a file may unpack to, or 200 times its size (default: 1G)");
    d.choice("--fail-on", "SEVERITY", severity_names(), o.fail_on,
             "fail on tokens from this severity up (default: high)");
    d.value("--only", "FINGERPRINT", o.only, "look for this token alone");
    d.flag("--strict", o.strict, "only tokens as they stand: none that was wrapped, escaped or cut up");
    d.flag("--loose", o.loose, "join more: what is cut up by blanks");
    d.flag("--reveal", o.reveal, "put the tokens themselves into the report");
}

Exit run(Session& session, const ScanWords& words) { return run_scan(session, words); }

} // namespace

extern const Command kScan{
    .name = "scan",
    .group = "Incident",
    .summary = "Find leaked tokens, and say of each what it opens and what stops it",
    .description =
        "Reads files, directories and standard input, whatever they hold, and finds every token in it: plain, "
        "percent-encoded, escaped, wrapped, cut up by a log, in base64, base32, hexadecimal dumps and UTF-16, inside "
        "of "
        "another token. What is compressed (gzip, zlib, bzip2, xz, lzip, zstd) is unpacked, archives (zip, tar, 7z, "
        "cpio, ar) are read member by member, in each other too: known by their content, never by a name. A place in "
        "there is `outer.zip!dir/inner.tar!file`; nothing is written anywhere. In a HAR file each place has its entry, "
        "counting from 1. What follows a token does not hide it, since its algorithm says how long its signature "
        "is.\n\n"
        "Each token is judged as `triage` does: whose it is, whether it lives, who accepts it until when, what stops "
        "it. Without a policy only what it says itself is told, and what has not expired counts as alive. Severities: "
        "critical (accepted, its signature good), high (accepted or not known to be refused), medium (refused by all "
        "that the policy knows), low (cut off, or without its signature), info (expired, revoked, a known example).\n\n"
        "The report can be pasted into a ticket: nothing in it makes a token usable, unless `--reveal` asks for it. "
        "Ignore files and hidden names are no reason to skip anything; links inside of directories are not followed. "
        "What could not be read is told, and makes the exit status 3 where no token makes it 1.",
    .formats = {"text", "json", "jsonl"},
    .examples =
        {
            {"What leaked into this directory?", "jwtdomain scan .", Exit::no},
            {"A line for each place, as it is found", "cat staging.jwt | jwtdomain scan --format jsonl", Exit::no},
            {"Which of it will live in 2100?", "jwtdomain scan --time 2100-01-01 ."},
        },
    .prepare = prepare<ScanWords, declare, run>,
};

} // namespace jwtdomain::cli
