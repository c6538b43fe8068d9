#include "cli/keygen/files.h"

#include <array>

#include "cli/app/keys.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/suggest.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

struct FormatName {
    std::string_view name;
    KeyFormat format;
};
constexpr std::array kFormats{FormatName{"pem", KeyFormat::pem},         FormatName{"der", KeyFormat::der},
                              FormatName{"jwk", KeyFormat::jwk},         FormatName{"jwks", KeyFormat::jwks},
                              FormatName{"pkcs1", KeyFormat::pkcs1},     FormatName{"sec1", KeyFormat::sec1},
                              FormatName{"x509", KeyFormat::certificate}};

std::string_view name_of_format(KeyFormat format) {
    for (const FormatName& each : kFormats) {
        if (each.format == format) return each.name;
    }
    return {};
}

bool ends_with(const std::string& text, std::string_view end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// Where nobody said: by the file's name, else what most programs read.
KeyFormat format_by_name(const std::string& path, bool secret) {
    if (ends_with(path, ".jwks") || ends_with(path, "jwks.json")) return KeyFormat::jwks;
    if (secret || ends_with(path, ".jwk") || ends_with(path, ".json")) return KeyFormat::jwk;
    return ends_with(path, ".der") ? KeyFormat::der : KeyFormat::pem;
}

Result<KeyFormat> output_format(Session& session, const KeygenOptions& options, bool secret) {
    const auto named = key_format_of(session.common());
    if (!named) return tl::unexpected(named.error());
    return named->value_or(format_by_name(*options.out, secret));
}

Result<std::optional<SecretBytes>> new_passphrase(Session& session, const KeygenOptions& options) {
    if (!options.passphrase) return std::optional<SecretBytes>{};
    auto secret = session.read_secret(*options.passphrase, "Passphrase for the new file");
    if (!secret) return tl::unexpected(secret.error());
    return std::optional<SecretBytes>(std::move(*secret));
}

Status put(Session& session, const std::string& path, std::string_view content, bool secret) {
    if (path == "-") {
        session.print(content);
        return {};
    }
    return (secret ? store::write_private_file : store::write_file)(path, content, store::Existing::refuse);
}

Result<KeyReport> write_private(Session& session, const KeygenOptions& options, const SigningKey& key,
                                const JwkMetadata& metadata) {
    const auto format = output_format(session, options, type_of(key) == KeyType::hmac);
    if (!format) return tl::unexpected(format.error());
    const auto passphrase = new_passphrase(session, options);
    if (!passphrase) return tl::unexpected(passphrase.error());
    const auto text = write_private_key(key, metadata, *format, *passphrase ? &**passphrase : nullptr);
    if (!text) return tl::unexpected(text.error());
    if (const Status written = put(session, *options.out, text->expose(), true); !written)
        return tl::unexpected(written.error());
    return KeyReport{.algorithm = metadata.algorithm.value_or(""),
                     .key_type = std::string(name_of(type_of(key))),
                     .kid = metadata.kid.value_or(""),
                     .format = std::string(name_of_format(*format)),
                     .private_file = *options.out,
                     .encrypted = passphrase->has_value()};
}

Result<KeyReport> write_public(Session& session, const KeygenOptions& options, const std::vector<PublicJwk>& keys) {
    const auto format = output_format(session, options, false);
    if (!format) return tl::unexpected(format.error());
    if (options.passphrase) return fail(Fault::usage, "a public key is not encrypted: drop --passphrase");
    const PublicJwk& first = keys.front();
    if (keys.size() > 1 && *format != KeyFormat::jwks) {
        std::string kids;
        for (const PublicJwk& key : keys)
            kids += (kids.empty() ? "" : ", ") + escape_text(key.metadata.kid.value_or("(without a kid)"), 60);
        return fail(Fault::usage,
                    "the file holds " + std::to_string(keys.size()) + " keys, and " +
                        std::string(name_of_format(*format)) + " takes one",
                    "choose one by --kid: " + kids + "; or --format jwks takes all");
    }
    const auto text = *format == KeyFormat::jwks ? Result<std::string>(write_jwks(keys))
                                                 : write_public_key(first.key, first.metadata, *format);
    if (!text) return tl::unexpected(text.error());
    if (const Status written = put(session, *options.out, *text, false); !written)
        return tl::unexpected(written.error());
    return KeyReport{.algorithm = first.metadata.algorithm.value_or(""),
                     .key_type = std::string(name_of(first.key.type())),
                     .kid = first.metadata.kid.value_or(""),
                     .format = std::string(name_of_format(*format)),
                     .public_file = *options.out,
                     .keys = keys.size()};
}

// A kid where there is none yet, and the algorithm that the user names.
Status complete(JwkMetadata& metadata, KeyType type, const std::string& thumbprint, const KeygenOptions& options) {
    if (!metadata.kid && !thumbprint.empty()) metadata.kid = thumbprint;
    if (!options.wish.algorithm) return {};
    if (!algorithm_on_key(*options.wish.algorithm, type)) {
        const auto known = choose_algorithm(*options.wish.algorithm);
        if (!known) return tl::unexpected(known.error());
        return fail(Fault::usage,
                    *options.wish.algorithm + " does not fit this key, which is " + std::string(name_of(type)));
    }
    metadata.algorithm = *options.wish.algorithm;
    return {};
}

Result<std::vector<PublicJwk>> public_halves(Session& session, LoadedKey& loaded, const KeygenOptions& options) {
    std::vector<Jwk> jwks;
    if (auto* one = std::get_if<Jwk>(&loaded.content))
        jwks.push_back(std::move(*one));
    else if (auto* set = std::get_if<JwkSet>(&loaded.content))
        jwks = std::move(set->keys);
    else if (auto* pair = std::get_if<PrivateJwk>(&loaded.content))
        jwks.push_back({.key = verification_half(pair->key), .metadata = pair->metadata});
    std::vector<PublicJwk> out;
    for (Jwk& jwk : jwks) {
        if (options.kid && jwk.metadata.kid != options.kid) continue;
        const auto* key = std::get_if<PublicKey>(&jwk.key);
        if (!key) {
            session.warn("a shared secret has no public half: it is left out");
            continue;
        }
        if (const Status done = complete(jwk.metadata, key->type(), key->thumbprint(), options); !done)
            return tl::unexpected(done.error());
        out.push_back({*key, std::move(jwk.metadata)});
    }
    if (!out.empty()) return out;
    const std::string what = options.kid ? "no public key with the kid \"" + escape_text(*options.kid, 60) + "\""
                                         : std::string("no public key");
    return fail(
        Error{.fault = Fault::invalid, .message = "there is " + what + " in it", .where = {*options.from}, .hint = {}});
}

} // namespace

