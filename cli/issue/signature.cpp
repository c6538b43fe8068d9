#include "cli/issue/signature.h"

#include <vector>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/ecdsa_der.h"

namespace jwtdomain::cli {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

} // namespace

std::optional<std::string> find_signature(SignatureVerifier& verifier, std::string_view signing_input,
                                          std::string_view given) {
    std::vector<std::string> candidates{std::string(given)};
    std::string decoded;
    if (base64_decode_lenient(trimmed(given), decoded)) candidates.push_back(decoded);
    const AlgorithmInfo& algorithm = info(verifier.algorithm());
    if (algorithm.family == Family::ecdsa) {
        for (std::size_t i = 0, count = candidates.size(); i < count; ++i)
            candidates.push_back(ecdsa::to_raw(candidates[i], algorithm.signature_size / 2));
    }
    for (std::string& candidate : candidates) {
        if (!candidate.empty() && verifier.verify(signing_input, candidate)) return std::move(candidate);
    }
    return std::nullopt;
}

} // namespace jwtdomain::cli
