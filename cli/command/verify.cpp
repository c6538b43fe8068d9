#include "cli/app/command.h"
#include "cli/app/session.h"
#include "cli/verify/expectation.h"
#include "cli/verify/options.h"
#include "cli/verify/renewal.h"
#include "cli/verify/report.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxInput = 64u << 20; // read and then refused by the engine with a reason

void declare(Declaration& d, VerifyOptions& o) {
    d.argument("TOKEN", o.token, "the token, @FILE, or - for standard input", Completes::file);
    d.value("--domain,-d", "NAME", o.domain, "the domain that is to accept it; auto finds it", Completes::domain);
    d.value("--resource", "URL", o.resource, "the resource that is asked for");
    d.value("--method", "METHOD", o.method, "the HTTP method that is asked for");
    d.list("--scope", "SCOPE", o.scopes, "a scope that the token must have");
    d.value("--dpop", "PROOF", o.dpop,
            "the DPoP proof that came with it (RFC 9449): text or @FILE; with --resource and --method",
            Completes::file);
    d.value("--expect", "VERDICT", o.expect, "accept, reject or reject:CODE: exit 0 only then", Completes::reason);
    d.value("--input", "FORMAT", o.input, "jsonl: one token or object a line, a verdict each");
    d.value("--jobs,-j", "N", o.jobs, "threads for --input (default: all processors)");
    d.value("--key", "FILE", o.key, "without a policy: this key (PEM, DER, JWK, X.509)", Completes::file);
    d.value("--jwks", "FILE", o.jwks, "without a policy: these keys", Completes::file);
    d.value("--secret", "SOURCE", o.secret, "an HMAC secret: env:NAME, file:PATH, fd:N, prompt");
    d.list("--issuer,--iss", "ISSUER", o.issuers, "the issuer, without a policy");
    d.list("--audience,--aud", "AUDIENCE", o.audiences, "the audience, likewise");
    d.list("--alg", "NAME", o.algorithms, "accept only this algorithm", Completes::algorithm);
    d.value("--leeway", "SPAN", o.leeway, "for differing clocks, without a policy (default 30s)");
    d.flag("--signature-only", o.signature_only, "check the signature of a compact JWS, nothing else");
    declare_network(d, o.network);
}

Exit conclude(Session& session, VerifyReport& report, const std::optional<std::string>& expect) {
    Exit status = report.accepted ? Exit::yes : Exit::no;
    for (const Finding& finding : report.findings) {
        if (finding.reason == Reason::keys_unavailable) status = Exit::undecided;
    }
    if (expect) {
        const auto expected = parse_expectation(*expect);
        if (!expected) return session.report(expected.error());
        report.expectation = *expect;
        report.as_expected = meets(*expected, report.accepted, report.findings);
        if (status != Exit::undecided) status = report.as_expected ? Exit::yes : Exit::no;
    }
    return session.emit(status, {{"text", [&] { return to_text(report, session.color()); }},
                                 {"json", [&] { return to_json(report); }}});
}

Exit run_ad_hoc(Session& session, const VerifyOptions& options, std::string_view token) {
    const auto verifier = ad_hoc_verifier(session, options);
    if (!verifier) return session.report(verifier.error());
    accept::Judge judge(*verifier);
    accept::TokenReadings readings;
    readings.reset(token);
    VerifyReport report = make_report(judge.decide(readings, {.now = session.now()}), token, session.now());
    report.path.clear();
    return conclude(session, report, options.expect);
}

// A bound token that is sent as a bearer token is the downgrade that RFC 9449 section 7.2 forbids to take.
void warn_of_bearer(Session& session, const VerifyOptions& options, const VerifyReport& report) {
    if (!report.accepted || options.dpop || !report.bound) return;
    session.warn("the token is bound to a key of the client: a resource takes it only with a proof of that key "
                 "(--dpop), and that was not looked at");
}

