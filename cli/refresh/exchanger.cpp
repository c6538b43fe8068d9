#include "cli/refresh/exchanger.h"

#include "cli/app/keys.h"
#include "cli/revoke/list.h"
#include "jwtdomain/accept/dpop.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxProof = 64u << 10;

} // namespace

Result<std::unique_ptr<Exchanger>> Exchanger::open(Session& session, const RefreshOptions& options) {
    Narrowing narrowing{.audiences = options.audiences, .scopes = {}, .lifetime = {}};
    for (const std::string& words : options.scopes) {
        for (std::string& word : split(words, ' ')) {
            if (!word.empty()) narrowing.scopes.push_back(std::move(word));
        }
    }
    if (options.ttl) {
        const auto span = parse_duration(*options.ttl);
        if (!span) return tl::unexpected(span.error());
        narrowing.lifetime = *span;
    }
    IssueOptions issuing;
    static_cast<SigningOptions&>(issuing) = options;
    issuing.domain = options.domain;
    auto issuer = DomainIssuer::open(session, issuing);
    if (!issuer) return tl::unexpected(issuer.error());
    auto minter = FamilyMinter::make(session, **issuer);
    if (!minter) return tl::unexpected(minter.error());
    auto ledger = open_ledger(session);
    if (!ledger) return tl::unexpected(ledger.error());
    std::unique_ptr<Exchanger> out(new Exchanger(session, std::move(*issuer), std::move(*minter), std::move(*ledger)));
    out->narrowing_ = std::move(narrowing);
    out->client_ = options.client;
    if (options.dpop_proof) {
        auto proof = session.read_argument(options.dpop_proof, "proof", kMaxProof);
        if (!proof) return tl::unexpected(proof.error());
        out->proof_ = trimmed(*proof);
    }
    if (options.dpop_key) {
        auto key = load_private_key(session, *options.dpop_key, options.passphrase);
        if (!key) return tl::unexpected(key.error());
        out->client_key_ = std::move(*key);
    }
    out->endpoint_ = options.endpoint.value_or(out->issuer_->of().issuer + "/token");
    return out;
}

// RFC 9449 section 5: the proof that comes to the token endpoint.
Result<refresh::Exchange> Exchanger::with_proof(refresh::Exchange exchange) const {
    const accept::ProofRequest request{.method = "POST", .uri = endpoint_, .access_token = {}, .nonce = {}};
    std::string text = proof_.value_or("");
    if (client_key_) {
        auto made = accept::make_proof(*client_key_, request, session_.now());
        if (!made) return tl::unexpected(made.error());
        text = std::move(*made);
    } else if (!proof_) {
        return exchange;
    }
    const auto proof = accept::check_proof(text, request, session_.now());
    exchange.proof = proof ? refresh::Proof::good : refresh::Proof::bad;
    if (!proof) return exchange;
    exchange.proof_key = proof->thumbprint;
    exchange.proof_id = proof->id;
    exchange.proof_until = proof->issued + accept::kProofAge + accept::kProofAhead;
    return exchange;
}

Result<refresh::Answer> Exchanger::exchange(std::string_view token) {
    const auto exchange = with_proof({.domain = issuer_->domain,
                                      .client = client_,
                                      .rules = issuer_->of().refresh,
                                      .token = token,
                                      .proof = refresh::Proof::none,
                                      .proof_key = {},
                                      .proof_id = {},
                                      .proof_until = 0});
    if (!exchange) return tl::unexpected(exchange.error());
    auto answer = ledger_.exchange(
        *exchange, session_.now(),
        [&](const refresh::Family& family, Time now) { return minter_.mint(family, narrowing_, now); },
        [&](const std::vector<refresh::Family>& ended) { return deny_families(session_, *issuer_, ended, "reuse"); });
    if (answer && !answer->announced) {
        session_.warn("the family " + answer->family +
                      " has ended, but its access tokens are not on the revocation "
                      "list: " +
                      answer->announced.error().message);
    }
    return answer;
}

std::string_view error_code(refresh::Cause cause) {
    if (cause == refresh::Cause::wider) return "invalid_scope";
    const bool proof = cause == refresh::Cause::no_proof || cause == refresh::Cause::bad_proof;
    return proof ? "invalid_dpop_proof" : "invalid_grant";
}

std::string error_response(refresh::Cause cause) { return R"({"error":")" + std::string(error_code(cause)) + R"("})"; }

} // namespace jwtdomain::cli
