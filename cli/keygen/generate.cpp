#include "cli/keygen/generate.h"

#include <charconv>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/suggest.h"

namespace jwtdomain::cli {
namespace {

constexpr unsigned kRsaBits = 2048, kMinBits = 2048, kMaxBits = 8192;

Result<unsigned> parse_bits(const KeyWish& wish, const AlgorithmInfo& algorithm) {
    if (!wish.bits) return kRsaBits;
    if (algorithm.key != KeyType::rsa) {
        return fail(Fault::usage, "--bits is for RSA; a key for " + std::string(algorithm.name) + " has its own size",
                    "drop it, or add --alg RS256");
    }
    unsigned bits = 0;
    const char* const last = wish.bits->data() + wish.bits->size();
    const auto [end, error] = std::from_chars(wish.bits->data(), last, bits);
    if (error != std::errc() || end != last || bits < kMinBits || bits > kMaxBits || bits % 8 != 0) {
        return fail(Fault::usage,
                    "--bits takes " + std::to_string(kMinBits) + " to " + std::to_string(kMaxBits) +
                        ", in whole octets",
                    "2048, 3072 and 4096 are usual");
    }
    return bits;
}

Result<SigningKey> generate(const AlgorithmInfo& algorithm, unsigned bits) {
    if (algorithm.key == KeyType::hmac) {
        auto key = HmacKey::generate(algorithm.min_key_size);
        if (!key) return tl::unexpected(key.error());
        return SigningKey(std::move(*key));
    }
    auto key = PrivateKey::generate(algorithm.key, bits);
    if (!key) return tl::unexpected(key.error());
    return SigningKey(std::move(*key));
}

} // namespace

Result<AlgorithmChoice> choose_algorithm(const std::string& name) {
    if (name == "EdDSA") return AlgorithmChoice{Algorithm::Ed25519, name};
    if (const auto algorithm = find_algorithm(name)) return AlgorithmChoice{*algorithm, name};
    std::vector<std::string_view> known{"EdDSA"};
    for (const AlgorithmInfo& entry : algorithms()) known.push_back(entry.name);
    const std::string_view near = nearest(name, known);
    std::string all;
    for (const std::string_view each : known) all += (all.empty() ? "" : ", ") + std::string(each);
    return fail(Fault::usage, "there is no signature algorithm \"" + escape_text(name, 40) + "\"",
                near.empty() ? "there are " + all : "did you mean " + std::string(near) + "?");
}

AlgorithmChoice usual_name(Algorithm algorithm) {
    const AlgorithmInfo& entry = info(algorithm);
    return {algorithm, entry.family == Family::eddsa ? "EdDSA" : std::string(entry.name)};
}

Result<FreshKey> generate_key(const KeyWish& wish, const AlgorithmChoice& otherwise, Time now) {
    AlgorithmChoice choice = otherwise;
    if (wish.algorithm) {
        auto chosen = choose_algorithm(*wish.algorithm);
        if (!chosen) return tl::unexpected(chosen.error());
        choice = std::move(*chosen);
    }
    const AlgorithmInfo& algorithm = info(choice.algorithm);
    const auto bits = parse_bits(wish, algorithm);
    if (!bits) return tl::unexpected(bits.error());
    auto key = generate(algorithm, *bits);
    if (!key) return tl::unexpected(key.error());
    const bool secret = algorithm.key == KeyType::hmac;
    JwkMetadata metadata;
    metadata.kid = secret ? base64url_encode(random_octets(16)) : thumbprint_of(*key);
    metadata.use = "sig";
    metadata.algorithm = choice.name;
    metadata.issued_at = now;
    return FreshKey{.key = std::move(*key), .metadata = std::move(metadata)};
}

} // namespace jwtdomain::cli
