#include <algorithm>
#include <array>

#include "jwtdomain/base/escape.h"
#include "jwtdomain/crypto/algorithm.h"
#include "jwtdomain/jwt/inspect_detail.h"
#include "jwtdomain/jwt/jwk.h"

namespace jwtdomain::inspect::detail {
namespace {

constexpr auto npos = std::string_view::npos;

std::string text_of(json::Value object, std::string_view name) {
    const auto value = object.find(name);
    return value && value->is(json::Kind::string) ? std::string(value->text()) : std::string();
}

// "none" in whatever case, with whatever white space.
bool is_none(std::string_view algorithm) {
    std::string letters;
    for (const char c : algorithm) {
        if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
        letters += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return letters == "none";
}

// Algorithms of JWE (RFC 7518 section 4.1), by how their names begin.
bool is_encryption_algorithm(std::string_view name) {
    constexpr auto kBeginnings =
        std::to_array<std::string_view>({"RSA1_5", "RSA-OAEP", "A128KW", "A192KW", "A256KW", "dir", "ECDH-ES",
                                         "A128GCMKW", "A192GCMKW", "A256GCMKW", "PBES2-"});
    return std::any_of(kBeginnings.begin(), kBeginnings.end(),
                       [&](std::string_view b) { return name.substr(0, b.size()) == b; });
}

// Base64 of a digest, as Cognito writes it, may hold slashes.
bool is_digest(std::string_view kid) { return kid.size() == 44 && kid.back() == '=' && kid.find('.') == npos; }

const char* suspicion(std::string_view kid) {
    constexpr std::size_t kLong = 256;
    if (!is_plain(kid) || kid.find('\\') != npos) return "holds control or invisible characters, or a backslash";
    if (kid.find("../") != npos || (kid.front() == '/' && !is_digest(kid))) return "looks like a path";
    if (kid.find("://") != npos) return "looks like a URL";
    if (kid.find_first_of("'\";`|<>$(){}") != npos) return "looks like a query or a command";
    if (kid.size() > kLong) return "is very long";
    return nullptr;
}

void observe_algorithm(Token& token, json::Value header, bool is_jwe) {
    const auto alg = header.find("alg");
    if (!alg || !alg->is(json::Kind::string)) return add(token, Reason::alg_missing, alg ? "alg is no string" : "");
    const std::string_view name = alg->text();
    if (is_none(name))
        return add(token, Reason::alg_none, name == "none" ? "" : "alg is \"" + std::string(name) + "\"");
    const bool known = is_jwe ? is_encryption_algorithm(name) : find_algorithm(name) || name == "EdDSA";
    if (known) return;
    std::string detail = "alg is \"" + std::string(name) + "\"";
    if (!is_jwe && is_encryption_algorithm(name)) detail += ", which encrypts and signs nothing";
    add(token, Reason::alg_unknown, std::move(detail));
}

void observe_foreign_keys(Token& token, json::Value header) {
    for (const auto& [name, reason] : {std::pair("jku", Reason::header_jku), std::pair("x5u", Reason::header_x5u)}) {
        if (header.find(name))
            add(token, reason, std::string(name) + " is " + std::string(header.find(name)->raw().substr(0, 300)));
    }
    if (const auto jwk = header.find("jwk")) {
        const auto key = parse_jwk(jwk->raw());
        const auto* const pub = key ? std::get_if<PublicKey>(&key->key) : nullptr;
        if (pub) token.key.jwk_thumbprint = pub->thumbprint();
        if (key && key->had_private_members) {
            add(token, Reason::secret_in_claims, "the key in the header (jwk) is a private one");
        }
        // A DPoP proof carries its key (RFC 9449 section 4.2).
        if (token.kind.substr(0, 4) != "DPoP")
            add(token, Reason::header_jwk, pub ? "its thumbprint is " + pub->thumbprint() : "");
    }
    if (const auto x5c = header.find("x5c")) {
        add(token, Reason::header_x5c,
            x5c->is(json::Kind::array) ? std::to_string(x5c->size()) + " of them" : "x5c is no list");
    }
}

} // namespace

void observe_header(Token& token, json::Value header, bool is_jwe) {
    observe_algorithm(token, header, is_jwe);
    token.key.algorithm = text_of(header, "alg");
    token.key.kid = text_of(header, "kid");
    token.key.x5t = text_of(header, "x5t");
    token.key.x5t_s256 = text_of(header, "x5t#S256");
    if (const auto kid = header.find("kid"); kid && !kid->is(json::Kind::string)) add(token, Reason::kid_malformed);
    if (const auto typ = header.find("typ"); typ && !typ->is(json::Kind::string)) add(token, Reason::typ_malformed);
    if (!token.key.kid.empty()) {
        if (const char* const why = suspicion(token.key.kid))
            add(token, Reason::kid_suspicious, std::string("kid ") + why);
    }
    observe_foreign_keys(token, header);
}

void observe_signature_size(Token& token, std::string_view algorithm, std::size_t size) {
    if (is_none(algorithm)) return;
    if (size == 0) return add(token, Reason::signature_missing);
    const auto wrong = [&](const std::string& wanted) {
        add(token, Reason::signature_length,
            "it has " + std::to_string(size) + " octets, " + std::string(algorithm) + " gives " + wanted);
    };
    if (algorithm == "EdDSA") {
        if (size != info(Algorithm::Ed25519).signature_size && size != info(Algorithm::Ed448).signature_size)
            wrong("64 or 114");
        return;
    }
    const auto known = find_algorithm(algorithm);
    if (!known) return;
    constexpr std::size_t kLeastRsa = 256, kMostRsa = 2048; // of moduli from 2048 to 16384 bits
    const std::size_t wanted = info(*known).signature_size;
    if (wanted == 0 && (size < kLeastRsa || size > kMostRsa))
        wrong("as many as its key has, at least 256");
    else if (wanted != 0 && size != wanted)
        wrong(std::to_string(wanted));
}

} // namespace jwtdomain::inspect::detail
