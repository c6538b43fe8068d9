#include "cli/rotate/new_key.h"

#include "cli/app/keys.h"
#include "cli/issue/signing_key.h"
#include "cli/keygen/domain_key.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

constexpr unsigned kUsualBits = 2048; // of RSA

// As the newest key is, whether it signs yet or not.
KeyWish wish_of(const RotateOptions& options, const RotationState& state) {
    KeyWish wish = options.wish;
    if (wish.algorithm || state.signing.uses.empty()) return wish;
    const std::size_t newest = state.signing.uses.size() - 1;
    wish.algorithm = state.signing.uses[newest].name;
    const PublicKey& key = state.key(newest);
    if (!wish.bits && key.type() == KeyType::rsa && key.bits() != kUsualBits) wish.bits = std::to_string(key.bits());
    return wish;
}

bool all_elsewhere(const RotationState& state) {
    for (std::size_t i = 0; i < state.signing.numbers.size(); ++i) {
        if (state.is_here(i)) return false;
    }
    return !state.signing.numbers.empty();
}

Result<NewKey> key_of_file(Session& session, const RotateOptions& options, const RotationState& state) {
    const std::string& file = *options.public_key;
    const auto refuse = [&](std::string message, std::string hint = {}) {
        return fail(
            Error{.fault = Fault::invalid, .message = std::move(message), .where = {file}, .hint = std::move(hint)});
    };
    const auto set = load_verification_keys(session, file);
    if (!set) return tl::unexpected(set.error());
    const auto* half = set->keys.size() == 1 ? std::get_if<PublicKey>(&set->keys.front().key) : nullptr;
    if (!half) return refuse("--public takes one public key");
    Jwk key{.key = *half, .metadata = {}};
    key.metadata.algorithm = set->keys.front().metadata.algorithm;
    const auto use = signing_use(key, *state.domain);
    if (!use)
        return refuse("verifiers of " + state.domain->name + " take nothing by this key",
                      "its algorithm must be one of the domain's");
    return NewKey{.half = *half,
                  .metadata = {.kid = half->thumbprint(),
                               .algorithm = use->name,
                               .use = "sig",
                               .key_ops = {},
                               .issuer = {},
                               .issued_at = session.now(),
                               .not_before = {},
                               .expires = {}},
                  .secret = {},
                  .elsewhere = true};
}

// A key that was there once must not come back: verifiers may have it by that name, and it may have been stolen.
Status check_new(const NewKey& key, const RotationState& state) {
    const auto known = [&](const std::string& where) {
        return fail(Error{.fault = Fault::conflict,
                          .message = "this key is not new: " + key.half.thumbprint() + " is in " + where,
                          .where = {},
                          .hint = "make another one"});
    };
    for (const Jwk& jwk : state.published.set.keys) {
        if (identity_of(jwk.key) == key.half.identity()) return known(state.published.path);
    }
    const auto removed = read_removed(state);
    if (!removed) return tl::unexpected(removed.error());
    for (const PublicJwk& jwk : *removed) {
        if (jwk.key.identity() == key.half.identity()) return known(removed_file(state));
    }
    return {};
}

} // namespace

Result<NewKey> new_key(Session& session, const RotateOptions& options, const RotationState& state) {
    if (options.public_key) {
        auto key = key_of_file(session, options, state);
        if (!key) return key;
        if (const Status good = check_new(*key, state); !good) return tl::unexpected(good.error());
        return key;
    }
    if (all_elsewhere(state)) {
        return fail(Fault::not_found,
                    "no private half of the keys of " + state.domain->name + " is in the key store " +
                        state.keys.directory(),
                    "rotate where they are; or make the next key there, and publish its public half: jwtdomain rotate "
                    "--domain " +
                        state.domain->name + " --public FILE");
    }
    auto fresh = fresh_domain_key(state.policy, *state.domain, wish_of(options, state), session.now());
    if (!fresh) return tl::unexpected(fresh.error());
    return NewKey{.half = std::move(fresh->half),
                  .metadata = std::move(fresh->metadata),
                  .secret = std::move(fresh->secret),
                  .elsewhere = false};
}

Result<NewKey> stored_key(const RotationState& state, const std::string& thumbprint) {
    auto jwk = load_stored_key(state.keys, thumbprint);
    if (!jwk) return tl::unexpected(jwk.error());
    return NewKey{.half = std::get<PrivateKey>(jwk->key).public_key(),
                  .metadata = std::move(jwk->metadata),
                  .secret = {},
                  .elsewhere = false};
}

} // namespace jwtdomain::cli
