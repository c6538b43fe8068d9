#include "cli/app/command.h"
#include "cli/keygen/publish.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, JwksOptions& o) {
    d.value("--domain,-d", "NAME", o.domain, "the key set of this domain of the policy", Completes::domain);
    d.list("--key", "FILE", o.keys, "a set of the public halves of these key files", Completes::file);
    d.value("--passphrase", "SOURCE", o.passphrase, "what opens an encrypted --key: prompt, env:NAME, file:PATH, fd:N");
}

Exit run(Session& session, const JwksOptions& options) {
    if (options.domain && !options.keys.empty())
        return session.report({.fault = Fault::usage, .message = "give either --domain or --key"});
    if (!options.domain && options.keys.empty()) {
        return session.report(
            {.fault = Fault::usage, .message = "whose keys?", .hint = "--domain NAME of the policy, or --key FILE"});
    }
    const auto keys = options.domain ? published_keys(session, *options.domain) : keys_of_files(session, options);
    if (!keys) return session.report(keys.error());
    return session.emit(Exit::yes, {{"json", [&] { return write_jwks(*keys); }}});
}

} // namespace

extern const Command kJwks{
    .name = "jwks",
    .group = "Set up",
    .summary = "Print public keys as a JWK Set, ready to be published",
    .description = "Prints the key set of a domain, or makes one of the public halves of key files. What is printed is "
                   "written anew from the numbers of the public "
                   "keys: a private member cannot get into it, even if one stands in the file.\n\n"
                   "Keys of files get a `kid`, their RFC 7638 thumbprint, if they have none.",
    .formats = {"json"},
    .examples = {{"What is to be published for prod", "jwtdomain jwks --domain prod"},
                 {"The public half of a key file", "jwtdomain jwks --key key.pem"}},
    .prepare = prepare<JwksOptions, declare, run>,
};

} // namespace jwtdomain::cli
