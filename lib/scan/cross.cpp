#include "jwtdomain/scan/cross.h"

#include <algorithm>

#include "jwtdomain/crypto/nonce_reuse.h"
#include "jwtdomain/crypto/sha2.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::scan {
namespace {

// Whoever makes tokens can have as many keys use one nonce as they like: each would be held against all others.
constexpr std::size_t kMostOfOneNonce = 16;
constexpr std::size_t kMostTold = 1000;

std::string text_of_claim(const UnverifiedToken& token, std::string_view name) {
    const auto value = token.claims().find(name);
    return value && value->is(json::Kind::string) ? std::string(value->text()) : std::string();
}

} // namespace

void CrossTokens::add(std::string_view text) {
    UnverifiedToken token;
    // An SD-JWT is signed as the token before its disclosures.
    token.parse(text.substr(0, text.find('~')), {.duplicates = json::Duplicates::last, .lenient_base64 = true});
    if (!token.usable()) return;
    if (taken_ == most_) {
        ++passed_over_;
        return;
    }
    ++taken_;
    const std::string name = fingerprint(token.signing_input());
    const auto algorithm = token.header().algorithm ? find_algorithm(*token.header().algorithm) : std::nullopt;
    if (algorithm && info(*algorithm).family == Family::ecdsa &&
        token.signature().size() == info(*algorithm).signature_size)
        look_at_nonce(*algorithm, token.signing_input(), token.signature(), name);
    if (!token.has_claims()) return;
    const std::string id = text_of_claim(token, "jti");
    if (!id.empty()) look_at_id(text_of_claim(token, "iss"), id, name);
}

void CrossTokens::look_at_nonce(Algorithm algorithm, std::string_view input, std::string_view signature,
                                const std::string& name) {
    unsigned char digest[sha2::kMaxDigest];
    const std::size_t size = sha2::digest(info(algorithm).hash_bits, input, digest);
    Signed now{.name = name,
               .digest = std::string(reinterpret_cast<const char*>(digest), size),
               .signature = std::string(signature)};
    const std::string r(signature.substr(0, signature.size() / 2));
    std::vector<Signed>& same = by_r_[std::string(info(algorithm).name) + r];
    if (same.size() == kMostOfOneNonce) {
        --taken_;
        ++passed_over_;
        return;
    }
    for (const Signed& before : same) {
        auto key = recover_from_nonce(algorithm, {before.digest, before.signature}, {now.digest, now.signature});
        if (!key) continue;
        const auto is_known = [&](const RepeatedNonce& each) {
            return each.key.public_key().identity() == key->public_key().identity();
        };
        if (nonces_.size() < kMostTold && std::none_of(nonces_.begin(), nonces_.end(), is_known))
            nonces_.push_back({algorithm, before.name, name, r, std::move(*key)});
        break;
    }
    same.push_back(std::move(now));
}

void CrossTokens::look_at_id(const std::string& issuer, const std::string& id, const std::string& name) {
    const std::string key = sha256(std::to_string(issuer.size()) + ":" + issuer + id);
    const auto [at, is_new] = by_id_.try_emplace(key, name);
    if (is_new || at->second == name || ids_.size() >= kMostTold) return;
    const auto is_told = [&](const RepeatedId& each) { return each.issuer == issuer && each.id == id; };
    if (std::none_of(ids_.begin(), ids_.end(), is_told)) ids_.push_back({issuer, id, at->second, name});
}

} // namespace jwtdomain::scan
