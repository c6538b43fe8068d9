#include <algorithm>

#include "cli/app/command.h"
#include "cli/app/session.h"
#include "cli/init/create.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, InitOptions& o) {
    d.list("--domain,-d", "NAME", o.domains, "a domain to make");
    d.value("--base-url", "URL", o.base_url, "issuers and audiences are made from it (default https://example.com)");
    d.value("--alg", "NAME", o.algorithm, "the algorithm of the new domains (default ES256)", Completes::algorithm);
    d.value("--issuer,--iss", "[NAME=]URL", o.issuer, "the domain's issuer is somebody else's: no key is made");
    d.value("--resource", "[NAME=]URL", o.resource, "with --fetch: the issuer is the one that this resource names");
    d.choice("--preset", "KIND",
             {"keycloak", "auth0", "okta", "entra", "cognito", "kubernetes", "github-actions", "spiffe"}, o.preset,
             "the kind of that issuer");
    d.value("--jwks", "FILE", o.jwks, "that issuer's public keys, copied into the policy", Completes::file);
    d.list("--audience,--aud", "AUDIENCE", o.audiences, "an audience of the domain, with --preset");
    d.value("--sample", "@TOKEN", o.sample, "take claim names, type and lifetime from a token of that issuer",
            Completes::file);
    declare_network(d, o.network);
    d.flag("--shared-issuer", o.shared_issuer, "domains may have one issuer, or one provider's keys");
    d.flag("--shared-audience", o.shared_audience, "foreign domains may have one audience");
    d.flag("--dry-run,-n", o.dry_run, "show what would be written");
}

// --issuer eu=https://eu.auth0.com is --domain eu --issuer https://eu.auth0.com.
InitOptions read_named(InitOptions o) {
    for (std::optional<std::string>* const named : {&o.issuer, &o.resource}) {
        if (!*named) continue;
        const std::size_t equals = (*named)->find('=');
        if (equals == 0 || equals == std::string::npos || equals > (*named)->find("://")) continue;
        const std::string name = (*named)->substr(0, equals);
        if (std::find(o.domains.begin(), o.domains.end(), name) == o.domains.end()) o.domains.push_back(name);
        (*named)->erase(0, equals + 1);
    }
    return o;
}

Exit run(Session& session, const InitOptions& given) {
    const InitOptions options = read_named(given);
    if (const Status good = use_network(session, options.network); !good) return session.report(good.error());
    const auto report = create(session, options);
    if (!report) return session.report(report.error());
    return session.emit(Exit::yes, {{"text", [&] { return to_text(*report, session.color()); }},
                                    {"json", [&] { return to_json(*report); }}});
}

} // namespace

extern const Command kInit{
    .name = "init",
    .group = "Set up",
    .summary = "Make a policy or add domains to it; describe an issuer you have",
    .description =
        "Without `--issuer`, each domain gets an issuer, an audience and a key of its own: the policy and the public "
        "keys are written into "
        "`jwtdomain/` here (or where `--policy` says), the private keys into `$XDG_STATE_HOME/jwtdomain`.\n\n"
        "With `--issuer` and `--preset`, the domain of an issuer that is somebody else's is described: everything but "
        "minting works for it. What the "
        "preset assumes is written out into the domain's file, to be read and changed. With `--fetch` the issuer is "
        "asked: it must call itself exactly so, the preset is recognised by its URLs, and its keys are compared with "
        "those of the other domains and give the algorithms, where each of them has an `alg`. `--resource` finds the "
        "issuer by what the resource publishes of itself (RFC 9728), if it names exactly one; unless `--audience` "
        "says otherwise, the resource is the audience.\n\n"
        "Nothing is ever overwritten. To a policy that is there, one file is added for each domain, and no other is "
        "touched. Before anything is written, "
        "names, issuers, audiences and keys that collide with those of another domain, or can be mistaken for them, "
        "are refused, with the rule. Where that cannot be changed, `--shared-issuer` and `--shared-audience` allow it.",
    .formats = {"text", "json"},
    .examples = {{"two domains, with issuers, audiences and keys of their own",
                  "jwtdomain init --domain staging --domain prod --base-url https://example.com", Exit::yes},
                 {"what would be written for one more", "jwtdomain init --domain dev --dry-run", Exit::yes},
                 {"an issuer that you have (--jwks FILE adds its public keys)",
                  "jwtdomain init -d eu --preset auth0 --issuer https://eu.auth0.com --aud api", Exit::yes},
                 {"the same, as the issuer describes itself (here one that does not answer)",
                  "jwtdomain init --issuer eu=http://127.0.0.1:1/ --fetch --aud api", Exit::undecided}},
    .prepare = prepare<InitOptions, declare, run>,
};

} // namespace jwtdomain::cli
