#include "cli/app/command.h"
#include "cli/refresh/run.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, RefreshOptions& o) {
    d.arguments_list("WHAT", o.words,
                     "@FILE or -: where the refresh token is (default: standard input); list: the families that there "
                     "are; show FAMILY: one of them",
                     Completes::file);
    d.value("--domain,-d", "NAME", o.domain, "the domain that is asked; of list: whose families", Completes::domain);
    d.value("--client", "NAME", o.client, "the client that presents it");
    d.value("--subject,--sub", "SUBJECT", o.subject, "of list: whose families");
    d.list("--scope", "SCOPE", o.scopes, "a scope of the access token, of those that were granted (default: all)");
    d.list("--audience,--aud", "AUDIENCE", o.audiences, "for whom it is, of those that were granted");
    d.value("--ttl", "SPAN", o.ttl, "how long the access token lives: 90s, 5m (default: as long as allowed)");
    d.value("--dpop", "PROOF", o.dpop_proof, "the DPoP proof of the client's key that came with it: text or @FILE",
            Completes::file);
    d.value("--dpop-key", "FILE", o.dpop_key, "the client's private key: make the proof here", Completes::file);
    d.value("--endpoint", "URI", o.endpoint, "what the proof is for (default: the issuer and /token)");
    d.value("--input", "FORMAT", o.input, "lines: one refresh token a line on standard input, and one answer a line");
    declare_signing(d, o);
    d.flag("--store-check", o.store_check, "read the whole store, and say what in it is damaged or was changed");
}

tl::unexpected<Error> usage(std::string message, std::string hint = {}) {
    return fail(Fault::usage, std::move(message), std::move(hint));
}

bool exchanges(const RefreshOptions& o) {
    return o.input || o.ttl || o.dpop_proof || o.dpop_key || o.endpoint || o.kid || o.signer || o.key || o.passphrase ||
           !o.scopes.empty() || !o.audiences.empty();
}

Status check(const RefreshOptions& o, const CommonOptions& common) {
    const std::string first = o.words.empty() ? "" : o.words.front();
    const bool looks = o.store_check || first == "list" || first == "show";
    if (looks && exchanges(o)) return usage("that only looks at the store: drop what is about an exchange");
    if (o.store_check && (!o.words.empty() || o.domain || o.client || o.subject))
        return usage("--store-check looks at the whole store, and takes nothing else");
    if (first == "show" && o.words.size() != 2) return usage("show which family?", "jwtdomain refresh list names them");
    if (first == "show" && (o.domain || o.client || o.subject)) return usage("show takes a family, and nothing else");
    if (first != "show" && o.words.size() > 1) return usage("one refresh token at a time, or --input lines");
    if (looks) return {};
    if (first.substr(0, 5) == "jdr1.")
        return usage("a refresh token is a secret, and whoever lists processes would see it",
                     "give it on standard input, or as @FILE");
    if (!first.empty() && first != "-" && first.front() != '@')
        return usage("this is not known: \"" + first + "\"",
                     "the token comes on standard input, or as @FILE; or: refresh list, refresh show FAMILY");
    if (!o.domain) return usage("for which domain?", "--domain NAME of the policy");
    if (o.subject) return usage("--subject goes with list: the token says whose it is");
    if (o.key && o.signer) return usage("give one of --key and --signer");
    if (o.passphrase && !o.key) return usage("--passphrase goes with --key");
    if (o.dpop_proof && (o.dpop_key || o.input))
        return usage("a proof is good for one request", "--dpop-key makes one for each");
    if (o.endpoint && !o.dpop_proof && !o.dpop_key) return usage("--endpoint goes with --dpop and --dpop-key");
    if (o.input && *o.input != "lines") return usage("--input takes lines", "one refresh token a line");
    if (o.input && (!o.words.empty() || common.output || !common.formats.empty()))
        return usage("--input reads standard input and answers a line each: drop @FILE, --output and --format");
    return {};
}

Exit run(Session& session, const RefreshOptions& options) {
    if (const Status good = check(options, session.common()); !good) return session.report(good.error());
    if (options.store_check) return check_store(session);
    if (!options.words.empty() && options.words.front() == "list") return list_families(session, options);
    if (!options.words.empty() && options.words.front() == "show") return show_family(session, options.words.back());
    return options.input ? refresh_lines(session, options) : refresh_token(session, options);
}

} // namespace

extern const Command kRefresh{
    .name = "refresh",
    .group = "Tokens",
    .summary = "Exchange a refresh token for the next access token, inside its domain",
    .description =
        "Takes a refresh token that `jwtdomain issue --refresh` gave, on standard input or from a file, and prints a "
        "token response of OAuth 2.0 (RFC 6749 section 5.1), as JSON. The access token is minted by the policy as it "
        "is now: what it no longer allows is left out or refused, and nothing is ever added to what was granted. A "
        "token of another domain or of another client is refused.\n\n"
        "With `rotate`, each token is good once: its successor is in the answer. If the answer was lost, the same "
        "token gets the same answer again for some seconds (`grace`), three times at most. A token that comes back "
        "later is in two hands: its whole family ends, for ever, and its access tokens are put on the revocation list. "
        "With `bind`, the token stays, and is good only with a proof of the client's key. A family ends when it was "
        "not used for `idle`, and at the latest `absolute` after its beginning; no refresh moves that.\n\n"
        "Whatever the reason, a refusal is `{\"error\":\"invalid_grant\"}` and exit status 1; why stands in the audit "
        "log (`jwtdomain audit log`). The answer is printed after it is on the disk; if the program is stopped before, "
        "the token that was presented is still good.\n\n"
        "The store is a SQLite database in the directory of private state. It holds no token, only what recognises "
        "one. Known limits: a copy of a token gets the last answer, too, within the grace; and putting back an old "
        "copy of the whole store takes it back to that state.",
    .formats = {"text", "json"},
    .examples =
        {
            {"The next access token", "jwtdomain refresh --domain prod --client web @refresh.token >tokens.json"},
            {"With less than was granted", "jwtdomain refresh --domain prod --client web --scope read @refresh.token"},
            {"Which families are there?", "jwtdomain refresh list --domain prod"},
            {"Is the store whole?", "jwtdomain refresh --store-check"},
        },
    .prepare = prepare<RefreshOptions, declare, run>,
};

} // namespace jwtdomain::cli
