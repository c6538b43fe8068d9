#include "cli/app/command.h"
#include "cli/keygen/check_published.h"
#include "cli/keygen/publish.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, JwksOptions& o) {
    d.value("--domain,-d", "NAME", o.domain, "the key set of this domain of the policy", Completes::domain);
    d.list("--key", "FILE", o.keys, "a set of the public halves of these key files", Completes::file);
    d.value("--check", "URL", o.check, "fetch the set that is published there, and hold it against the domain's");
    d.value("--passphrase", "SOURCE", o.passphrase, "what opens an encrypted --key: prompt, env:NAME, file:PATH, fd:N");
    declare_network(d, o.network);
}

Exit check(Session& session, const JwksOptions& options) {
    if (!options.domain)
        return session.report(
            {.fault = Fault::usage, .message = "whose keys are these to be?", .hint = "--domain NAME --check URL"});
    NetworkOptions network = options.network;
    network.fetch = true; // that is what it is for
    if (const Status good = use_network(session, network); !good) return session.report(good.error());
    const auto report = check_published(session, *options.domain, *options.check);
    if (!report) return session.report(report.error());
    return session.emit(
        report->good() ? Exit::yes : Exit::no,
        {{"text", [&] { return to_text(*report, session.color()); }}, {"json", [&] { return to_json(*report); }}});
}

Exit run(Session& session, const JwksOptions& options) {
    if (options.check && options.keys.empty()) return check(session, options);
    if ((options.domain || options.check) && !options.keys.empty())
        return session.report({.fault = Fault::usage, .message = "give either --domain or --key"});
    if (!options.domain && options.keys.empty()) {
        return session.report(
            {.fault = Fault::usage, .message = "whose keys?", .hint = "--domain NAME of the policy, or --key FILE"});
    }
    if (options.network.any())
        return session.report(
            {.fault = Fault::usage, .message = "--fetch, --cacert, --allow-private and --resolve are for --check"});
    const auto keys = options.domain ? published_keys(session, *options.domain) : keys_of_files(session, options);
    if (!keys) return session.report(keys.error());
    return session.emit(Exit::yes, {{"json", [&] { return write_jwks(*keys); }}});
}

} // namespace

extern const Command kJwks{
    .name = "jwks",
    .group = "Set up",
    .summary = "Print public keys as a JWK Set, ready to be published",
    .description =
        "Prints the key set of a domain, or makes one of the public halves of key files. What is printed is "
        "written anew from the numbers of the public "
        "keys: a private member cannot get into it, even if one stands in the file.\n\n"
        "Keys of files get a `kid`, their RFC 7638 thumbprint, if they have none.\n\n"
        "With `--check URL` the set that is published there is fetched and held against the policy: keys "
        "that only one of both has, and the rules on keys and key sets. SAME (0), or DIFFERS (1). Its formats "
        "are text and json.",
    .formats = {"json", "text"},
    .examples = {{"What is to be published for prod", "jwtdomain jwks --domain prod"},
                 {"The public half of a key file", "jwtdomain jwks --key key.pem"},
                 {"Is that what is published? (here nobody answers)",
                  "jwtdomain jwks --domain prod --check http://127.0.0.1:1/jwks", Exit::undecided}},
    .prepare = prepare<JwksOptions, declare, run>,
};

} // namespace jwtdomain::cli