Result<std::optional<KeyFormat>> key_format_of(const CommonOptions& common) {
    std::optional<KeyFormat> out;
    for (const std::string& text : common.formats) {
        const auto format = find_key_format(text.substr(0, text.find(':')));
        if (!format) continue;
        if (out && out != format) return fail(Fault::usage, "a key file has one format, and --format names two");
        if (text.find(':') != std::string::npos)
            return fail(Fault::usage, "the key's file is named by --out, not by --format " + text);
        out = format;
    }
    return out;
}

Result<KeyReport> make_key_file(Session& session, const KeygenOptions& options) {
    if (options.public_only)
        return fail(Fault::usage, "a new key whose private half is thrown away is of no use",
                    "--public goes with --from");
    if (options.kid)
        return fail(Fault::usage, "the kid of a new key is its thumbprint (RFC 7638)",
                    "--kid chooses a key of the set that --from names");
    auto key = generate_key(options.wish, usual_name(Algorithm::ES256), session.now());
    if (!key) return tl::unexpected(key.error());
    return write_private(session, options, key->key, key->metadata);
}

Result<KeyReport> convert_key_file(Session& session, const KeygenOptions& options) {
    if (options.wish.bits) return fail(Fault::usage, "--bits is for new keys; --from converts one that there is");
    auto loaded = load_key_file(session, *options.from, options.from_passphrase, options.kid);
    if (!loaded) return tl::unexpected(loaded.error());
    Result<KeyReport> report;
    auto* pair = std::get_if<PrivateJwk>(&loaded->content);
    if (pair && !options.public_only) {
        if (options.kid && loaded->format != KeyFormat::jwks && pair->metadata.kid != options.kid) {
            return fail(Fault::invalid, "the key does not have the kid \"" + escape_text(*options.kid, 60) + "\"");
        }
        const bool secret = std::holds_alternative<HmacKey>(pair->key);
        const Status done =
            complete(pair->metadata, type_of(pair->key), secret ? "" : thumbprint_of(pair->key), options);
        if (!done) return tl::unexpected(done.error());
        report = write_private(session, options, pair->key, pair->metadata);
    } else {
        const auto halves = public_halves(session, *loaded, options);
        if (!halves) return tl::unexpected(halves.error());
        report = write_public(session, options, *halves);
    }
    if (report) report->action = KeyReport::Action::converted;
    return report;
}

} // namespace jwtdomain::cli
