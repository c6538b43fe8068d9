#include "cli/refresh/exchanger.h"

#include "cli/revoke/list.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::cli {
namespace {

constexpr const char* kWhyInLog = "why stands in the audit log: jwtdomain audit log";

IssueOptions issue_options(const RefreshOptions& options) {
    IssueOptions out;
    out.domain = options.domain;
    out.kid = options.kid;
    out.key = options.key;
    out.passphrase = options.passphrase;
    out.signer = options.signer;
    return out;
}

} // namespace

Result<std::unique_ptr<Exchanger>> Exchanger::open(Session& session, const RefreshOptions& options) {
    Narrowing narrowing{.audiences = options.audiences, .scopes = {}, .lifetime = {}};
    for (const std::string& words : options.scopes) {
        for (std::string_view rest = words; !rest.empty();) {
            const std::string_view word = take_until(rest, ' ');
            if (!word.empty()) narrowing.scopes.emplace_back(word);
        }
    }
    if (options.ttl) {
        const auto span = parse_duration(*options.ttl);
        if (!span) return tl::unexpected(span.error());
        narrowing.lifetime = *span;
    }
    auto issuer = DomainIssuer::open(session, issue_options(options));
    if (!issuer) return tl::unexpected(issuer.error());
    auto minter = FamilyMinter::make(session, **issuer);
    if (!minter) return tl::unexpected(minter.error());
    auto ledger = open_ledger(session);
    if (!ledger) return tl::unexpected(ledger.error());
    std::unique_ptr<Exchanger> out(
        new Exchanger(session, std::move(*issuer), std::move(*minter), std::move(*ledger)));
    out->narrowing_ = std::move(narrowing);
    out->client_ = options.client;
    return out;
}

Result<refresh::Answer> Exchanger::exchange(std::string_view token) {
    const refresh::Exchange exchange{.domain = issuer_->domain,
                                     .client = client_,
                                     .rules = issuer_->of().refresh,
                                     .token = token,
                                     .proof = refresh::Proof::none,
                                     .proof_key = {},
                                     .proof_id = {},
                                     .proof_until = 0};
    auto answer = ledger_.exchange(
        exchange, session_.now(),
        [&](const refresh::Family& family, Time now) { return minter_.mint(family, narrowing_, now); },
        [&](const std::vector<refresh::Family>& ended) { return deny_families(session_, *issuer_, ended, "reuse"); });
    if (answer && !answer->announced) {
        session_.warn("the family " + answer->family + " has ended, but its access tokens are not on the revocation "
                      "list: " + answer->announced.error().message);
    }
    return answer;
}

std::string_view error_code(refresh::Cause cause) {
    if (cause == refresh::Cause::wider) return "invalid_scope";
    const bool proof = cause == refresh::Cause::no_proof || cause == refresh::Cause::bad_proof;
    return proof ? "invalid_dpop_proof" : "invalid_grant";
}

std::string error_response(refresh::Cause cause) {
    return R"({"error":")" + std::string(error_code(cause)) + R"("})";
}

} // namespace jwtdomain::cli
