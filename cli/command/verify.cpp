#include "cli/app/command.h"
#include "cli/app/session.h"
#include "cli/verify/options.h"
#include "cli/verify/report.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/suggest.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxInput = 64u << 20; // read and then refused by the engine with a reason

void declare(Declaration& d, VerifyOptions& o) {
    d.argument("TOKEN", o.token, "the token, @FILE, or - for standard input", Completes::file);
    d.value("--domain,-d", "NAME", o.domain, "the domain that is to accept it; auto finds it", Completes::domain);
    d.value("--resource", "URL", o.resource, "the resource that is asked for");
    d.value("--method", "METHOD", o.method, "the HTTP method that is asked for");
    d.list("--scope", "SCOPE", o.scopes, "a scope that the token must have");
    d.value("--expect", "VERDICT", o.expect, "accept, reject or reject:CODE: exit 0 only then", Completes::reason);
    d.value("--input", "FORMAT", o.input, "jsonl: one token or JSON object a line, one verdict a line");
    d.value("--jobs,-j", "N", o.jobs, "threads for --input (default: all processors)");
    d.value("--key", "FILE", o.key, "without a policy: this key (PEM, DER, JWK, certificate)", Completes::file);
    d.value("--jwks", "FILE", o.jwks, "without a policy: these keys", Completes::file);
    d.value("--secret", "SOURCE", o.secret, "without a policy: an HMAC secret from env:NAME, file:PATH, fd:N, prompt");
    d.list("--issuer,--iss", "ISSUER", o.issuers, "the issuer, with --key, --jwks or --secret");
    d.list("--audience,--aud", "AUDIENCE", o.audiences, "the audience, likewise");
    d.list("--alg", "NAME", o.algorithms, "accept only this algorithm", Completes::algorithm);
    d.value("--leeway", "SPAN", o.leeway, "for clocks that differ, without a policy (default 30s)");
    d.flag("--signature-only", o.signature_only, "check the signature of any compact JWS and nothing else");
}

struct Expectation {
    bool accept = true;
    std::optional<Reason> reason;
};

Result<Expectation> parse_expectation(const std::string& text) {
    if (text == "accept" || text == "accepted") return Expectation{};
    const std::string head = text.substr(0, text.find(':'));
    if (head != "reject" && head != "rejected") {
        return fail(Fault::usage, "--expect takes accept, reject or reject:CODE");
    }
    Expectation expected{.accept = false, .reason = {}};
    if (head.size() == text.size()) return expected;
    const std::string code = text.substr(head.size() + 1);
    expected.reason = find_reason(code);
    if (!expected.reason) {
        std::vector<std::string_view> codes;
        for (const ReasonInfo& entry : reasons()) codes.push_back(entry.code);
        const std::string_view near = nearest(code, codes);
        return fail(Fault::usage, "there is no reason code \"" + code + "\"", near.empty() ? "`jwtdomain explain` lists them" : "did you mean " + std::string(near) + "?");
    }
    return expected;
}

bool meets(const Expectation& expected, const VerifyReport& report) {
    if (expected.accept != report.accepted) return false;
    if (!expected.reason) return true;
    for (const Finding& finding : report.findings) {
        if (finding.reason == *expected.reason) return true;
    }
    return false;
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
        report.as_expected = meets(*expected, report);
        if (status != Exit::undecided) status = report.as_expected ? Exit::yes : Exit::no;
    }
    return session.emit(status, {{"text", [&] { return to_text(report, session.color()); }}, {"json", [&] { return to_json(report); }}});
}

Exit run_ad_hoc(Session& session, const VerifyOptions& options, std::string_view token) {
    const auto verifier = ad_hoc_verifier(session, options);
    if (!verifier) return session.report(verifier.error());
    accept::Judge judge(*verifier);
    VerifyReport report = make_report(judge.decide(token, {.now = session.now()}), token, session.now());
    report.path.clear();
    return conclude(session, report, options.expect);
}

Exit run(Session& session, const VerifyOptions& options) {
    if (options.ad_hoc() && options.domain) {
        return session.report({Fault::usage, "--domain takes its keys from the policy: drop it, or --key, --jwks and --secret"});
    }
    if (options.expect) {
        if (const auto expected = parse_expectation(*options.expect); !expected) return session.report(expected.error());
    }
    const auto text = session.read_argument(options.token, "token", kMaxInput);
    if (!text) return session.report(text.error());
    const std::string_view token = trim_token(*text);
    if (token.empty()) return session.report({Fault::no_input, "there is no token in the input"});
    if (options.ad_hoc()) return run_ad_hoc(session, options, token);
    return session.report({Fault::unsupported, "not yet"});
}

} // namespace

extern const Command kVerify{
    .name = "verify",
    .group = "Tokens",
    .summary = "Decide whether a token belongs here: issuer, audience, keys, time, scopes",
    .description = "",
    .formats = {"text", "json"},
    .examples = {},
    .prepare = prepare<VerifyOptions, declare, run>,
};

} // namespace jwtdomain::cli
