#include "jwtdomain/jwt/keyfile.h"

#include <algorithm>
#include <array>

#include "jwtdomain/crypto/pem.h"
#include "jwtdomain/jwt/jwk_members.h"
#include "jwtdomain/jwt/keyfile_der.h"

namespace jwtdomain {
namespace {

using keyfile::DerKind;

// What the labels of PEM say (RFC 7468 sections 5, 10, 11, 13 and the older ones of OpenSSL).
struct Label {
    std::string_view label;
    DerKind kind;
    KeyFormat format;
};
constexpr std::array kLabels{
    Label{"PRIVATE KEY", DerKind::pkcs8, KeyFormat::pem},
    Label{"ENCRYPTED PRIVATE KEY", DerKind::encrypted_pkcs8, KeyFormat::pem},
    Label{"PUBLIC KEY", DerKind::spki, KeyFormat::pem},
    Label{"RSA PRIVATE KEY", DerKind::pkcs1_private, KeyFormat::pkcs1},
    Label{"RSA PUBLIC KEY", DerKind::pkcs1_public, KeyFormat::pkcs1},
    Label{"EC PRIVATE KEY", DerKind::sec1, KeyFormat::sec1},
    Label{"CERTIFICATE", DerKind::certificate, KeyFormat::certificate},
    Label{"X509 CERTIFICATE", DerKind::certificate, KeyFormat::certificate},
};

const Label* find_label(std::string_view label) {
    const auto* found = std::find_if(kLabels.begin(), kLabels.end(), [&](const Label& l) { return l.label == label; });
    return found == kLabels.end() ? nullptr : found;
}

tl::unexpected<Error> unknown_label(const std::string& label) {
    if (label == "OPENSSH PRIVATE KEY") {
        return fail(Fault::unsupported, "the file is a private key of OpenSSH",
                    "convert a copy of it: ssh-keygen -p -m pkcs8 -f COPY");
    }
    if (label == "CERTIFICATE REQUEST") return fail(Fault::unsupported, "the file is a certificate request, not a key");
    return fail(Fault::unsupported, "the PEM block " + label + " is no key that can be used here");
}

tl::unexpected<Error> several(std::string hint) {
    return fail(Fault::invalid, "the file holds several keys", std::move(hint));
}

// The one key among the blocks: certificates beside a key, and further ones of a chain, are passed over.
Result<const pem::Block*> choose(const std::vector<pem::Block>& blocks) {
    const pem::Block *key = nullptr, *certificate = nullptr;
    for (const pem::Block& block : blocks) {
        if (block.label == "EC PARAMETERS") continue;
        const Label* label = find_label(block.label);
        if (!label) return unknown_label(block.label);
        if (label->kind == DerKind::certificate) {
            if (!certificate) certificate = &block;
            continue;
        }
        if (key) return several("put each key into a file of its own");
        key = &block;
    }
    if (!key) key = certificate;
    if (!key) return fail(Fault::invalid, "the PEM file holds no key");
    return key;
}

Result<LoadedKey> load_pem(std::string_view text, const Passphrase& passphrase) {
    const Result<std::vector<pem::Block>> blocks = pem::read(text);
    if (!blocks) return tl::unexpected(blocks.error());
    const Result<const pem::Block*> block = choose(*blocks);
    if (!block) return tl::unexpected(block.error());
    if ((*block)->legacy_encryption) {
        return fail(Fault::unsupported, "the key is encrypted in the old way of PEM, which derives its key with MD5",
                    "encrypt it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE -out NEW");
    }
    const Label* label = find_label((*block)->label);
    const std::string_view der = (*block)->der.expose();
    if (keyfile::kind_of(der) != label->kind) {
        return fail(Fault::invalid, "the PEM block " + (*block)->label + " does not hold what its label says");
    }
    return keyfile::load(label->kind, der, label->format, passphrase);
}

Result<LoadedKey> load_set(std::string_view text, std::optional<std::string_view> kid) {
    Result<JwkSet> set = parse_jwks(text);
    if (!set) return tl::unexpected(set.error());
    Result<PrivateJwkSet> secrets = parse_private_jwks(text);
    if (!secrets) return tl::unexpected(secrets.error());
    std::vector<PrivateJwk>& keys = secrets->keys;
    // An HMAC secret among public keys makes no private set of it.
    const bool has_pair =
        std::any_of(keys.begin(), keys.end(), [](const PrivateJwk& jwk) { return jwk.key.index() == 0; });
    const bool has_public =
        std::any_of(set->keys.begin(), set->keys.end(), [](const Jwk& jwk) { return jwk.key.index() == 0; });
    if (keys.empty() || (!has_pair && has_public))
        return LoadedKey{.content = std::move(*set), .format = KeyFormat::jwks};
    if (kid) {
        keys.erase(
            std::remove_if(keys.begin(), keys.end(), [&](const PrivateJwk& jwk) { return jwk.metadata.kid != kid; }),
            keys.end());
        if (keys.empty()) return fail(Fault::invalid, "no private key of the set has that kid");
    }
    if (keys.size() > 1) return several("choose one by its kid");
    return LoadedKey{.content = std::move(keys.front()), .format = KeyFormat::jwks};
}

Result<LoadedKey> load_json(std::string_view text, const std::string& file, std::optional<std::string_view> kid) {
    json::Document document;
    if (Status parsed = jwk::parse_object(document, text, file); !parsed) return tl::unexpected(parsed.error());
    const json::Value root = document.root();
    if (root.find("keys") || !root.find("kty")) return load_set(text, kid);
    const std::optional<json::Value> kty = root.find("kty");
    if (root.find("d") || kty->text() == "oct") {
        Result<PrivateJwk> key = parse_private_jwk(text, file);
        if (!key) return tl::unexpected(key.error());
        return LoadedKey{.content = std::move(*key), .format = KeyFormat::jwk};
    }
    Result<Jwk> key = parse_jwk(text, file);
    if (!key) return tl::unexpected(key.error());
    return LoadedKey{.content = std::move(*key), .format = KeyFormat::jwk};
}

std::string_view trimmed(std::string_view text) {
    if (text.substr(0, 3) == "\xef\xbb\xbf") text.remove_prefix(3);
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    return text;
}

// PFX (RFC 7292 section 4): a sequence that begins with the version 3 and another sequence.
bool is_pkcs12(std::string_view octets) {
    constexpr std::string_view kVersion3("\x02\x01\x03\x30", 4);
    const std::size_t at = octets.substr(0, 10).find(kVersion3);
    return !octets.empty() && octets[0] == '\x30' && at >= 2 && at != std::string_view::npos;
}

Result<LoadedKey> load_any(std::string_view octets, const std::string& file, const Passphrase& passphrase,
                           std::optional<std::string_view> kid) {
    if (octets.size() > jwk::kMaxSize) return fail(Fault::limit, "a key file is at most 4 MiB");
    if (is_pkcs12(octets)) {
        return fail(Fault::unsupported, "the file is a PKCS#12 archive (.p12, .pfx)",
                    "take the key out of it: openssl pkcs12 -in FILE -nocerts -out KEY.pem");
    }
    const DerKind kind = keyfile::kind_of(octets);
    if (kind != DerKind::unknown) return keyfile::load(kind, octets, KeyFormat::der, passphrase);
    const std::string_view text = trimmed(octets);
    if (text.empty()) return fail(Fault::invalid, "the key file is empty");
    if (text[0] == '{' || text[0] == '[') return load_json(text, file, kid);
    if (text.find("-----BEGIN ") != std::string_view::npos) return load_pem(text, passphrase);
    if (text.substr(0, 4) == "ssh-" || text.substr(0, 11) == "ecdsa-sha2-") {
        return fail(Fault::unsupported, "the file is a public key of OpenSSH",
                    "convert it: ssh-keygen -e -m pkcs8 -f FILE");
    }
    return fail(Fault::invalid, "not a key: neither PEM, DER, a JWK nor a set of them");
}

} // namespace

std::optional<KeyFormat> find_key_format(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, KeyFormat>, 7> kFormats{{{"pem", KeyFormat::pem},
                                                                              {"der", KeyFormat::der},
                                                                              {"jwk", KeyFormat::jwk},
                                                                              {"jwks", KeyFormat::jwks},
                                                                              {"pkcs1", KeyFormat::pkcs1},
                                                                              {"sec1", KeyFormat::sec1},
                                                                              {"x509", KeyFormat::certificate}}};
    for (const auto& [known, format] : kFormats) {
        if (known == name) return format;
    }
    return std::nullopt;
}

Result<LoadedKey> load_key(std::string_view octets, const std::string& file, const Passphrase& passphrase,
                           std::optional<std::string_view> kid) {
    Result<LoadedKey> key = load_any(octets, file, passphrase, kid);
    if (!key && key.error().where.file.empty()) key.error().where.file = file;
    return key;
}

JwkSet verification_keys(LoadedKey file) {
    if (auto* set = std::get_if<JwkSet>(&file.content)) return std::move(*set);
    JwkSet out;
    if (auto* one = std::get_if<Jwk>(&file.content)) {
        out.holds_private = one->had_private_members;
        out.keys.push_back(std::move(*one));
    } else {
        auto& secret = std::get<PrivateJwk>(file.content);
        out.holds_private = true;
        out.keys.push_back({.key = verification_half(secret.key),
                            .metadata = std::move(secret.metadata),
                            .had_private_members = true});
    }
    return out;
}

} // namespace jwtdomain
