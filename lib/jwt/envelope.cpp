#include "jwtdomain/jwt/envelope.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/crypto/signature.h"

namespace jwtdomain {
namespace {

// DSSE v1, "PAE": what is signed. Lengths in octets, decimal.
std::string signing_input(std::string_view type, std::string_view payload) {
    std::string out = "DSSEv1 ";
    out += std::to_string(type.size()) + " ";
    out += type;
    out += " " + std::to_string(payload.size()) + " ";
    out += payload;
    return out;
}

std::optional<Algorithm> algorithm_of(KeyType type, const JwkMetadata& metadata) {
    return metadata.algorithm ? algorithm_on_key(*metadata.algorithm, type) : default_algorithm(type);
}

// Standard base64 or base64url, as DSSE asks of readers; padded or not, but with one spelling of each octet string.
bool decode(std::string_view text, std::string& out) {
    std::string url(text.substr(0, text.find('=')));
    std::replace(url.begin(), url.end(), '+', '-');
    std::replace(url.begin(), url.end(), '/', '_');
    const std::string_view padding = text.substr(url.size());
    return base64url_decode(url, out) == Base64Defect::none &&
           (padding.empty() || (padding.size() + url.size()) % 4 == 0) &&
           padding.find_first_not_of('=') == std::string_view::npos && padding.size() < 3;
}

std::optional<std::string> text_member(const json::Value& object, std::string_view name) {
    const auto member = object.find(name);
    if (!member || !member->is(json::Kind::string)) return std::nullopt;
    return std::string(member->text());
}

} // namespace

Result<std::string> seal(std::string_view payload, std::string_view type, const PrivateJwk& key) {
    const auto* private_key = std::get_if<PrivateKey>(&key.key);
    if (!private_key)
        return fail(Fault::usage, "a shared secret cannot sign this: whoever checks it could have made it",
                    "give a private key of another kind: jwtdomain keygen --out FILE");
    const auto algorithm = algorithm_of(private_key->type(), key.metadata);
    if (!algorithm) return fail(Fault::usage, "the key's own algorithm does not fit it");
    auto signer = Signer::make(*private_key, *algorithm);
    if (!signer) return tl::unexpected(signer.error());
    const auto signature = signer->sign(signing_input(type, payload));
    if (!signature) return tl::unexpected(signature.error());
    return write_envelope({.payload = std::string(payload),
                           .type = std::string(type),
                           .signatures = {{private_key->public_key().thumbprint(), *signature}}});
}

std::string write_envelope(const Envelope& envelope) {
    nlohmann::ordered_json out;
    out["payloadType"] = envelope.type;
    out["payload"] = base64_encode(envelope.payload);
    out["signatures"] = nlohmann::ordered_json::array();
    for (const Envelope::Signature& each : envelope.signatures)
        out["signatures"].push_back({{"keyid", each.key_id}, {"sig", base64_encode(each.octets)}});
    return out.dump() + "\n";
}

bool looks_sealed(std::string_view text) {
    json::Document document;
    return !document.parse(text) && document.root().is(json::Kind::object) && document.root().find("payloadType");
}

Result<Envelope> open_envelope(std::string_view text, const std::string& file, std::size_t most) {
    const auto refuse = [&](std::string what) {
        return fail({.fault = Fault::invalid,
                     .message = "this is no signed envelope: " + std::move(what),
                     .where = {file, 0, 0},
                     .hint = {}});
    };
    if (text.size() > most) return fail(Fault::limit, file + " is too large");
    json::Document document;
    if (const auto problem = document.parse(text))
        return refuse(std::string("it is not JSON: expected ") + problem.expected);
    const json::Value root = document.root();
    const auto type = text_member(root, "payloadType"), payload = text_member(root, "payload");
    const auto signatures = root.find("signatures");
    if (!type || !payload || !signatures || !signatures->is(json::Kind::array))
        return refuse("it has no payloadType, payload and signatures");
    Envelope out{.payload = {}, .type = *type, .signatures = {}};
    if (!decode(*payload, out.payload)) return refuse("its payload is not base64");
    for (const auto& [name, at, value] : *signatures) {
        const auto octets = text_member(value, "sig");
        Envelope::Signature signature{.key_id = text_member(value, "keyid").value_or(""), .octets = {}};
        if (!octets || !decode(*octets, signature.octets)) return refuse("a signature is not base64");
        out.signatures.push_back(std::move(signature));
    }
    return out;
}

bool is_signed_by(const Envelope& envelope, const JwkSet& keys) {
    const std::string input = signing_input(envelope.type, envelope.payload);
    for (const Jwk& jwk : keys.keys) {
        const auto* key = std::get_if<PublicKey>(&jwk.key);
        const auto algorithm = key ? algorithm_of(key->type(), jwk.metadata) : std::nullopt;
        if (!algorithm || !may_verify(jwk.metadata)) continue;
        auto verifier = SignatureVerifier::make(*key, *algorithm);
        if (!verifier) continue;
        if (std::any_of(envelope.signatures.begin(), envelope.signatures.end(),
                        [&](const Envelope::Signature& each) { return verifier->verify(input, each.octets); }))
            return true;
    }
    return false;
}

} // namespace jwtdomain
