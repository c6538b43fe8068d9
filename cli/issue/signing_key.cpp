#include "cli/issue/signing_key.h"

#include <algorithm>

#include "cli/keygen/published.h"
#include "cli/keygen/signing_use.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/suggest.h"

namespace jwtdomain::cli {
namespace {

struct Candidate {
    const PublicKey* key;
    const JwkMetadata* metadata;
    SigningUse use;
    std::size_t number; // among all that sign for the domain
};

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

std::string at_time(Time time, Time now) { return format_time(time) + " (" + format_relative(time, now) + ")"; }

// `states`: of all that sign for the domain.
Result<std::vector<Candidate>> active(std::vector<Candidate> candidates, const rotation::Situation& states,
                                      const policy::Domain& domain, Time now) {
    const auto state = [&](const Candidate& c) -> const rotation::KeyState& { return states.keys[c.number]; };
    std::erase_if(candidates, [&](const Candidate& c) { return c.metadata->expires && *c.metadata->expires <= now; });
    if (candidates.empty()) {
        return fail(Fault::invalid, "the signing key of " + domain.name + " has expired",
                    "make a new one: jwtdomain keygen --domain " + domain.name);
    }
    std::vector<Candidate> now_active;
    std::optional<Time> begins, retired;
    for (const Candidate& candidate : candidates) {
        const rotation::KeyState& its = state(candidate);
        if (its.may_sign)
            now_active.push_back(candidate);
        else if (its.starts > now)
            begins = std::min(its.starts, begins.value_or(its.starts));
        else
            retired = std::max(*its.stops, retired.value_or(*its.stops));
    }
    // A key whose record does not say from when it signs has no such time: a clock that is set back does not stop it.
    for (const Candidate& candidate : candidates) {
        if (now_active.empty() && !candidate.metadata->not_before && state(candidate).starts > now)
            now_active.push_back(candidate);
    }
    if (!now_active.empty()) return now_active;
    if (begins)
        return fail(Fault::retry, "the signing key of " + domain.name + " is not active yet",
                    "from " + at_time(*begins, now));
    return fail(
        Fault::invalid, "this key of " + domain.name + " has retired: it signed until " + at_time(*retired, now),
        "sign with the one that has taken its place; its state: jwtdomain rotate --domain " + domain.name + " --plan");
}

} // namespace

Result<SigningChoice> choose_signing_key(const JwkSet& published, const policy::Domain& domain,
                                         const ChoiceRules& rules) {
    std::vector<Candidate> candidates;
    const SigningKeys all = signing_keys(published, domain);
    for (std::size_t i = 0; i < all.numbers.size(); ++i) {
        const Jwk& jwk = published.keys[all.numbers[i]];
        candidates.push_back({std::get_if<PublicKey>(&jwk.key), &jwk.metadata, all.uses[i], i});
    }
    const rotation::Facts facts = rotation::facts_of({}, domain);
    const rotation::Situation states = rotation::situation_at(all.records, facts, rules.now);
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
    const auto usable = active(std::move(candidates), states, domain, rules.now);
    if (!usable) return tl::unexpected(usable.error());
    // Of keys that began at the same time the one that stands last in the set was added last.
    const Candidate* newest = &usable->front();
    for (const Candidate& candidate : *usable) {
        if (all.records[candidate.number].start() >= all.records[newest->number].start()) newest = &candidate;
    }
    return SigningChoice{.key = *newest->key,
                         .algorithm = newest->use.algorithm,
                         .algorithm_name = newest->use.name,
                         .kid = newest->metadata->kid};
}

Result<PrivateJwk> load_stored_key(const store::KeyStore& keys, const std::string& thumbprint) {
    const auto text = keys.read(thumbprint);
    if (!text) return tl::unexpected(text.error());
    const std::string path = keys.path_of(thumbprint);
    auto jwk = parse_private_jwk(text->expose(), path);
    if (!jwk) return jwk;
    const auto* pair = std::get_if<PrivateKey>(&jwk->key);
    if (!pair || pair->public_key().thumbprint() != thumbprint) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "this private key is not the one that its name says",
                          .where = {path},
                          .hint = {}});
    }
    return jwk;
}

Result<PrivateKey> load_private_half(const store::KeyStore& keys, const PublicKey& key) {
    auto jwk = load_stored_key(keys, key.thumbprint());
    if (!jwk) return tl::unexpected(jwk.error());
    return std::move(std::get<PrivateKey>(jwk->key));
}

} // namespace jwtdomain::cli
