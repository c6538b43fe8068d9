// Shared by the files of inspect. Internal.
// Internal: not installed.
#pragma once

#include <string>
#include <string_view>

#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/inspect.h"

namespace jwtdomain::inspect::detail {

constexpr json::Limits kLimits{.depth = 32, .values = 100000, .duplicates = json::Duplicates::last};
constexpr std::size_t kShownText = 1000; // octets of a payload that is no JSON object

// The kind of token, and how much of what access tokens carry it should carry.
enum class Expects : std::uint8_t {
    everything, // iss, sub, aud, exp, iat, jti
    no_expiry,  // security events, logout tokens: iss, aud, iat, jti
    little,     // proofs of possession and the like: iat alone
};
struct Kind {
    std::string text;
    Expects expects = Expects::everything;
};
Kind kind_of(json::Value header, const json::Value* claims); // of objects
std::string issuer_kind_of(json::Value claims);

void add(Token& token, Reason reason, std::string detail = {});

void drop(Token& token, Reason reason);

// Decodes as much as can be decoded and reads as much of the JSON object as can be read. `octets` gets what was
// decoded.
Part read_part(std::string_view base64, std::string& octets);
Part read_json(std::string_view octets);

// Findings and what follows from a header; `is_jwe` chooses the algorithms that are known.
void observe_header(Token& token, json::Value header, bool is_jwe);
// `whole`: all claims were read, so that missing ones are missing.
void observe_claims(Token& token, json::Value claims, bool whole, Expects expects, const Options& options);
void observe_secrets(Token& token, json::Value claims);
void observe_signature_size(Token& token, std::string_view algorithm, std::size_t size);

// What a strict verifier finds wrong with the encoding and the JSON of three parts, in its own words.
void observe_shape(Token& token, std::string_view header, std::string_view payload, std::string_view signature);
// Says what the decoded payload is, and looks into it if it is a token. `token.claims` has been read from it.
void read_payload(Token& token, std::string_view octets, const Options& options);
// After header, payload and signatures are known: what follows from the JSON.
void finish(Token& token, const Options& options);
// What "alg" of the token's header says; empty if it says nothing.
std::string algorithm_of(const Part& header);

void observe_disclosures(Token& token); // token.disclosed is there

// Sorts the findings by reason and drops repeated ones.
void settle(Token& token);

} // namespace jwtdomain::inspect::detail
