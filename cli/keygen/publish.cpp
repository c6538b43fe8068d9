#include "cli/keygen/publish.h"

#include <algorithm>

#include "cli/app/keys.h"
#include "cli/app/policy.h"
#include "cli/keygen/generate.h"
#include "cli/keygen/published.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::cli {
namespace {

std::string name_of_key(const JwkMetadata& metadata, std::size_t index) {
    return metadata.kid ? "\"" + escape_text(*metadata.kid, 60) + "\"" : "number " + std::to_string(index + 1);
}

// What verifiers want to know of a key that came without: its name, and its algorithm where there is only one.
void complete(const PublicKey& key, JwkMetadata& metadata) {
    if (!metadata.kid) metadata.kid = key.thumbprint();
    if (!metadata.use && !metadata.key_ops) metadata.use = "sig";
    if (metadata.key_ops) metadata.key_ops = std::vector<std::string>{"verify"};
    if (metadata.algorithm || key.type() == KeyType::rsa) return;
    for (const AlgorithmInfo& entry : algorithms()) {
        if (entry.key == key.type()) metadata.algorithm = usual_name(entry.algorithm).name;
    }
}

void add(std::vector<PublicJwk>& out, PublicJwk key) {
    const bool known =
        std::any_of(out.begin(), out.end(), [&](const PublicJwk& k) { return k.key.identity() == key.key.identity(); });
    if (!known) out.push_back(std::move(key));
}

} // namespace

std::vector<PublicJwk> public_keys(const JwkSet& set) {
    std::vector<PublicJwk> out;
    for (const Jwk& jwk : set.keys) {
        if (const auto* key = std::get_if<PublicKey>(&jwk.key)) out.push_back({*key, jwk.metadata});
    }
    return out;
}

Result<std::vector<PublicJwk>> published_keys(Session& session, const std::string& name) {
    const auto policy = load_policy_of(session, name);
    if (!policy) return tl::unexpected(policy.error());
    const auto domain = policy::require_domain(*policy, name);
    if (!domain) return tl::unexpected(domain.error());
    const auto published = read_published(*policy, **domain);
    if (!published) return tl::unexpected(published.error());
    const auto& keys = published->set.keys;
    for (std::size_t i = 0; i < keys.size(); ++i) {
        const auto* key = std::get_if<PublicKey>(&keys[i].key);
        if (keys[i].had_private_members || !key) {
            session.warn(
                published->path + ": key " + name_of_key(keys[i].metadata, i) +
                " stands there with its private members: whoever could read the file can mint tokens; replace the key");
        }
    }
    for (const SkippedKey& skipped : published->set.skipped) {
        session.note(published->path + ": key number " + std::to_string(skipped.index + 1) +
                     " is left out: " + skipped.why);
    }
    std::vector<PublicJwk> out = public_keys(published->set);
    if (out.empty())
        return fail((*domain)->foreign ? Error{.fault = Fault::not_found,
                                               .message = "there is no public key in it",
                                               .where = {published->path}}
                                       : no_key_yet(**domain));
    return out;
}

Result<std::vector<PublicJwk>> keys_of_files(Session& session, const JwksOptions& options) {
    std::vector<PublicJwk> out;
    for (const std::string& file : options.keys) {
        auto loaded = load_key_file(session, file, options.passphrase);
        if (!loaded) return tl::unexpected(loaded.error());
        std::vector<Jwk> jwks;
        if (auto* one = std::get_if<Jwk>(&loaded->content))
            jwks.push_back(std::move(*one));
        else if (auto* set = std::get_if<JwkSet>(&loaded->content))
            jwks = std::move(set->keys);
        else if (auto* pair = std::get_if<PrivateJwk>(&loaded->content))
            jwks.push_back({.key = verification_half(pair->key), .metadata = pair->metadata});
        for (Jwk& jwk : jwks) {
            const auto* key = std::get_if<PublicKey>(&jwk.key);
            if (!key) {
                return fail(Error{
                    .fault = Fault::invalid,
                    .message = "a shared secret has no public half to publish",
                    .where = {file},
                    .hint =
                        "who verifies HMAC tokens holds the secret itself, and could mint them too: use a key pair"});
            }
            complete(*key, jwk.metadata);
            add(out, {*key, std::move(jwk.metadata)});
        }
    }
    return out;
}

} // namespace jwtdomain::cli
