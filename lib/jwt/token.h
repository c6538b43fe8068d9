// A JWS in compact serialization, taken apart and not yet believed (RFC 7515 section 7.1, RFC 7519 section 7.2).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/json.h"
#include "jwtdomain/jwt/reason.h"

namespace jwtdomain {

constexpr std::size_t kMaxToken = 1u << 20; // octets

// How to read a token. The default is strict; other verifiers' habits are modelled by the rest.
struct Reading {
    json::Duplicates duplicates = json::Duplicates::reject;
    bool lenient_base64 = false;
    bool json_serialization =
        false; // the flattened one (RFC 7515 section 7.2.2) is read too, as the compact one that it is
    bool operator==(const Reading&) const = default;
};

// The header, as far as verification looks at it. Views point into the token's own buffers.
struct Header {
    std::optional<std::string_view> algorithm, kid, type; // set if present and a string
    bool kid_malformed = false, type_malformed = false;   // present, but not a string
    std::vector<Finding> defects; // crit, b64, zip: what a verifier must reject whatever else it wants
};

// Reusable: parse() replaces the content and keeps the buffers, so that bulk verification does not allocate. Not to be
// copied: it holds views into itself. The token's text must outlive it. Of a JSON serialization, text() is the compact
// one.
class UnverifiedToken {
public:
    UnverifiedToken() = default;
    UnverifiedToken(const UnverifiedToken&) = delete;
    UnverifiedToken& operator=(const UnverifiedToken&) = delete;

    // Answers usable(). defects() says all that is wrong with the shape, the header and the claims as JSON.
    bool parse(std::string_view token, const Reading& reading = {});

    // It has three parts that decode, and a header that is a JSON object. Then everything below may be asked for,
    // except claims(), which needs has_claims().
    bool usable() const { return usable_; }
    const std::vector<Finding>& defects() const { return defects_; }
    std::string_view text() const { return text_; }
    std::string_view header_part() const { return text_.substr(0, dot1_); } // base64url, as received
    std::string_view signing_input() const { return text_.substr(0, dot2_); }
    std::string_view signature() const { return signature_; }
    std::string_view payload() const { return payload_; }
    const Header& header() const { return header_; }
    json::Value header_json() const { return header_document_.root(); }
    bool has_claims() const { return has_claims_; }
    json::Value claims() const { return claims_document_.root(); }

private:
    bool make_compact(std::string_view serialization, const json::Limits& limits);
    bool decode(std::string_view part, std::string& out, const char* what);
    bool read_header(const json::Limits& limits);
    void read_claims(const json::Limits& limits);
    void reject(Reason reason, std::string detail = {}) { defects_.push_back({reason, std::move(detail)}); }

    std::string_view text_;
    std::size_t dot1_ = 0, dot2_ = 0;
    Reading reading_;
    std::string known_header_; // the header part that header_ was read from; tokens in a row often share it
    std::string header_octets_, payload_, signature_;
    std::string compact_; // made of a JSON serialization
    json::Document header_document_, claims_document_;
    Header header_;
    bool usable_ = false, has_header_ = false, has_claims_ = false;
    std::vector<Finding> defects_;
};

// The token in text that a person pasted: white space around it and a leading "Bearer " are dropped.
std::string_view trim_token(std::string_view text);

// SHA-256 of the signing input, in hexadecimal: names a token in reports. Never of the whole token, or a report would
// let one guess HMAC secrets offline.
std::string fingerprint(std::string_view signing_input);

} // namespace jwtdomain
