#include "cli/issue/signing_key.h"

#include <algorithm>

#include "cli/keygen/generate.h"
#include "cli/keygen/published.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/suggest.h"

namespace jwtdomain::cli {
namespace {

struct Candidate {
    const PublicKey* key;
    const JwkMetadata* metadata;
    Algorithm algorithm;
    std::string name;
};

bool allowed(const policy::Domain& domain, Algorithm algorithm) {
    return std::find(domain.algorithms.begin(), domain.algorithms.end(), algorithm) != domain.algorithms.end();
}

// What the key signs with; nullopt for a key of which the domain's verifiers take nothing.
std::optional<Candidate> candidate_of(const Jwk& jwk, const policy::Domain& domain) {
    const auto* key = std::get_if<PublicKey>(&jwk.key);
    if (!key || !may_verify(jwk.metadata)) return std::nullopt;
    if (jwk.metadata.algorithm) {
        const auto named = algorithm_on_key(*jwk.metadata.algorithm, key->type());
        if (!named || !allowed(domain, *named)) return std::nullopt;
        return Candidate{key, &jwk.metadata, *named, *jwk.metadata.algorithm};
    }
    for (const Algorithm algorithm : domain.algorithms) {
        if (info(algorithm).key == key->type())
            return Candidate{key, &jwk.metadata, algorithm, usual_name(algorithm).name};
    }
    return std::nullopt;
}

std::string quoted(std::string_view text) { return "\"" + escape_text(text, 80) + "\""; }

Result<std::vector<Candidate>> by_kid(std::vector<Candidate> all, const policy::Domain& domain,
                                      const std::string& kid) {
    std::vector<std::string> kids;
    for (const Candidate& candidate : all) {
        if (candidate.metadata->kid) kids.push_back(*candidate.metadata->kid);
    }
    std::erase_if(all, [&](const Candidate& c) { return c.metadata->kid != kid; });
    if (!all.empty()) return all;
    const std::string_view near = nearest(kid, kids);
    std::string hint = near.empty() ? "" : "did you mean " + escape_text(near, 80) + "?";
    for (std::size_t i = 0; near.empty() && i < kids.size() && i < 4; ++i)
        hint += (i == 0 ? "it has " : ", ") + escape_text(kids[i], 80);
    return fail(Fault::usage, domain.name + " publishes no signing key with the kid " + quoted(kid), std::move(hint));
}

std::string wait_for(const std::vector<Candidate>& candidates, Time now) {
    const auto first =
        std::min_element(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
            return a.metadata->not_before.value_or(0) < b.metadata->not_before.value_or(0);
        });
    const Time begin = first->metadata->not_before.value_or(now);
    return format_time(begin) + " (" + format_relative(begin, now) + ")";
}

Result<std::vector<Candidate>> active(std::vector<Candidate> candidates, const policy::Domain& domain, Time now) {
    std::erase_if(candidates, [&](const Candidate& c) { return c.metadata->expires && *c.metadata->expires <= now; });
    if (candidates.empty()) {
        return fail(Fault::invalid, "the signing key of " + domain.name + " has expired",
                    "make a new one: jwtdomain keygen --domain " + domain.name);
    }
    std::vector<Candidate> now_active;
    for (const Candidate& candidate : candidates) {
        if (!candidate.metadata->not_before || *candidate.metadata->not_before <= now) now_active.push_back(candidate);
    }
    if (now_active.empty())
        return fail(Fault::retry, "the signing key of " + domain.name + " is not active yet",
                    "from " + wait_for(candidates, now));
    return now_active;
}

} // namespace

Result<SigningChoice> choose_signing_key(const JwkSet& published, const policy::Domain& domain,
                                         const ChoiceRules& rules) {
    std::vector<Candidate> candidates;
    for (const Jwk& jwk : published.keys) {
        if (auto candidate = candidate_of(jwk, domain)) candidates.push_back(std::move(*candidate));
    }
    if (candidates.empty()) return tl::unexpected(no_key_yet(domain));
    if (rules.kid) {
        auto named = by_kid(std::move(candidates), domain, *rules.kid);
        if (!named) return tl::unexpected(named.error());
        candidates = std::move(*named);
    }
    const std::size_t published_count = candidates.size();
    std::erase_if(candidates, [&](const Candidate& c) { return !rules.has_private_half(*c.key); });
    if (candidates.empty()) {
        return fail(Fault::not_found,
                    (published_count == 1 ? "the private half of the key of " + domain.name + " is not "
                                          : "no private half of the keys of " + domain.name + " is ") +
                        rules.where,
                    "sign where it is, or give it by --key FILE; a further key: jwtdomain keygen --domain " +
                        domain.name);
    }
    const auto usable = active(std::move(candidates), domain, rules.now);
    if (!usable) return tl::unexpected(usable.error());
    // Of keys of the same age the one that stands last in the set was added last.
    const Candidate* newest = &usable->front();
    for (const Candidate& candidate : *usable) {
        if (candidate.metadata->issued_at.value_or(0) >= newest->metadata->issued_at.value_or(0)) newest = &candidate;
    }
    return SigningChoice{.key = *newest->key,
                         .algorithm = newest->algorithm,
                         .algorithm_name = newest->name,
                         .kid = newest->metadata->kid};
}

Result<PrivateKey> load_private_half(const store::KeyStore& keys, const PublicKey& key) {
    const auto text = keys.read(key.thumbprint());
    if (!text) return tl::unexpected(text.error());
    const std::string path = keys.path_of(key.thumbprint());
    auto jwk = parse_private_jwk(text->expose(), path);
    if (!jwk) return tl::unexpected(jwk.error());
    auto* pair = std::get_if<PrivateKey>(&jwk->key);
    if (!pair || pair->public_key().identity() != key.identity()) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "this private key is not the one that its name says",
                          .where = {path},
                          .hint = {}});
    }
    return std::move(*pair);
}

} // namespace jwtdomain::cli
