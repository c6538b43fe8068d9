#include "cli/app/keys.h"

#include "jwtdomain/base/secret.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxKeyFile = 4u << 20;

} // namespace

Result<LoadedKey> load_key_file(Session& session, const std::string& path,
                                const std::optional<std::string>& passphrase) {
    auto content = store::read_file(path, kMaxKeyFile);
    if (!content) return tl::unexpected(content.error());
    const Passphrase ask = [&]() -> Result<SecretBytes> {
        return session.read_secret(passphrase.value_or("prompt"), "Passphrase of " + path);
    };
    auto key = load_key(*content, path, ask);
    wipe(content->data(), content->size());
    return key;
}

Result<JwkSet> load_verification_keys(Session& session, const std::string& path) {
    auto loaded = load_key_file(session, path, std::nullopt);
    if (!loaded) return tl::unexpected(loaded.error());
    JwkSet set;
    if (auto* keys = std::get_if<JwkSet>(&loaded->content))
        set = std::move(*keys);
    else if (auto* one = std::get_if<Jwk>(&loaded->content))
        set.keys.push_back(std::move(*one));
    else {
        auto& secret = std::get<PrivateJwk>(loaded->content);
        set.keys.push_back({.key = verification_half(secret.key), .metadata = secret.metadata});
        session.note(path + " is a private key; only its public half is used");
    }
    for (const SkippedKey& skipped : set.skipped) {
        const std::string name =
            skipped.kid.empty() ? "number " + std::to_string(skipped.index + 1) : "\"" + skipped.kid + "\"";
        const std::string text = path + ": key " + name + " is not used: " + skipped.why;
        if (skipped.defective)
            session.warn(text);
        else
            session.note(text);
    }
    return set;
}

} // namespace jwtdomain::cli
