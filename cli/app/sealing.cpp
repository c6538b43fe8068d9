#include "cli/app/sealing.h"

#include "cli/app/keys.h"

namespace jwtdomain::cli {

Result<std::string> sealed(Session& session, std::string payload, std::string_view type,
                           const SealingOptions& options) {
    if (!options.key) return payload;
    auto loaded = load_key_file(session, *options.key, options.passphrase);
    if (!loaded) return tl::unexpected(loaded.error());
    const auto* key = std::get_if<PrivateJwk>(&loaded->content);
    if (!key)
        return fail(Fault::usage, *options.key + " has no private key to sign with",
                    "make one: jwtdomain keygen --out FILE");
    return seal(payload, type, *key);
}

std::string_view code_of(Signature signature) {
    switch (signature) {
    case Signature::none: return "none";
    case Signature::unchecked: return "unchecked";
    case Signature::good: return "good";
    case Signature::bad: return "bad";
    }
    return {};
}

Result<Signature> signature_of(Session& session, const Envelope& envelope, const std::optional<std::string>& keys) {
    if (!keys) return envelope.signatures.empty() ? Signature::none : Signature::unchecked;
    const auto set = load_verification_keys(session, *keys);
    if (!set) return tl::unexpected(set.error());
    return is_signed_by(envelope, *set) ? Signature::good : Signature::bad;
}

} // namespace jwtdomain::cli
