#include "jwtdomain/jwt/inspect.h"

#include <algorithm>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/jwt/inspect_detail.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::inspect {
namespace {

using namespace detail;

constexpr std::string_view kEmptyObject = "e30"; // {}

std::vector<std::string_view> split(std::string_view text) {
    std::vector<std::string_view> parts;
    constexpr std::size_t kMost = 16;
    for (;;) {
        const std::size_t dot = text.find('.');
        parts.push_back(text.substr(0, dot));
        if (dot == std::string_view::npos || parts.size() == kMost) return parts;
        text.remove_prefix(dot + 1);
    }
}

Form form_of(const std::vector<std::string_view>& parts, const Part& header, bool has_tail, bool cut) {
    if (parts.size() == 3 && has_tail) return Form::sd_jwt;
    if (parts.size() == 3) return parts[1].empty() && !parts[2].empty() ? Form::jws_detached : Form::jws;
    json::Document document;
    const bool has_enc = !header.json.empty() && !document.parse(header.json, kLimits) && document.root().find("enc");
    if (has_enc && (parts.size() == 5 || cut)) return Form::jwe;
    return cut && parts.size() < 3 ? Form::jws : Form::fragment;
}

// Payload and signature of what is no JWE. `cut`: the rest of the token was not read.
void read_signed_parts(Token& token, const std::vector<std::string_view>& parts, bool cut, const Options& options) {
    const std::string_view payload = parts.size() > 1 ? parts[1] : std::string_view{};
    const std::string_view signature = parts.size() > 2 ? parts[2] : std::string_view{};
    const bool has_payload = parts.size() > 1 && token.form != Form::jws_detached;
    if (options.findings)
        observe_shape(token, parts.front(), has_payload && !cut ? payload : kEmptyObject, cut ? "" : signature);
    std::string octets;
    if (token.form == Form::jws_detached) {
        token.payload = Payload::detached;
    } else if (has_payload) {
        token.claims = read_part(payload, octets);
        read_payload(token, octets, options);
    }
    if (parts.size() < 3) drop(token, Reason::encoding_noncanonical); // it comes of breaking off
    if (parts.size() != 3 || cut) return;
    const bool readable = base64_decode_lenient(signature, octets);
    token.signature_size = readable ? octets.size() : signature.size() * 3 / 4;
    if (!options.findings) return;
    const std::string algorithm = algorithm_of(token.header);
    if (readable && !algorithm.empty()) observe_signature_size(token, algorithm, token.signature_size);
}

void read_key_binding(Token& token, const SdJwtParts& sd, const Options& options) {
    if (options.depth == 0) return;
    Options deeper = options;
    --deeper.depth;
    token.key_binding.push_back(inspect_compact(sd.key_binding, deeper));
    json::Document claims;
    const Part& binding = token.key_binding.back().claims;
    if (binding.json.empty() || claims.parse(binding.json, kLimits)) return;
    const auto hash = claims.root().find("sd_hash");
    if (hash && token.disclosed->hash_known) {
        token.key_binding_covers = hash->text() == sd_digest(token.disclosed->hash, sd.presented);
    }
}

void read_disclosures(Token& token, const SdJwtParts& sd, const Options& options) {
    std::vector<std::string_view> texts = sd.disclosures;
    const bool unterminated = !sd.key_binding.empty() && sd.key_binding.find('.') == std::string_view::npos;
    if (unterminated) {
        texts.push_back(sd.key_binding);
        add(token, Reason::disclosure_malformed, "there is no ~ after the last disclosure");
    }
    token.disclosed = resolve_disclosures(token.claims.json, texts);
    observe_disclosures(token);
    if (!sd.key_binding.empty() && !unterminated) read_key_binding(token, sd, options);
}

std::string parts_text(const std::vector<std::string_view>& parts) {
    if (parts.size() > 2) return std::to_string(parts.size()) + " parts";
    const std::string place = " after character " + std::to_string(parts.back().size());
    return parts.size() == 1 ? "it breaks off in the header," + place : "it breaks off in the claims," + place;
}

std::string fingerprint_of(std::string_view text) {
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    return second == std::string_view::npos || second == first + 1 ? std::string()
                                                                   : fingerprint(text.substr(0, second));
}

Token refresh_token(std::string_view text) {
    Token token;
    token.form = Form::refresh;
    token.size = text.size();
    token.kind = "refresh token of jwtdomain";
    token.payload = Payload::encrypted;
    add(token, Reason::token_is_refresh);
    return token;
}

} // namespace

Token inspect_compact(std::string_view given, const Options& options) {
    if (given.substr(0, 5) == "jdr1.") return refresh_token(given);
    Token token;
    token.size = given.size();
    const bool cut = given.size() > kMaxToken;
    const std::string_view text = given.substr(0, kMaxToken);
    const SdJwtParts sd = split_sd_jwt(text);
    const std::vector<std::string_view> parts = split(sd.jws);
    token.parts = parts.size();
    std::string octets;
    token.header = read_part(parts.front(), octets);
    token.form = form_of(parts, token.header, text.size() > sd.jws.size(), cut);
    if (cut) {
        add(token, Reason::token_too_large, std::to_string(given.size()) + " octets; only the first 1 MiB was read");
    } else if (token.form == Form::fragment) {
        add(token, Reason::token_parts, parts_text(parts));
    }
    if (token.form == Form::jwe) {
        token.payload = Payload::encrypted;
        if (options.findings) observe_shape(token, parts.front(), kEmptyObject, "");
        add(token, Reason::token_encrypted);
    } else {
        token.fingerprint = fingerprint_of(given);
        read_signed_parts(token, parts, cut, options);
        if (token.form == Form::sd_jwt) read_disclosures(token, sd, options);
    }
    finish(token, options);
    return token;
}

std::string_view name_of(Form form) {
    switch (form) {
    case Form::jws: return "jws";
    case Form::jws_detached: return "jws-detached";
    case Form::jws_json: return "jws-json";
    case Form::jwe: return "jwe";
    case Form::jwe_json: return "jwe-json";
    case Form::sd_jwt: return "sd-jwt";
    case Form::fragment: return "fragment";
    case Form::refresh: return "refresh";
    }
    return "";
}

std::string_view describe(Form form) {
    switch (form) {
    case Form::jws: return "signed token (JWS)";
    case Form::jws_detached: return "detached JWS";
    case Form::jws_json: return "JWS in JSON serialization";
    case Form::jwe: return "encrypted token (JWE)";
    case Form::jwe_json: return "JWE in JSON serialization";
    case Form::sd_jwt: return "SD-JWT";
    case Form::fragment: return "broken token";
    case Form::refresh: return "refresh token of jwtdomain";
    }
    return "";
}

std::string_view name_of(Payload payload) {
    switch (payload) {
    case Payload::claims: return "claims";
    case Payload::token: return "token";
    case Payload::other: return "other";
    case Payload::empty: return "empty";
    case Payload::detached: return "detached";
    case Payload::encrypted: return "encrypted";
    case Payload::unread: return "unread";
    }
    return "";
}

bool Token::decoded() const {
    const auto readable = [](const Part& part) { return !part.json.empty(); };
    return form == Form::refresh || readable(header) || readable(claims) || !inner.empty() ||
           std::any_of(signatures.begin(), signatures.end(),
                       [&](const Signature& s) { return readable(s.header) || readable(s.unprotected); });
}

} // namespace jwtdomain::inspect
