#include "jwtdomain/policy/lower_keys.h"

#include "jwtdomain/accept/keys.h"

namespace jwtdomain::policy::detail {

namespace {

std::vector<Algorithm> usable(const Jwk& jwk, const KeyChoice& choice) {
    if (!choice.ignore_metadata) return accept::usable_algorithms(jwk, choice.algorithms, choice.short_secrets);
    Jwk bare = jwk;
    bare.metadata = {};
    return accept::usable_algorithms(bare, choice.algorithms, choice.short_secrets);
}

// Entra publishes keys for all its tenants in one set, and says with some whose they are. "{tenantid}" stands for every
// tenant.
bool is_for_another_issuer(const Jwk& jwk, const std::string& issuer) {
    const auto& named = jwk.metadata.issuer;
    if (!named || issuer.empty() || named->find("{tenantid}") != std::string::npos) return false;
    return *named != issuer;
}

SkippedKey passed_over(const Jwk& jwk) {
    SkippedKey out{.index = 0,
                   .kid = jwk.metadata.kid.value_or(""),
                   .why = "by its alg, use or key_ops it is for something else",
                   .defective = false};
    if (const auto* secret = std::get_if<HmacKey>(&jwk.key))
        out.secret = *secret;
    else
        out.identity = identity_of(jwk.key);
    out.x5c_identity = jwk.x5c_identity;
    return out;
}

} // namespace

bool add_keys(accept::Signing& signing, const KeyLocation& location, const KeyReader& reader, const KeyChoice& choice) {
    const std::string place =
        location.kind == KeyLocation::Kind::text ? "the key set that is written in it" : location.value;
    signing.origins.push_back(
        {.location = place, .owner = choice.owner, .by_issuer = location.kind == KeyLocation::Kind::discovery});
    auto set =
        location.kind == KeyLocation::Kind::none ? fail(Fault::not_found, "no jwks is declared") : reader(location);
    if (!set) {
        signing.source = accept::KeySource::unresolved;
        signing.keys.clear();
        signing.why = describe(set.error());
        return false;
    }
    for (Jwk& jwk : set->keys) {
        // A key that has no name of its own, as one in PEM, has the one that it is configured under.
        if (choice.kid && !jwk.metadata.kid) jwk.metadata.kid = choice.kid;
        if (choice.kid && jwk.metadata.kid != choice.kid) continue;
        if (is_for_another_issuer(jwk, choice.issuer)) continue;
        std::vector<Algorithm> algorithms = usable(jwk, choice);
        if (algorithms.empty()) {
            if (choice.others_may_take_refused) signing.passed_over.push_back(passed_over(jwk));
            continue;
        }
        accept::KeyUse use{.key = std::move(jwk.key),
                           .algorithms = std::move(algorithms),
                           .kid = jwk.metadata.kid,
                           .owner = choice.owner};
        if (choice.bind_issuer) use.issuer = jwk.metadata.issuer;
        if (jwk.x5c_key == X5cKey::different) use.aliases.push_back(std::move(jwk.x5c_identity));
        signing.keys.push_back(std::move(use));
    }
    for (const SkippedKey& skipped : set->skipped) {
        if (!choice.others_may_take_refused || !skipped.may_sign) continue;
        if (!skipped.defective && (!skipped.identity.empty() || skipped.secret)) {
            signing.passed_over.push_back(skipped);
            continue;
        }
        signing.source = accept::KeySource::unresolved;
        signing.why = "a key of " + place + " is refused here, and may be taken there: " + skipped.why;
        break;
    }
    return true;
}

} // namespace jwtdomain::policy::detail
