#include "cli/app/command.h"
#include "cli/issue/family_minter.h"
#include "cli/issue/run.h"

namespace jwtdomain::cli {
namespace {

void declare(Declaration& d, IssueOptions& o) {
    d.value("--domain,-d", "NAME", o.domain, "the domain of the policy that the token is of", Completes::domain);
    d.value("--subject,--sub", "SUBJECT", o.subject, "whom the token is about");
    d.list("--audience,--aud", "AUDIENCE", o.audiences, "for whom it is (default: the domain's one audience)");
    d.list("--scope", "SCOPE", o.scopes, "a scope that it carries");
    d.value("--client", "NAME", o.client, "the client of the domain that it is issued to");
    d.value("--ttl", "SPAN", o.ttl, "how long it lives: 90s, 5m (default: as long as the domain allows)");
    d.value("--not-before", "TIME", o.not_before, "when it begins: RFC 3339, seconds since 1970, or +5m");
    d.list("--claim", "NAME=TEXT", o.claims, "a further claim; NAME:=JSON for what is no text");
    d.list("--header", "NAME=TEXT", o.headers, "a further member of the header; NAME:=JSON likewise");
    declare_signing(d, o);
    d.value("--secret", "SOURCE", o.secret, "without a policy: an HMAC secret from env:NAME, file:PATH, fd:N, prompt");
    d.value("--issuer,--iss", "ISSUER", o.issuer, "without a policy: the issuer");
    d.value("--claims", "JSON|@FILE", o.claim_set, "without a policy: the claim set, taken as it is");
    d.value("--type", "TYPE", o.type, "without a policy: typ of the header (default JWT; empty for none)");
    d.value("--alg", "NAME", o.algorithm, "without a policy: the algorithm (default: the key's own)",
            Completes::algorithm);
    d.flag("--refresh", o.refresh, "with a refresh token: prints a token response of OAuth 2.0 (RFC 6749)");
    d.value("--dpop-key", "FILE", o.dpop_key,
            "bind the token to this key of the client, public or private: good only with a proof of it (RFC 9449)",
            Completes::file);
    d.value("--proof", "REQUEST", o.proof,
            "no token: with --dpop-key, a proof of it for one request: 'GET https://...'");
    d.value("--access-token", "TOKEN", o.access_token, "of a proof: the access token that is sent with it, @FILE or -",
            Completes::file);
    d.value("--nonce", "NONCE", o.nonce, "of a proof: the nonce that the server gave");
    d.flag("--request", o.request, "sign nothing: print what is to be signed, as JSON");
    d.value("--attach", "FILE", o.attach, "a request that was signed elsewhere; with --signature", Completes::file);
    d.value("--signature", "FILE", o.signature, "its signature: a file, -, env:NAME or fd:N; raw, base64url or DER",
            Completes::file);
    d.value("--count", "N", o.count, "as many tokens, a line each");
    d.value("--input", "FORMAT", o.input, "jsonl: one token for each JSON object on standard input");
    d.value("--jobs,-j", "N", o.jobs, "threads for --input (default: all processors)");
}

tl::unexpected<Error> usage(std::string message, std::string hint = {}) {
    return fail(Fault::usage, std::move(message), std::move(hint));
}

Status check_domain(const IssueOptions& o) {
    if (o.issuer)
        return usage("the issuer is fixed by the policy of " + *o.domain,
                     "drop --issuer; --key FILE without --domain makes free tokens for tests");
    if (o.type)
        return usage("the type is fixed by the policy of " + *o.domain, "drop --type; see `types` in the policy");
    if (o.algorithm)
        return usage("the algorithm is the key's", "drop --alg; --kid chooses among the keys of " + *o.domain);
    if (o.claim_set)
        return usage("a whole claim set would go around the policy of " + *o.domain,
                     "give single ones: --claim NAME=TEXT");
    if (o.secret)
        return usage("a domain's tokens are signed with its keys, not with a secret", "drop --secret, or --domain");
    if (o.key && o.signer) return usage("give one of --key and --signer");
    return {};
}

Status check_free(const IssueOptions& o) {
    if (!o.ad_hoc()) {
        return usage("for which domain?",
                     "--domain NAME of the policy; --key FILE or --secret SOURCE for free tokens, for tests");
    }
    if (o.key && o.secret) return usage("give one of --key and --secret");
    if (o.client || o.signer || o.request) return usage("--client, --signer and --request go with --domain");
    if (o.refresh || o.dpop_key) return usage("--refresh and --dpop-key go with --domain");
    if (o.claim_set && o.input) return usage("with --input, the claim sets are the lines: drop --claims");
    return {};
}

Status check(const IssueOptions& o, const CommonOptions& common) {
    if (o.attach || o.signature) {
        if (!o.attach || !o.signature) return usage("--attach and --signature go together");
        const bool more = o.subject || o.ttl || o.not_before || o.client || o.kid || !o.audiences.empty() ||
                          !o.scopes.empty() || !o.claims.empty() || !o.headers.empty() || o.key || o.secret ||
                          o.signer || o.request || o.refresh || o.dpop_key || o.proof || o.bulk() || o.issuer ||
                          o.claim_set || o.type || o.algorithm;
        if (more) return usage("all about the token is in the request: --attach takes --signature and nothing else");
        return {};
    }
    if (o.proof) {
        const bool more = o.domain || o.subject || o.ttl || o.not_before || o.client || o.kid || !o.audiences.empty() ||
                          !o.scopes.empty() || !o.claims.empty() || !o.headers.empty() || o.key || o.secret ||
                          o.signer || o.request || o.refresh || o.bulk() || o.issuer || o.claim_set || o.type ||
                          o.algorithm;
        if (more || !o.dpop_key)
            return usage("a proof is made of --dpop-key, --access-token and --nonce, and of nothing else");
        return {};
    }
    if (o.access_token || o.nonce) return usage("--access-token and --nonce go with --proof");
    if (o.count && o.input) return usage("give one of --count and --input");
    if (o.input && *o.input != "jsonl") return usage("--input takes jsonl", "one JSON object a line on standard input");
    if (o.request && o.bulk()) return usage("a request is for one token: drop --count and --input");
    if (o.refresh && (o.bulk() || o.request || o.not_before || !o.headers.empty()))
        return usage("--refresh gives one token, now: drop --count, --input, --request, --not-before and --header");
    if (o.jobs && !o.input) return usage("--jobs goes with --input");
    if (o.bulk() && (common.output || !common.formats.empty()))
        return usage("many tokens go to standard output, a line each",
                     "drop --output and --format, and redirect: > tokens.txt");
    if (o.passphrase && !o.key && !o.dpop_key) return usage("--passphrase goes with --key and --dpop-key");
    return o.domain ? check_domain(o) : check_free(o);
}

Exit run(Session& session, const IssueOptions& options) {
    if (const Status good = check(options, session.common()); !good) return session.report(good.error());
    if (options.attach) return attach_signature(session, options);
    if (options.proof) return issue_proof(session, options);
    if (options.refresh) return issue_with_refresh(session, options);
    return options.domain ? issue_for_domain(session, options) : issue_ad_hoc(session, options);
}

} // namespace

extern const Command kIssue{
    .name = "issue",
    .group = "Tokens",
    .summary = "Mint a short-lived token that is bound to one domain",
    .description = "Mints a token of a domain of the policy and prints it, alone on a line. What the policy fixes "
                   "cannot be overridden: the issuer, the claim that "
                   "carries the domain, the type, the algorithm, `iat`, `exp` and a random `jti`. Audience, scopes, "
                   "claims and life must be within the domain's issuance "
                   "profile. The life counts from now, also with `--not-before`. Before it is printed, the token is "
                   "judged as `jwtdomain verify --domain` would.\n\n"
                   "It is signed with the newest active key of the domain whose private half is in the key store; "
                   "`--key` gives the private half in a file, and "
                   "`--signer cmd:PROGRAM` lets a program sign. The program is run without a shell; it gets the "
                   "signing input on standard input and writes the signature, "
                   "raw, in base64url or as DER. For keys that are on no network, `--request` prints what is to be "
                   "signed, and `--attach` makes a token of it and its signature.\n\n"
                   "With `--count` and `--input jsonl` it mints many. A line of input is an object with `subject`, "
                   "`audience`, `scope`, `client`, `ttl`, `not_before` and "
                   "`claims`; what it lacks is taken from the options. In place of a token that could not be made an "
                   "empty line is written, and the error is told on standard error.\n\n"
                   "With `--refresh` the answer is a token response of OAuth 2.0, as JSON: the access token, and a "
                   "refresh token which `jwtdomain refresh` exchanges for the next, inside the domain and for no more "
                   "than was granted here. The domain's policy says how it is protected (`refresh: {mode: ...}`); with "
                   "`bind` it is tied to the client's key, which `--dpop-key` gives.\n\n"
                   "With `--key` or `--secret` and without `--domain` it makes free tokens for tests, of no policy: "
                   "`--claims` is taken as it is, and without it `iat`, `exp` and "
                   "`jti` are added. With `--input jsonl` each line then is a claim set.",
    .formats = {"text", "json"},
    .examples =
        {
            {"A token of prod", "jwtdomain issue --domain prod --subject alice"},
            {"With scopes, for two minutes",
             "jwtdomain issue --domain prod --subject alice --scope 'orders:read' --ttl 2m"},
            {"With its claims and expiry, as JSON",
             "jwtdomain issue --domain prod --subject alice --claim level:=3 --format json"},
            {"A thousand of them", "jwtdomain issue --domain prod --subject alice --count 1000 >tokens.txt"},
            {"One for each line of input",
             R"(printf '{"subject":"%s"}\n' a b | jwtdomain issue --domain prod --input jsonl)"},
            {"What is to be signed by a key that is elsewhere",
             "jwtdomain issue --domain prod --subject alice --request >request.json"},
            {"With a refresh token, for a client of prod",
             "jwtdomain issue --domain prod --client web --subject a --refresh >tokens.json"},
            {"A DPoP proof, as the client that holds the key makes one for a request",
             "jwtdomain issue --dpop-key key.pem --proof 'GET https://api.example.com/a'"},
            {"A free token for a test, outside of any policy",
             R"(jwtdomain issue --key key.pem --claims '{"sub": "alice"}')"},
        },
    .prepare = prepare<IssueOptions, declare, run>,
};

} // namespace jwtdomain::cli
