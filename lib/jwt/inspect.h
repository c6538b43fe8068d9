// Looking at a token without believing it: what it is, what it says, and what is odd about it. Needs no key and
// no algorithm, and reads broken tokens as far as they can be read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/time.h"
#include "jwtdomain/jwt/reason.h"
#include "jwtdomain/jwt/sd_jwt.h"

namespace jwtdomain::inspect {

enum class Form : std::uint8_t {
    jws,          // three parts
    jws_detached, // three parts, the payload is elsewhere (RFC 7515 appendix F)
    jws_json,     // JSON serialization with one or several signatures
    jwe,          // five parts
    jwe_json,
    sd_jwt,
    fragment, // less or more parts than any token has
    refresh,  // a refresh token of jwtdomain
};
std::string_view name_of(Form form);  // "jws-detached"
std::string_view describe(Form form); // "detached JWS", for people

// A part of the token that should be a JSON object.
struct Part {
    bool present = false;
    std::size_t size = 0; // octets after decoding
    std::string json; // the object as received, or what could be saved of it; empty: nothing. Names may be there twice
    bool whole = false; // `json` has all its members
    std::string text;   // at most 1000 octets of what was decoded, if it is no JSON object
};

enum class Payload : std::uint8_t {
    claims, // a JSON object, perhaps broken
    token,  // itself a token
    other,  // JSON that is no object, text, octets
    empty,
    detached,
    encrypted,
    unread, // the token breaks off before
};
std::string_view name_of(Payload payload);

// One signature of a JWS in JSON serialization, or one recipient of a JWE.
struct Signature {
    Part header;      // protected
    Part unprotected; // "header"
    std::size_t size = 0;
};

// The key that the token asks for: what a verifier has to look for. Strings are untrusted.
struct WantedKey {
    std::string algorithm, kid;
    std::string x5t, x5t_s256;
    std::string jwk_thumbprint; // RFC 7638, of a key in the header; never to be trusted
    std::string bound_jkt;      // the thumbprint that the sender must prove (cnf.jkt, or that of cnf.jwk)
    std::string bound_x5t;      // the certificate that the sender must show (cnf.x5t#S256)
};

struct Token {
    Form form = Form::fragment;
    std::size_t size = 0; // octets of the token's text
    std::size_t parts = 0;
    std::string fingerprint; // as in jwt/token.h; empty if there is no signing input
    std::string kind;        // what it is used for, going by typ and claims: "access token (RFC 9068)"; may be empty
    std::string issuer_kind; // whose make it is: "Keycloak, realm demo"; may be empty; untrusted
    Part header;
    Part claims;
    Payload payload = Payload::unread;
    std::size_t signature_size = 0;    // octets; the signature itself is never kept
    std::vector<Signature> signatures; // of JSON serialization
    WantedKey key;
    std::optional<Time> issued, starts, expires; // iat, nbf, exp, where they are numbers
    std::optional<Disclosed> disclosed;          // of an SD-JWT
    std::optional<bool> key_binding_covers;      // whether sd_hash of the key binding is that of this presentation
    std::vector<Finding> findings;               // in the order of Reason; details are untrusted
    std::vector<Token> inner;                    // the payload's token, if it is one
    std::vector<Token> key_binding;              // of an SD-JWT: none or one
    bool decoded() const;                        // something of it could be read
};

struct Options {
    Time now = 0;
    Seconds longest_life = 86400; // of exp - iat, without a word; over it: lifetime-exceeded
    unsigned depth = 4;           // of tokens in tokens
    bool findings = true;         // false: neither these nor `key`, which takes much of the time
};

// `text` is the token alone, as unwrap_token() gives it. Over 1 MiB only the first MiB is read.
Token inspect_compact(std::string_view text, const Options& options);
Token inspect_json(std::string_view text, const Options& options); // JWS or JWE in JSON serialization

} // namespace jwtdomain::inspect
