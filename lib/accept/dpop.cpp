#include "jwtdomain/accept/dpop.h"

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/uri.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/jwt/mint.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::accept {
namespace {

constexpr std::string_view kProofType = "dpop+jwt";
constexpr std::size_t kLongestProof = 16u << 10, kLongestId = 256;

tl::unexpected<Error> bad(std::string why) {
    return fail(Fault::invalid, "the DPoP proof is not good: " + std::move(why));
}

std::string hash_of(std::string_view access_token) { return base64url_encode(sha256(access_token)); }

// Without query and fragment.
std::string place_of(std::string_view uri) { return normal_uri(uri.substr(0, uri.find_first_of("?#"))); }

Result<PublicKey> key_of(const UnverifiedToken& proof) {
    const auto jwk = proof.header_json().find("jwk");
    if (!jwk || !jwk->is(json::Kind::object)) return bad("its header has no jwk");
    const auto parsed = parse_jwk(jwk->raw());
    if (!parsed) return bad("its jwk: " + parsed.error().message);
    const auto* key = std::get_if<PublicKey>(&parsed->key);
    if (!key) return bad("its jwk is a shared secret");
    if (parsed->had_private_members) return bad("its jwk holds the private key");
    return *key;
}

Status check_signature(const UnverifiedToken& proof, const PublicKey& key) {
    const auto algorithm = algorithm_on_key(proof.header().algorithm.value_or(""), key.type());
    if (!algorithm) return bad("its alg does not fit its key");
    auto verifier = SignatureVerifier::make(key, *algorithm);
    if (!verifier || !verifier->verify(proof.signing_input(), proof.signature())) return bad("its signature is wrong");
    return {};
}

} // namespace

Result<DpopProof> check_proof(std::string_view text, const ProofRequest& request, Time now) {
    if (text.size() > kLongestProof) return bad("it is too long");
    UnverifiedToken proof;
    if (!proof.parse(text) || !proof.defects().empty() || !proof.has_claims()) return bad("it is no JWT");
    if (proof.header().type != kProofType) return bad("its typ is not dpop+jwt");
    const auto key = key_of(proof);
    if (!key) return tl::unexpected(key.error());
    if (const Status good = check_signature(proof, *key); !good) return tl::unexpected(good.error());
    const auto text_of = [&](std::string_view name) {
        const auto value = proof.claims().find(name);
        return value && value->is(json::Kind::string) ? value->text() : std::string_view();
    };
    const std::string_view id = text_of("jti");
    if (id.empty() || id.size() > kLongestId) return bad("it has no jti");
    if (text_of("htm") != request.method) return bad("it is for another method than " + request.method);
    if (place_of(text_of("htu")) != place_of(request.uri)) return bad("it is for another URI than " + request.uri);
    const auto iat = proof.claims().find("iat");
    const auto issued = iat && iat->is(json::Kind::number) ? iat->integer() : std::nullopt;
    if (!issued) return bad("it has no iat");
    if (*issued > now + kProofAhead) return bad("it is from the future");
    if (*issued < now - kProofAge) return bad("it is older than " + format_duration(kProofAge));
    if (request.access_token && text_of("ath") != hash_of(*request.access_token))
        return bad("it is for another access token");
    if (request.nonce && text_of("nonce") != *request.nonce) return bad("it has not the nonce that was given");
    return DpopProof{
        .thumbprint = key->thumbprint(), .id = sha256(key->thumbprint() + "." + std::string(id)), .issued = *issued};
}

std::optional<std::string_view> bound_to(json::Value claims) {
    const auto confirmation = claims.find("cnf");
    const auto thumbprint =
        confirmation && confirmation->is(json::Kind::object) ? confirmation->find("jkt") : std::nullopt;
    if (!thumbprint || !thumbprint->is(json::Kind::string)) return std::nullopt;
    return thumbprint->text();
}

Result<std::string> make_proof(const PrivateKey& key, const ProofRequest& request, Time now) {
    const Algorithm algorithm = default_algorithm(key.type());
    std::string jwk = write_jwk(key.public_key(), {});
    while (!jwk.empty() && jwk.back() == '\n') jwk.pop_back();
    const std::string header = write_header({.algorithm = std::string(info(algorithm).name),
                                             .kid = {},
                                             .type = std::string(kProofType),
                                             .further = {{"jwk", jwk}}});
    std::string claims;
    json::ObjectWriter writer(claims);
    writer.text("jti", TokenIds().next()).text("htm", request.method);
    writer.text("htu", request.uri.substr(0, request.uri.find_first_of("?#"))).number("iat", now);
    if (request.access_token) writer.text("ath", hash_of(*request.access_token));
    if (request.nonce) writer.text("nonce", *request.nonce);
    writer.close();
    return sign_compact(key, algorithm, make_signing_input(header, claims));
}

} // namespace jwtdomain::accept
