#include "cli/app/command.h"
#include "cli/rotate/run.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, RotateOptions& o) {
    d.value("--domain,-d", "NAME", o.domain, "replace the signing key of this domain", Completes::domain);
    d.flag("--plan", o.plan, "say what is due when, and change nothing");
    d.flag("--simulate", o.simulate, "hold the plan against all ages of caches and tokens; change nothing");
    d.flag("--emergency", o.emergency, "the key is stolen: a new one signs now, the others go now");
    d.flag("--now", o.now, "begin, although `every` of the policy is not over");
    d.value("--reason", "TEXT", o.reason, "with --emergency: why, for the audit log");
    d.value("--public", "FILE", o.public_key, "publish this key next; its private half is elsewhere", Completes::file);
    d.value("--alg", "NAME", o.wish.algorithm, "of the new key (default: as the one before)", Completes::algorithm);
    d.value("--bits", "N", o.wish.bits, "size of a new RSA key, 2048 to 8192");
}

Status check(const RotateOptions& o) {
    if (!o.domain) return fail(Fault::usage, "the key of which domain?", "jwtdomain rotate --domain NAME");
    const int modes = int{o.plan} + int{o.simulate} + int{o.emergency} + int{o.now};
    if (modes > 1) return fail(Fault::usage, "--plan, --simulate, --emergency and --now are four different things");
    if (o.reason && !o.emergency) return fail(Fault::usage, "--reason goes with --emergency");
    const bool shaped = o.public_key || o.wish.algorithm || o.wish.bits;
    if (shaped && (o.plan || o.simulate))
        return fail(Fault::usage, "--plan and --simulate make no key", "drop --public, --alg and --bits");
    if (o.public_key && (o.wish.algorithm || o.wish.bits))
        return fail(Fault::usage, "the key of --public is what it is", "drop --alg and --bits");
    return {};
}

Exit run(Session& session, const RotateOptions& options) {
    if (const Status good = check(options); !good) return session.report(good.error());
    if (options.simulate) {
        const auto report = simulate_rotation(session, options);
        if (!report) return session.report(report.error());
        return session.emit(
            report->simulation.good() ? Exit::yes : Exit::no,
            {{"text", [&] { return to_text(*report, session.color()); }}, {"json", [&] { return to_json(*report); }}});
    }
    const auto report = options.plan ? plan_rotation(session, options) : rotate(session, options);
    if (!report) return session.report(report.error());
    return session.emit(Exit::yes, {{"text", [&] { return to_text(*report, session.color()); }},
                                    {"json", [&] { return to_json(*report); }}});
}

} // namespace

extern const Command kRotate{
    .name = "rotate",
    .group = "Set up",
    .summary = "Replace the signing key of a domain, without breaking a token",
    .description =
        "Does the step that is due, and says what comes next. A key is `prepared` (published, so that every copy of "
        "the "
        "set has it), then `active` (it signs), `retired` (it stays published until its last token is over), and "
        "`removed`. The states follow from the times in the keys' records, the members `iat`, `nbf` and `exp` of the "
        "set: two runs make a rotation, and between them keys change by themselves. A run that has nothing to do "
        "changes nothing and is no failure, so that cron can run it; one that was interrupted is completed by the "
        "next. `issue` signs with the active key only.\n\n"
        "A key is published for as long as a consumer may keep the set (`rotation: {cache: 2h}` of the policy, and the "
        "leeway) before it signs, and for the life of a token after. With `rotation: {every: 90d}` a run begins a "
        "rotation when the key is that old; without it, whenever none is under way. A key signs for at least six lives "
        "of a token.\n\n"
        "What is to be served is written to `publish/DOMAIN/` beside the policy, as the root of the issuer's host: the "
        "key set (`application/jwk-set+json`, `max-age=300`) and the two documents that lead to it (OpenID Connect "
        "Discovery 1.0, RFC 8414); `_headers` has the types. Deploy it after each run that changes it. Keys that were "
        "removed are kept in `DOMAIN.removed.json` beside the set, for `earlier_jwks`.\n\n"
        "With `--emergency` a new key signs at once and all others are removed at once: what stays open, and what "
        "breaks, is told.\n\n"
        "Where the private key is elsewhere (`issue --signer`, `issue --request`), make the next one there and give "
        "its "
        "public half with `--public`.",
    .formats = {"text", "json"},
    .examples = {{"Do what is due; from cron, too", "jwtdomain rotate --domain prod"},
                 {"What is due when", "jwtdomain rotate --domain prod --plan"},
                 {"Does any token fail on the way?", "jwtdomain rotate --domain prod --simulate"},
                 {"The key was stolen", "jwtdomain rotate --domain prod --emergency --reason 'laptop lost'"}},
    .prepare = prepare<RotateOptions, declare, run>,
};

} // namespace jwtdomain::cli
