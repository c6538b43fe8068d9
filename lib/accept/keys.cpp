#include "jwtdomain/accept/keys.h"

#include <algorithm>

#include "jwtdomain/accept/automaton.h"

namespace jwtdomain::accept {
namespace {

constexpr std::string_view kTenant = "{tenantid}";

bool long_enough(const VerificationKey& key, Algorithm algorithm) {
    const auto* hmac = std::get_if<HmacKey>(&key);
    return !hmac || hmac->secret().size() >= info(algorithm).min_key_size;
}

} // namespace

std::vector<Algorithm> usable_algorithms(const Jwk& key, const std::optional<std::vector<Algorithm>>& list,
                                         bool short_secrets) {
    std::vector<Algorithm> usable;
    if (!may_verify(key.metadata)) return usable;
    const auto offer = [&](Algorithm algorithm) {
        const bool listed = !list || std::find(list->begin(), list->end(), algorithm) != list->end();
        if (listed && (short_secrets || long_enough(key.key, algorithm))) usable.push_back(algorithm);
    };
    if (key.metadata.algorithm) {
        if (const auto own = algorithm_on_key(*key.metadata.algorithm, type_of(key.key))) offer(*own);
        return usable;
    }
    for (const AlgorithmInfo& entry : algorithms()) {
        if (entry.key == type_of(key.key)) offer(entry.algorithm);
    }
    return usable;
}

bool is_issuer_of_key(std::string_view issuer, std::string_view of_key) {
    const std::size_t at = of_key.find(kTenant);
    if (at == std::string_view::npos) return issuer == of_key;
    const std::string_view head = of_key.substr(0, at), tail = of_key.substr(at + kTenant.size());
    if (issuer.size() <= head.size() + tail.size() || issuer.substr(0, head.size()) != head ||
        issuer.substr(issuer.size() - tail.size()) != tail)
        return false;
    const std::string_view tenant = issuer.substr(head.size(), issuer.size() - head.size() - tail.size());
    return tenant.find('/') == std::string_view::npos;
}

Strings issuers_of_key(const std::string& of_key) {
    Strings out;
    const std::size_t at = of_key.find(kTenant);
    if (at == std::string::npos) {
        out.exact = {of_key};
        return out;
    }
    Pattern pattern{.match = Match::regex, .text = {}};
    pattern.text =
        "^" + quote_regex(of_key.substr(0, at)) + "[^/]+" + quote_regex(of_key.substr(at + kTenant.size())) + "$";
    static_cast<void>(compile(pattern)); // one that is too long to be compiled may match anything, to the prover
    out.patterns.push_back(std::move(pattern));
    return out;
}

std::vector<KeyUse> key_uses(const JwkSet& set, const std::optional<std::vector<Algorithm>>& list,
                             const std::string& owner) {
    std::vector<KeyUse> uses;
    for (const Jwk& key : set.keys) {
        auto usable = usable_algorithms(key, list);
        if (usable.empty()) continue;
        uses.push_back({.key = key.key, .algorithms = std::move(usable), .kid = key.metadata.kid, .owner = owner});
    }
    return uses;
}

} // namespace jwtdomain::accept
