#include "cli/app/keys.h"

#include <algorithm>

#include <fmt/format.h>

#include "jwtdomain/base/secret.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMaxKeyFile = 4u << 20;

// Standard input has no mode that would say anything.
Result<store::GuardedContent> read_key_file(Session& session, const std::string& path) {
    if (path != "-") return store::read_guarded_file(path, kMaxKeyFile);
    auto text = session.read_input(kMaxKeyFile);
    if (!text) return tl::unexpected(text.error());
    store::GuardedContent content{.octets = SecretBytes(std::string_view(*text)), .closed = {}};
    std::string& clear = *text;
    wipe(clear.data(), clear.size());
    return content;
}

bool holds_secret(const LoadedKey& key) {
    if (const auto* set = std::get_if<JwkSet>(&key.content)) {
        return std::any_of(set->keys.begin(), set->keys.end(), [](const Jwk& jwk) {
            return jwk.had_private_members || std::holds_alternative<HmacKey>(jwk.key);
        });
    }
    const auto* one = std::get_if<Jwk>(&key.content);
    return !one || one->had_private_members || std::holds_alternative<HmacKey>(one->key);
}

Result<LoadedKey> load(Session& session, const std::string& path, const std::optional<std::string>& passphrase,
                       std::optional<std::string_view> kid, Custody custody) {
    auto content = read_key_file(session, path);
    if (!content) return tl::unexpected(content.error());
    if (custody == Custody::lost) content->closed = {};
    const std::string name = path == "-" ? "standard input" : path;
    if (content->octets.empty()) return fail(Fault::no_input, "there is no key in " + name);
    const Passphrase ask = [&]() -> Result<SecretBytes> {
        if (!content->closed) return tl::unexpected(content->closed.error());
        return session.read_secret(passphrase.value_or("prompt"), "Passphrase of " + name);
    };
    auto key = load_key(content->octets.expose(), name, ask, kid);
    if (key && !content->closed && holds_secret(*key)) return tl::unexpected(content->closed.error());
    return key;
}

} // namespace

Result<LoadedKey> load_key_file(Session& session, const std::string& path, const std::optional<std::string>& passphrase,
                                std::optional<std::string_view> kid) {
    return load(session, path, passphrase, kid, Custody::ours);
}

Result<JwkSet> load_verification_keys(Session& session, const std::string& path, Custody custody) {
    auto loaded = load(session, path, std::nullopt, {}, custody);
    if (!loaded) return tl::unexpected(loaded.error());
    if (std::holds_alternative<PrivateJwk>(loaded->content))
        session.note(path + " is a private key; only its public half is used");
    JwkSet set = verification_keys(std::move(*loaded));
    for (const SkippedKey& skipped : set.skipped) {
        const std::string name =
            skipped.kid.empty() ? fmt::format("number {}", skipped.index + 1) : fmt::format("\"{}\"", skipped.kid);
        const std::string text = fmt::format("{}: key {} is not used: {}", path, name, skipped.why);
        if (skipped.defective)
            session.warn(text);
        else
            session.note(text);
    }
    return set;
}

Result<PrivateKey> load_private_key(Session& session, const std::string& path,
                                    const std::optional<std::string>& passphrase) {
    auto loaded = load_key_file(session, path, passphrase);
    if (!loaded) return tl::unexpected(loaded.error());
    auto* jwk = std::get_if<PrivateJwk>(&loaded->content);
    auto* pair = jwk ? std::get_if<PrivateKey>(&jwk->key) : nullptr;
    if (pair) return std::move(*pair);
    return fail(Error{
        .fault = Fault::invalid, .message = "there is no private key in it to sign with", .where = {path}, .hint = {}});
}

Result<std::string> client_thumbprint(Session& session, const std::string& path) {
    const auto set = load_verification_keys(session, path);
    if (!set) return tl::unexpected(set.error());
    const auto* key = set->keys.size() == 1 ? std::get_if<PublicKey>(&set->keys.front().key) : nullptr;
    if (key) return key->thumbprint();
    return fail(Error{.fault = Fault::usage,
                      .message = set->keys.size() > 1
                                     ? "several keys: which is the client's?"
                                     : "this is no key pair: a client proves that it holds a private key",
                      .where = {path},
                      .hint = "give a file with one public or private key: jwtdomain keygen --out client.jwk"});
}

} // namespace jwtdomain::cli
