#include "cli/issue/run.h"

#include "cli/issue/report.h"
#include "cli/issue/request.h"
#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxClaimSet = 1u << 20, kMaxRequest = 4u << 20, kMaxSignature = 64u << 10;

Exit emit(Session& session, const IssueReport& report) {
    if (report.token.empty())
        return session.emit(Exit::yes,
                            {{"text", [&] { return to_json(report); }}, {"json", [&] { return to_json(report); }}});
    return session.emit(Exit::yes,
                        {{"text", [&] { return to_text(report); }}, {"json", [&] { return to_json(report); }}}, true);
}

Result<std::string> mint_one(const Issuer& issuer, const ClaimsWriter& claims) {
    const auto mint = issuer.minter();
    if (!mint) return tl::unexpected(mint.error());
    TokenIds ids;
    std::string text, token;
    claims(text, ids.next());
    if (const Status minted = (*mint)(text, token); !minted) return tl::unexpected(minted.error());
    return token;
}

// Whether the tokens of this plan are what they should be is found out with one of them.
Status check_one(Session& session, const DomainIssuer& issuer, const policy::ClaimsPlan& plan,
                 std::optional<Time> not_before, std::string_view token) {
    if (plan.for_home) return issuer.check_accepted(session, token, not_before);
    session.warn("the audience is another domain's: " + issuer.domain + " itself does not accept this token");
    return {};
}

Exit issue_domain_lines(Session& session, const IssueOptions& options, const DomainIssuer& issuer,
                        const policy::IssueRequest& defaults) {
    const Time now = session.now();
    return issue_lines(session, options, issuer, [&]() -> LineClaims {
        auto document = std::make_shared<json::Document>();
        return [document, &issuer, &defaults, now](std::string_view line, std::string_view jti,
                                                   std::string& out) -> Status {
            const auto request = request_of_line(*document, line, defaults, now);
            if (!request) return tl::unexpected(request.error());
            const auto plan = policy::plan_claims(issuer.of(), *request, now);
            if (!plan) return tl::unexpected(plan.error());
            plan->append(out, jti);
            return {};
        };
    });
}

Result<std::string> read_signature(Session& session, const std::string& source) {
    if (source == "-" || source == "stdin") return session.read_input(kMaxSignature);
    const std::size_t colon = source.find(':');
    const std::string kind = source.substr(0, colon);
    if (kind == "file") return store::read_file(source.substr(colon + 1), kMaxSignature);
    if (kind == "fd") return store::read_file("/dev/fd/" + source.substr(colon + 1), kMaxSignature);
    if (kind != "env") return store::read_file(source, kMaxSignature);
    const auto value = session.read_secret(source, "signature");
    if (!value) return tl::unexpected(value.error());
    return std::string(value->expose());
}

struct OfflineRequest {
    std::string domain, signing_input;
};

Result<OfflineRequest> read_request(Session& session, const std::string& path) {
    const auto text = path == "-" ? session.read_input(kMaxRequest) : store::read_file(path, kMaxRequest);
    if (!text) return tl::unexpected(text.error());
    const auto malformed = [&](std::string message) {
        return fail(Error{.fault = Fault::invalid,
                          .message = std::move(message),
                          .where = {path},
                          .hint = "a request is what `jwtdomain issue --request` prints"});
    };
    json::Document document;
    if (document.parse(*text) || !document.root().is(json::Kind::object))
        return malformed("this is not a request: not a JSON object");
    const auto domain = document.root().find("domain"), input = document.root().find("signing_input");
    if (!domain || !input || domain->text().empty() || input->text().empty())
        return malformed("this is not a request: it lacks \"domain\" or \"signing_input\"");
    return OfflineRequest{.domain = std::string(domain->text()), .signing_input = std::string(input->text())};
}

} // namespace

Exit issue_for_domain(Session& session, const IssueOptions& options) {
    const auto issuer = DomainIssuer::open(session, options);
    if (!issuer) return session.report(issuer.error());
    const auto request = request_for_domain(session, options);
    if (!request) return session.report(request.error());
    if (options.input) return issue_domain_lines(session, options, **issuer, *request);
    const auto plan = policy::plan_claims((*issuer)->of(), *request, session.now());
    if (!plan) return session.report(plan.error());
    const ClaimsWriter claims = [&](std::string& out, std::string_view jti) { plan->append(out, jti); };
    if (options.request) {
        std::string text;
        claims(text, TokenIds().next());
        return emit(session, describe_request((*issuer)->domain, (*issuer)->header, std::move(text)));
    }
    auto token = mint_one(**issuer, claims);
    if (!token) return session.report(token.error());
    if (const Status good = check_one(session, **issuer, *plan, request->not_before, *token); !good)
        return session.report(good.error());
    if (options.count) return issue_count(session, options, **issuer, claims);
    return emit(session, describe_token((*issuer)->domain, std::move(*token)));
}

Exit issue_ad_hoc(Session& session, const IssueOptions& options) {
    const auto issuer = open_ad_hoc(session, options);
    if (!issuer) return session.report(issuer.error());
    std::optional<std::string> claim_set;
    if (options.claim_set) {
        auto text = session.read_argument(options.claim_set, "claim set", kMaxClaimSet);
        if (!text) return session.report(text.error());
        claim_set = std::move(*text);
    }
    const Time now = session.now();
    if (options.input) {
        return issue_lines(session, options, **issuer, [&]() -> LineClaims {
            return [&options, now](std::string_view line, std::string_view jti, std::string& out) -> Status {
                const auto claims = free_claims(options, std::string(line), now);
                if (!claims) return tl::unexpected(claims.error());
                claims->append(out, jti);
                return {};
            };
        });
    }
    const auto free = free_claims(options, claim_set, now);
    if (!free) return session.report(free.error());
    const ClaimsWriter claims = [&](std::string& out, std::string_view jti) { free->append(out, jti); };
    if (options.count) return issue_count(session, options, **issuer, claims);
    auto token = mint_one(**issuer, claims);
    if (!token) return session.report(token.error());
    return emit(session, describe_token("", std::move(*token)));
}

Exit attach_signature(Session& session, const IssueOptions& options) {
    const auto request = read_request(session, *options.attach);
    if (!request) return session.report(request.error());
    if (options.domain && *options.domain != request->domain) {
        return session.report(
            {.fault = Fault::usage,
             .message = "the request is of the domain " + request->domain + ", not of " + *options.domain});
    }
    const auto signature = read_signature(session, *options.signature);
    if (!signature) return session.report(signature.error());
    IssueOptions of_request = options;
    of_request.domain = request->domain;
    const auto issuer = DomainIssuer::open(session, of_request);
    if (!issuer) return session.report(issuer.error());
    auto token = (*issuer)->attach(request->signing_input, *signature);
    if (!token) return session.report(token.error());
    const IssueReport report = describe_token(request->domain, *token);
    json::Document claims;
    const bool readable = !claims.parse(report.claims) && claims.root().is(json::Kind::object);
    const auto begin = readable ? claims.root().find("nbf") : std::nullopt;
    const auto not_before = begin ? begin->integer() : std::nullopt;
    if (const Status good = (*issuer)->check_accepted(session, *token, not_before); !good)
        return session.report(good.error());
    return emit(session, report);
}

} // namespace jwtdomain::cli
