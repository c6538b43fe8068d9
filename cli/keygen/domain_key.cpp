#include "cli/keygen/domain_key.h"

#include <algorithm>

#include "cli/keygen/publication.h"
#include "cli/keygen/published.h"
#include "cli/keygen/signing_use.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/secret_text.h"
#include "jwtdomain/policy/issuance.h"
#include "jwtdomain/store/files.h"
#include "jwtdomain/store/keystore.h"

namespace jwtdomain::cli {
namespace {

std::string listed(const std::vector<Algorithm>& algorithms) {
    std::string out;
    for (const Algorithm algorithm : algorithms) out += (out.empty() ? "" : ", ") + std::string(info(algorithm).name);
    return out;
}

Result<AlgorithmChoice> choice_of(const policy::Domain& domain, const KeyWish& wish) {
    if (domain.algorithms.empty())
        return fail(Fault::usage, "the domain " + domain.name + " accepts no algorithm at all");
    AlgorithmChoice choice = usual_name(domain.algorithms.front());
    if (wish.algorithm) {
        auto chosen = choose_algorithm(*wish.algorithm);
        if (!chosen) return chosen;
        choice = std::move(*chosen);
    }
    if (std::find(domain.algorithms.begin(), domain.algorithms.end(), choice.algorithm) == domain.algorithms.end()) {
        return fail(Fault::usage, domain.name + " does not accept " + choice.name,
                    "it accepts " + listed(domain.algorithms));
    }
    if (info(choice.algorithm).key == KeyType::hmac) {
        return fail(Fault::unsupported,
                    "a key for " + choice.name + " is one shared secret: there is no public half for " + domain.name +
                        " to publish",
                    "use ES256 in its policy; a secret by itself is made with --out FILE --alg " + choice.name);
    }
    return choice;
}

// A key in a set is a key of every domain that publishes the set. That is meant for tenants of one issuer only.
Status check_not_shared(const policy::Policy& policy, const policy::Domain& domain) {
    for (const policy::Domain& other : policy.domains) {
        if (other.name == domain.name || other.keys.kind != domain.keys.kind || other.keys.value != domain.keys.value)
            continue;
        if (other.issuer == domain.issuer) continue;
        return fail(Error{.fault = Fault::conflict,
                          .message = domain.keys.value + " is the key set of " + other.name +
                                     " too: a key in it would open both domains",
                          .where = domain.where,
                          .hint = "give each domain a file of its own in `jwks`"});
    }
    return {};
}

Result<SecretBytes> text_of(const FreshKey& key, const std::string& domain) {
    const auto jwk = write_private_jwk(key.key, key.metadata);
    if (!jwk) return tl::unexpected(jwk.error());
    const std::string_view text = jwk->expose();
    const std::string member = ",\"" + std::string(kDomainMember) + "\":" + json::quote(domain) + "}\n";
    SecretText out(text.size() + member.size());
    out.text += text.substr(0, text.rfind('}'));
    out.text += member;
    return SecretBytes(out.text);
}

} // namespace

Result<FreshDomainKey> fresh_domain_key(const policy::Policy& policy, const policy::Domain& domain, const KeyWish& wish,
                                        Time now) {
    if (const Status own = policy::require_own_issuer(domain); !own) return tl::unexpected(own.error());
    const auto choice = choice_of(domain, wish);
    if (!choice) return tl::unexpected(choice.error());
    if (const Status apart = check_not_shared(policy, domain); !apart) return tl::unexpected(apart.error());
    auto fresh = generate_key(wish, *choice, now);
    if (!fresh) return tl::unexpected(fresh.error());
    auto secret = text_of(*fresh, domain.name);
    if (!secret) return tl::unexpected(secret.error());
    return FreshDomainKey{.half = std::get<PrivateKey>(fresh->key).public_key(),
                          .metadata = std::move(fresh->metadata),
                          .secret = std::move(*secret)};
}

Result<DomainKey> make_domain_key(const policy::Policy& policy, const policy::Domain& domain,
                                  const std::string& state_directory, const KeyWish& wish, Time now) {
    if (const Status own = policy::require_own_issuer(domain); !own) return tl::unexpected(own.error());
    const store::KeyStore keys(state_directory);
    if (const auto place = read_published(policy, domain); !place)
        return tl::unexpected(place.error()); // before anything is made

    const auto fresh = fresh_domain_key(policy, domain, wish, now);
    if (!fresh) return tl::unexpected(fresh.error());
    const PublicKey& half = fresh->half;
    const auto lock = store::StoreLock::acquire(keys);
    if (!lock) return tl::unexpected(lock.error());
    const auto published = read_published(policy, domain);
    if (!published) return tl::unexpected(published.error());
    const SigningKeys signing = signing_keys(published->set, domain);
    const Time start = rotation::start_of_new_key(signing.records, rotation::facts_of(policy, domain), now);
    JwkMetadata metadata = fresh->metadata;
    if (start > now) metadata.not_before = start;
    const auto set = add_to_set(*published, {half, metadata});
    if (!set) return tl::unexpected(set.error());
    if (const Status stored = keys.add(half.thumbprint(), fresh->secret); !stored)
        return tl::unexpected(stored.error());
    const auto existing = published->text.empty() ? store::Existing::refuse : store::Existing::replace;
    if (const Status written = store::write_file(published->path, *set, existing); !written) {
        (void)keys.remove(half.thumbprint());
        return tl::unexpected(written.error());
    }
    // What `rotate` lets serve is kept up; what cannot be written now it puts right, and counts the new key from then.
    const auto now_published = parse_jwks(*set);
    if (now_published) {
        const Publication publication = publication_of(policy, domain, *now_published);
        if (published_there(publication)) (void)publish(publication);
    }
    return DomainKey{.kid = *metadata.kid,
                     .algorithm = *metadata.algorithm,
                     .private_file = keys.path_of(half.thumbprint()),
                     .public_file = published->path,
                     .published = published->set.keys.size() + 1,
                     .starts = metadata.not_before};
}

} // namespace jwtdomain::cli