Exit run(Session& session, const VerifyOptions& given) {
    VerifyOptions options = given;
    if (options.ad_hoc() && options.domain) {
        return session.report(
            {Fault::usage, "--domain takes its keys from the policy: drop it, or --key, --jwks and --secret"});
    }
    if (options.expect) {
        if (const auto expected = parse_expectation(*options.expect); !expected)
            return session.report(expected.error());
    }
    if (!options.ad_hoc() && !options.domain) {
        return session.report(
            {Fault::usage,
             "verify for which domain?",
             {},
             "jwtdomain verify --domain NAME (auto finds it), or --key FILE --issuer I --audience A"});
    }
    if (given.dpop) {
        if (!options.resource || !options.method || options.input || options.ad_hoc())
            return session.report({Fault::usage,
                                   "a proof is for one request",
                                   {},
                                   "--dpop goes with --domain, --resource and --method, for one token"});
        auto proof = session.read_argument(given.dpop, "proof", 64u << 10);
        if (!proof) return session.report(proof.error());
        options.dpop = trim_token(*proof);
    }
    if (const Status good = use_network(session, options.network); !good) return session.report(good.error());
    if (options.input) return verify_bulk(session, options);
    const auto text = session.read_argument(options.token, "token", kMaxInput);
    if (!text) return session.report(text.error());
    const std::string_view token = trim_token(*text);
    if (token.empty()) return session.report({Fault::no_input, "there is no token in the input"});
    if (options.ad_hoc()) return run_ad_hoc(session, options, token);
    session.expect_kid(kid_of(token));
    auto report = verify_by_policy(session, options, token);
    if (!report) return session.report(report.error());
    warn_of_bearer(session, options, *report);
    return conclude(session, *report, options.expect);
}

} // namespace

extern const Command kVerify{
    .name = "verify",
    .group = "Tokens",
    .summary = "Decide whether a token belongs here, and say every reason why not",
    .description =
        "Asks the acceptance paths of one domain, and of no other, whether they take the token, in the "
        "order that `jwtdomain explain verification` shows: shape, "
        "header, key, signature, claims, then resource and scopes. Every check that fails is reported with "
        "its reason code, and so is the domain that would have "
        "accepted the token. `--domain auto` finds the domain; a token that several accept is rejected as "
        "ambiguous.\n\n"
        "Without a policy, `--key`, `--jwks` or `--secret` give the keys; then `--issuer` and `--audience` "
        "are both needed, since a signature alone does not say "
        "for whom a token is. `--signature-only` checks the signature of any compact JWS, whatever its "
        "payload, and says that nothing else was checked.\n\n"
        "A token that is bound to a key of the client (`cnf`) is good only with a proof that was made for the "
        "one request: `--dpop` gives it, and `--resource` and `--method` say what was asked for. Whether the "
        "same proof came before is for whoever serves the resource to remember.\n\n"
        "With `--input jsonl` each line of the input is a token, or an object with `token` and perhaps "
        "`domain`, `resource`, `method` and `id`; each line of the "
        "output is the verdict on one, in the same order.\n\n"
        "Keys that the policy says are at a URL, or found by discovery, are asked for with `--fetch` alone, "
        "and then at most as often as their origin says; without it, those fetched before are used, with a "
        "warning where they are older than that. A `kid` that is not among the keys has the origin asked "
        "again, once a minute at the most.",
    .formats = {"text", "json"},
    .examples =
        {
            {"Does this token belong to prod?", "jwtdomain verify --domain prod @prod.jwt"},
            {"A token of staging is refused there, with every reason", "jwtdomain verify --domain prod @staging.jwt",
             Exit::no},
            {"A test that fails once prod lets tokens of staging in",
             "jwtdomain verify --domain prod --expect reject @staging.jwt"},
            {"Whose token is it?", "jwtdomain verify --domain auto --format json - <staging.jwt"},
            {"Many tokens, a verdict a line", "cat prod.jwt prod.jwt | jwtdomain verify --domain prod --input jsonl -"},
            {"The signature alone", "jwtdomain verify --jwks jwtdomain/jwks/prod.json --signature-only @prod.jwt"},
        },
    .prepare = prepare<VerifyOptions, declare, run>,
};

} // namespace jwtdomain::cli
