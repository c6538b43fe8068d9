#include <filesystem>

#include "cli/app/command.h"
#include "cli/app/json_text.h"
#include "cli/app/policy.h"
#include "cli/app/session.h"
#include "cli/inspect/options.h"
#include "cli/inspect/report.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxInput = 64u << 20;

void declare(Declaration& d, InspectOptions& o) {
    d.argument("TOKEN", o.token, "the token, @FILE, or - for standard input", Completes::file);
    d.value("--get", "NAME", o.get, "print one claim alone; NAME can be a JSON Pointer (/cnf/jkt)");
    d.flag("--claims", o.claims, "print the claims alone, as JSON");
    d.flag("--header", o.header, "print the header alone, as JSON; with --get, take NAME from the header");
    d.flag("--reveal", o.reveal, "show tokens and secrets inside the token as they are");
}

// The policy if there is one. That there is none is nothing to speak of; a broken one is warned of.
Result<policy::Policy> read_policy(Session& session) {
    auto policy = load_policy(session);
    const bool asked_for = session.common().policy || session.world().environment("JWTDOMAIN_POLICY");
    if (!policy && (policy.error().fault != Fault::not_found || asked_for)) {
        session.warn("the policy is not used: " + describe(policy.error()));
    }
    return policy;
}

// Raw, for scripts. A person's terminal gets no control characters out of a token.
Exit print_raw(Session& session, const std::string& text) {
    const bool to_terminal = session.world().is_terminal(Stream::out) && !session.common().output;
    return session.emit(Exit::yes, {{"text", [&] { return (to_terminal ? escape_text(text) : text) + "\n"; }}});
}

Exit extract(Session& session, const InspectOptions& options, const inspect::Token& token) {
    const inspect::Token* innermost = &token;
    while (!innermost->inner.empty() && !options.header) innermost = &innermost->inner.front();
    const std::string& part = options.header ? innermost->header.json : innermost->claims.json;
    if (options.get) {
        const auto value = get_value(part, *options.get);
        if (value) return print_raw(session, *value);
        session.report(value.error());
        return Exit::no;
    }
    if (part.empty())
        return session.report({Fault::invalid, std::string(options.header ? "the header" : "the payload") +
                                                   " is no JSON that can be read"});
    const auto value = json_value(part);
    return session.emit(Exit::yes, {{"text", [&] { return value.is_null() ? part + "\n" : json_text(value); }}});
}

Exit run(Session& session, const InspectOptions& options) {
    const bool extracts = options.get || options.claims || options.header;
    if (extracts && !session.common().formats.empty() && session.common().formats.front().substr(0, 4) != "text") {
        return session.report(
            {Fault::usage, "--get, --claims and --header print what they name and have no other format"});
    }
    if (options.claims && (options.get || options.header)) {
        return session.report({Fault::usage, "--claims prints all claims: drop it, or --get and --header"});
    }
    const auto text = session.read_argument(options.token, "token", kMaxInput);
    if (!text) return session.report(text.error());
    auto input = unwrap_token(*text);
    if (!input) {
        Error error = input.error();
        std::error_code ignored;
        if (options.token && text->size() < 4096 && std::filesystem::is_regular_file(*options.token, ignored)) {
            error.hint = "to read the file of that name: jwtdomain inspect @" + *options.token;
        }
        return session.report(error);
    }
    if (extracts) {
        const InspectReport report = make_report(*input, nullptr, {}, options.reveal, session.now());
        return extract(session, options, report.token);
    }
    const auto policy = read_policy(session);
    const InspectReport report =
        policy ? make_report(*input, &*policy, key_reader(session, *policy), options.reveal, session.now())
               : make_report(*input, nullptr, {}, options.reveal, session.now());
    const Exit status = report.token.decoded() ? Exit::yes : Exit::undecided;
    return session.emit(status, {{"text", [&] { return to_text(report, session.color()); }},
                                 {"json", [&] { return to_json(report); }}});
}

} // namespace

extern const Command kInspect{
    .name = "inspect",
    .group = "Tokens",
    .summary = "Say what a token is and what is odd about it, without believing it",
    .description =
        "Takes a token apart and shows what it says. Nothing is verified: no key and no algorithm is needed, and the "
        "first "
        "line says so. `jwtdomain verify` decides.\n\n"
        "The token is found in what was pasted: a header field, a cookie, a URL, a JSON document, base64, broken "
        "lines. "
        "JWS, JWE, SD-JWT, nested and detached tokens and both JSON serializations are known. Broken tokens are shown "
        "as far "
        "as they can be read. Of several tokens in the input the first is shown.\n\n"
        "Each anomaly has a reason code; `jwtdomain explain CODE` explains it. Where there is a policy, the domain "
        "that the token claims to be of is named, and whether the key that it asks for is one of that domain.\n\n"
        "Signatures are never printed. Tokens inside the token are shown without theirs, and passwords, private keys "
        "and "
        "other secrets in claims are left out, unless `--reveal` is given.",
    .formats = {"text", "json"},
    .examples =
        {
            {"What a token says", "jwtdomain inspect @token.txt"},
            {"One claim, for a script", "jwtdomain inspect --get sub @token.txt"},
            {"From a request, as it was logged", "echo \"Authorization: Bearer $(cat token.txt)\" | jwtdomain inspect"},
        },
    .prepare = prepare<InspectOptions, declare, run>,
};

} // namespace jwtdomain::cli
