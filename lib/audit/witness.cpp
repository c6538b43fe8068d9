#include "jwtdomain/audit/witness.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/crypto/signature.h"
#include "jwtdomain/jwt/mint.h"

namespace jwtdomain::audit {
namespace {

using Json = nlohmann::ordered_json;

constexpr Seconds kLife = 60;
constexpr const char* kAttackerIssuer = "https://attacker.example";

// False if something that is no object stands in the way.
bool put(Json& claims, const ClaimValue& claim) {
    Json* at = &claims;
    for (std::size_t i = 0; i + 1 < claim.path.size(); ++i) {
        Json& next = (*at)[claim.path[i]];
        if (next.is_null()) next = Json::object();
        if (!next.is_object()) return false;
        at = &next;
    }
    Json& slot = (*at)[claim.path.back()];
    if (!slot.is_null()) return false;
    if (claim.list)
        slot = claim.values;
    else
        slot = join(claim.values, " ");
    return true;
}

Result<std::string> claims_of(const accept::Path& path, const TokenShape& shape, Time now) {
    Json claims = Json::object();
    if (shape.issuer) claims["iss"] = *shape.issuer;
    // Of a list of issuers one says where the keys are, and another is right.
    if (shape.issuer && path.signing.source == accept::KeySource::of_token && path.dialect.issuer_array_ok)
        claims["iss"] = {kAttackerIssuer, *shape.issuer};
    if (shape.audiences) {
        if (shape.audiences->size() == 1)
            claims["aud"] = shape.audiences->front();
        else
            claims["aud"] = *shape.audiences;
    }
    Seconds life = kLife;
    for (const auto& longest : {path.time.longest_life, path.time.longest_remaining}) {
        if (longest) life = std::min(life, *longest);
    }
    claims["iat"] = now + shape.times.issued.value_or(0);
    claims["exp"] = now + shape.times.expires.value_or(life);
    if (shape.times.without_expiry) claims.erase("exp");
    if (shape.times.begins) claims["nbf"] = now + *shape.times.begins;
    for (const ClaimValue& claim : shape.claims) {
        const bool time = claim.path.size() == 1 && claim.values.empty() && !claim.list;
        if (time && claim.path.front() == "nbf") claims["nbf"] = now;
        if (time && (claim.path.front() == "nbf" || claims.contains(claim.path.front()))) continue;
        if (!put(claims, claim)) return fail(Fault::unsupported, "no one object can hold these claims");
    }
    try {
        return claims.dump();
    } catch (const Json::exception&) { // not UTF-8
        return fail(Fault::unsupported, "a claim would not be UTF-8");
    }
}

std::string header_of(const TokenShape& shape) {
    TokenHeader header;
    header.algorithm = shape.is_signed ? std::string(info(shape.algorithm).name) : "none";
    header.kid = shape.kid;
    header.type = shape.type;
    return write_header(header);
}

// An algorithm that the path would take on a key that is put into one of its sources.
Algorithm algorithm_for_new_key(const accept::Signing& signing) {
    if (signing.algorithms && !signing.algorithms->empty()) return signing.algorithms->front();
    for (const accept::KeyUse& use : signing.keys) {
        if (!use.algorithms.empty() && type_of(use.key) != KeyType::hmac) return use.algorithms.front();
    }
    return Algorithm::ES256;
}

Result<SigningKey> rekey(accept::Signing& signing, TokenShape& shape, EphemeralKeys& keys) {
    if (shape.key == TokenShape::kNewKey) {
        shape.algorithm = algorithm_for_new_key(signing);
        shape.kid = "attacker";
        auto key = keys.of(info(shape.algorithm).key);
        if (!key) return key;
        signing.source = accept::KeySource::keys;
        signing.keys.push_back(
            {.key = verification_half(*key), .algorithms = {shape.algorithm}, .kid = shape.kid, .owner = {}});
        return key;
    }
    accept::KeyUse& use = signing.keys[shape.key];
    auto key = keys.of(type_of(use.key));
    if (key) use.key = verification_half(*key);
    return key;
}

// Makes the token and has the path judge it.
Result<Witness> run(const Estate& estate, accept::Path path, const TokenShape& shape, const SigningKey* key) {
    auto claims = claims_of(path, shape, estate.now);
    if (!claims) return tl::unexpected(claims.error());
    Witness out;
    out.header = header_of(shape);
    out.claims = std::move(*claims);
    out.token = make_signing_input(out.header, out.claims);
    if (key) {
        auto token = sign_compact(*key, shape.algorithm, out.token);
        if (!token) return tl::unexpected(token.error());
        out.token = std::move(*token);
    } else {
        out.token += '.';
    }
    out.path = std::move(path);
    accept::PathEngine engine(out.path);
    UnverifiedToken token;
    token.parse(out.token, engine.reading());
    accept::Outcome outcome = engine.evaluate(token, {.now = estate.now});
    out.accepted = outcome.verified.has_value();
    out.findings = std::move(outcome.findings);
    return out;
}

} // namespace

Result<Witness> make_witness(const Estate& estate, const accept::Path& path, const TokenShape& asked,
                             EphemeralKeys& keys) {
    TokenShape shape = asked;
    accept::Path own = path;
    if (!shape.is_signed) return run(estate, std::move(own), shape, nullptr);
    const auto key = rekey(own.signing, shape, keys);
    if (!key) return tl::unexpected(key.error());
    return run(estate, std::move(own), shape, &*key);
}

Result<Witness> make_real_witness(const Estate& estate, const accept::Path& path, const TokenShape& shape,
                                  const SigningKey* key) {
    if (shape.is_signed && (shape.key == TokenShape::kNewKey || !key))
        return fail(Fault::unsupported, "no key of this path signs it");
    return run(estate, path, shape, shape.is_signed ? key : nullptr);
}

} // namespace jwtdomain::audit
