#include <algorithm>

#include "cli/app/command.h"
#include "cli/app/policy.h"
#include "cli/app/session.h"
#include "cli/keygen/domain_key.h"
#include "cli/keygen/files.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, KeygenOptions& o) {
    d.value("--domain,-d", "NAME", o.domain, "make a key for this domain of the policy", Completes::domain);
    d.value("--alg", "NAME", o.wish.algorithm, "the algorithm (default: the domain's, or ES256)", Completes::algorithm);
    d.value("--bits", "N", o.wish.bits, "size of an RSA key, 2048 to 8192 (default 2048)");
    d.value("--out", "FILE", o.out, "write a key file, outside of any policy; - prints it", Completes::file);
    d.value("--from", "FILE", o.from, "convert this key file into --out, as --format says", Completes::file);
    d.flag("--public", o.public_only, "with --from: write the public half only");
    d.value("--kid", "KID", o.kid, "with --from: this key of a set");
    d.value("--passphrase", "SOURCE", o.passphrase, "to encrypt it: prompt, env:NAME, file:PATH or fd:N");
    d.value("--from-passphrase", "SOURCE", o.from_passphrase, "what opens the file of --from (default: asked for)");
}

Status check(const KeygenOptions& o, const CommonOptions& common) {
    if (o.domain && (o.out || o.from)) {
        return fail(Fault::usage, "--domain puts the key where it belongs: drop it, or --out and --from",
                    "without --domain, the key is outside of any policy");
    }
    if (o.domain) {
        const auto format = key_format_of(common);
        if (!format) return tl::unexpected(format.error());
        if (*format || o.passphrase || o.from_passphrase || o.public_only || o.kid) {
            return fail(Fault::usage,
                        "a domain's key is kept as a JWK in the key store: of its form there is nothing to choose",
                        "--alg and --bits can be given");
        }
        return {};
    }
    if (!o.out && o.from)
        return fail(Fault::usage, "where should the key go?", "--out FILE, or --out - for standard output");
    if (!o.out)
        return fail(Fault::usage, "what is the key for?",
                    "--domain NAME for a domain of the policy, or --out FILE for a key by itself");
    if (!o.from && o.from_passphrase) return fail(Fault::usage, "--from-passphrase goes with --from");
    return {};
}

Result<KeyReport> make_for_domain(Session& session, const KeygenOptions& options) {
    const auto policy = load_policy(session);
    if (!policy) return tl::unexpected(policy.error());
    const auto domain = policy::require_domain(*policy, *options.domain);
    if (!domain) return tl::unexpected(domain.error());
    const auto state = session.state_directory();
    if (!state) return tl::unexpected(state.error());
    auto key = make_domain_key(*policy, **domain, *state, options.wish, session.now());
    if (!key) return tl::unexpected(key.error());
    return KeyReport{.action = KeyReport::Action::made_for_domain,
                     .domain = (*domain)->name,
                     .algorithm = key->algorithm,
                     .key_type = std::string(name_of(info(choose_algorithm(key->algorithm)->algorithm).key)),
                     .kid = key->kid,
                     .format = {},
                     .private_file = key->private_file,
                     .public_file = key->public_file,
                     .published = key->published,
                     .starts = key->starts};
}

Exit run(Session& session, const KeygenOptions& options) {
    if (const Status good = check(options, session.common()); !good) return session.report(good.error());
    const auto report = options.domain ? make_for_domain(session, options)
                        : options.from ? convert_key_file(session, options)
                                       : make_key_file(session, options);
    if (!report) return session.report(report.error());
    if (options.out == "-") return Exit::yes; // standard output is the key
    std::vector<Rendering> renderings{{"text", [&] { return to_text(*report, session.color()); }},
                                      {"json", [&] { return to_json(*report); }}};
    for (const char* const format : {"pem", "der", "jwk", "jwks", "pkcs1", "sec1"}) {
        renderings.push_back({format, [&] {
                                  return to_text(*report, session.color());
                              }}); // it says how to write the key; the report is text
    }
    return session.emit(Exit::yes, renderings);
}

} // namespace

extern const Command kKeygen{
    .name = "keygen",
    .group = "Set up",
    .summary = "Make a key, for a domain or by itself; convert key files",
    .description =
        "With `--domain` it makes a key pair for a domain of the policy. The private half goes into the key store, "
        "`$XDG_STATE_HOME/jwtdomain/keys`, which is never inside a git work tree; the public half is added to the key "
        "set that the policy names for the "
        "domain. Keys that are in the set already stay as they are.\n\n"
        "With `--out` it makes a key outside of any policy, and with `--from` it converts one: PEM (PKCS#8, or with "
        "`--format pkcs1` and `sec1` the older "
        "forms), DER, JWK and JWK Sets; encrypted PKCS#8 with `--passphrase`. Of a certificate the public key is "
        "taken. Without `--format` the name of the "
        "file decides, and PEM is the default.\n\n"
        "The `kid` of a new key is its RFC 7638 thumbprint. A `kid` that a key has already is kept. Files with private "
        "keys are 0600, are never written "
        "over one that is there, and are refused when others may read them.",
    .formats = {"text", "json", "pem", "der", "jwk", "jwks", "pkcs1", "sec1"},
    .examples = {{"A new key for a domain of the policy", "jwtdomain keygen --domain prod"},
                 {"A key pair outside of any policy", "jwtdomain keygen --alg EdDSA --out key.pem"},
                 {"Its public half", "jwtdomain keygen --from key.pem --public --out public.pem"},
                 {"The same key as a JWK", "jwtdomain keygen --from key.pem --format jwk --out key.jwk"}},
    .prepare = prepare<KeygenOptions, declare, run>,
};

} // namespace jwtdomain::cli
