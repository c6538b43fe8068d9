#include "cli/app/command.h"
#include "cli/revoke/run.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, RevokeOptions& o) {
    d.argument("TOKEN", o.token,
               "the token, @FILE or - (default: standard input): its jti, or its family if it is a "
               "refresh token");
    d.value("--jti", "JTI", o.jti, "the one token with this jti");
    d.value("--family", "FAMILY", o.family, "a family of refresh tokens, and its access tokens");
    d.value("--subject,--sub", "SUBJECT", o.subject, "all tokens of a subject, and its families");
    d.value("--client", "NAME", o.client, "all families of refresh tokens of a client");
    d.value("--key", "KID", o.key, "all tokens that a key has signed: its kid or its RFC 7638 thumbprint");
    d.value("--domain,-d", "NAME", o.domain, "in which domain; by itself: all tokens of the domain", Completes::domain);
    d.value("--before", "TIME", o.before, "only tokens that were issued before then (RFC 3339, seconds)");
    d.value("--reason", "TEXT", o.reason, "why, for people; it stands in the list");
    d.flag("--list", o.list, "revoke nothing: what is on the list");
    d.value("--import", "FILE", o.import, "take over a list that others have signed", Completes::file);
}

tl::unexpected<Error> usage(std::string message, std::string hint = {}) {
    return fail(Fault::usage, std::move(message), std::move(hint));
}

Status check(const RevokeOptions& o) {
    const int kinds = (o.token ? 1 : 0) + (o.jti ? 1 : 0) + (o.family ? 1 : 0) + (o.subject ? 1 : 0) +
                      (o.client ? 1 : 0) + (o.key ? 1 : 0);
    if (o.list || o.import) {
        if (o.names_something() || o.domain || o.before || o.reason || (o.list && o.import))
            return usage("--list and --import take nothing else");
        return {};
    }
    if (kinds > 1) return usage("one thing at a time: a token, --jti, --family, --subject, --client or --key");
    if (o.token && o.token->substr(0, 5) == "jdr1.")
        return usage("a refresh token is a secret, and whoever lists processes would see it",
                     "give it on standard input, or as @FILE");
    if (o.before && (o.token || o.jti || o.family))
        return usage("--before goes with --subject, --client, --key or --domain");
    return {};
}

Exit run(Session& session, const RevokeOptions& given) {
    RevokeOptions options = given;
    if (!options.names_something() && !options.domain && !options.list && !options.import) options.token = "-";
    if (const Status good = check(options); !good) return session.report(good.error());
    if (!given.token && options.token && session.world().is_terminal(Stream::in))
        return session.report({.fault = Fault::no_input,
                               .message = "what is to be revoked?",
                               .hint = "a token on standard input or as @FILE, or --jti, --family, --subject, --key"});
    if (options.list) return list_revocations(session);
    return options.import ? import_revocations(session, *options.import) : revoke(session, options);
}

} // namespace

extern const Command kRevoke{
    .name = "revoke",
    .group = "Tokens",
    .summary = "Revoke a token, a family, a subject, a key or a domain",
    .description =
        "Puts it on the revocation list of the policy (`revocations.jws` beside `policy.yaml`, or what the policy "
        "names), which `jwtdomain verify`, `triage` and `scan` read, and ends the families of refresh tokens that are "
        "meant. Once it has returned, no refresh that began before commits.\n\n"
        "The list is signed: by a key of the domain that is concerned, which speaks for that domain alone, or by a key "
        "that the policy names in `revocations: keys`. A list that cannot be believed lets nothing be decided. It can "
        "be copied to wherever tokens are verified; `--import` takes over what others have signed, and never an older "
        "list of the same signer.\n\n"
        "An entry stands until the last token that it means has expired: for a token until its `exp`, with `--before` "
        "until what was issued before then is over. A subject, a key or a domain without `--before` stays revoked.\n\n"
        "What goes on in spite of it is said: a gateway or service that does not read the list takes the access tokens "
        "until they expire. Revoking again changes nothing.",
    .formats = {"text", "json"},
    .examples =
        {
            {"A token that has leaked", "jwtdomain revoke @leaked.token --reason 'in a log'"},
            {"Everything that a subject holds", "jwtdomain revoke --domain prod --subject alice"},
            {"What was issued before the incident was over",
             "jwtdomain revoke --domain prod --before 2026-11-20T12:00:00Z"},
            {"What is revoked?", "jwtdomain revoke --list"},
        },
    .prepare = prepare<RevokeOptions, declare, run>,
};

} // namespace jwtdomain::cli
