#include "jwtdomain/jwt/token.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/crypto/key.h"

namespace jwtdomain {
namespace {

// Header parameters that RFC 7515 and RFC 7518 define: crit must not name them (RFC 7515 4.1.11).
constexpr auto kRegistered =
    std::to_array<std::string_view>({"alg",  "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty",
                                     "crit", "enc", "zip", "epk", "apu", "apv", "iv",  "tag",      "p2s", "p2c"});

constexpr std::size_t kMaxCritical = 32;

void check_crit(json::Value header, json::Value crit, std::vector<Finding>& defects) {
    if (!crit.is(json::Kind::array) || crit.size() == 0) {
        defects.push_back({Reason::crit_malformed, "crit must be a list with at least one name"});
        return;
    }
    // RFC 7515 knows one extension; a long list is an attempt to keep us busy.
    if (crit.size() > kMaxCritical) {
        defects.push_back({Reason::crit_malformed, "crit names " + std::to_string(crit.size()) + " parameters"});
        return;
    }
    std::vector<std::string_view> seen;
    for (const json::Member& element : crit) {
        const std::string_view name = element.value.text();
        const auto malformed = [&](const char* why) {
            defects.push_back({Reason::crit_malformed, "crit names \"" + std::string(name) + "\", which " + why});
        };
        if (!element.value.is(json::Kind::string)) {
            defects.push_back({Reason::crit_malformed, "crit holds something that is not a string"});
        } else if (std::find(seen.begin(), seen.end(), name) != seen.end()) {
            malformed("it names already");
        } else if (std::find(kRegistered.begin(), kRegistered.end(), name) != kRegistered.end()) {
            malformed("is defined by RFC 7515 or RFC 7518");
        } else if (!header.find(name)) {
            malformed("is not in the header");
        } else if (name != "b64") { // reported as b64_false where it matters
            defects.push_back({Reason::crit_unknown, "crit names \"" + std::string(name) + "\""});
        }
        seen.push_back(name);
    }
}

Reason reason_of(json::Defect defect, bool header) {
    switch (defect) {
    case json::Defect::none:
    case json::Defect::syntax:
    case json::Defect::trailing_data: return header ? Reason::header_not_json : Reason::claims_not_json;
    case json::Defect::duplicate_name: return header ? Reason::header_duplicate_name : Reason::claims_duplicate_name;
    case json::Defect::invalid_utf8: return header ? Reason::header_invalid_utf8 : Reason::claims_invalid_utf8;
    case json::Defect::too_deep:
    case json::Defect::too_large: return header ? Reason::header_too_deep : Reason::claims_too_deep;
    }
    return Reason::header_not_json;
}

std::string at_octet(const json::Problem& problem) {
    return "at octet " + std::to_string(problem.offset) + ", where " + problem.expected + " should be";
}

// What the text is instead, when it is not three parts.
Reason shape_of(std::string_view text, std::size_t dots) {
    if (dots == 4) return Reason::token_encrypted;
    if (!text.empty() && text.front() == '{') return Reason::token_serialization;
    if (text.substr(0, 5) == "jdr1.") return Reason::token_is_refresh;
    return Reason::token_parts;
}

} // namespace

bool UnverifiedToken::parse(std::string_view token, const Reading& reading) {
    if (!(reading == reading_)) known_header_.clear();
    text_ = token;
    reading_ = reading;
    defects_.clear();
    usable_ = has_header_ = has_claims_ = false;
    dot1_ = dot2_ = 0;
    if (token.size() > kMaxToken) {
        reject(Reason::token_too_large, std::to_string(token.size()) + " octets");
        return false;
    }
    const json::Limits limits{.depth = 32, .values = 100000, .duplicates = reading.duplicates};
    if (reading.json_serialization && !token.empty() && token.front() == '{' && make_compact(token, limits))
        text_ = token = compact_;
    dot1_ = token.find('.');
    dot2_ = dot1_ == std::string_view::npos ? dot1_ : token.find('.', dot1_ + 1);
    if (dot2_ == std::string_view::npos || token.find('.', dot2_ + 1) != std::string_view::npos ||
        token.front() == '{') {
        const auto dots = static_cast<std::size_t>(std::count(token.begin(), token.end(), '.'));
        reject(shape_of(token, dots), std::to_string(dots + 1) + (dots == 0 ? " part" : " parts"));
        return false;
    }
    has_header_ = header_part() == known_header_ && !known_header_.empty();
    if (!has_header_) {
        has_header_ = decode(header_part(), header_octets_, "header") && read_header(limits);
        known_header_ = has_header_ ? header_part() : std::string_view{};
    }
    const bool payload = decode(token.substr(dot1_ + 1, dot2_ - dot1_ - 1), payload_, "claims");
    const bool signature = decode(token.substr(dot2_ + 1), signature_, "signature");
    if (payload) read_claims(limits);
    usable_ = has_header_ && payload && signature;
    return usable_;
}

// A protected header, and nothing of the unprotected one, which RFC 7515 lets stand beside it.
bool UnverifiedToken::make_compact(std::string_view serialization, const json::Limits& limits) {
    json::Document document;
    if (document.parse(serialization, limits) || !document.root().is(json::Kind::object)) return false;
    compact_.clear();
    for (const std::string_view name : {"protected", "payload", "signature"}) {
        const auto part = document.root().find(name);
        if (!part || !part->is(json::Kind::string) || part->text().find('.') != std::string_view::npos) return false;
        if (name != "protected") compact_ += '.';
        compact_ += part->text();
    }
    return true;
}

bool UnverifiedToken::decode(std::string_view part, std::string& out, const char* what) {
    std::size_t at = 0;
    const Base64Defect defect = base64url_decode(part, out, &at);
    if (defect == Base64Defect::none) return true;
    if (reading_.lenient_base64 && base64_decode_lenient(part, out)) return true;
    const std::string where = std::string("in the ") + what + ", character " + std::to_string(at + 1);
    switch (defect) {
    case Base64Defect::none: return true;
    case Base64Defect::character: reject(Reason::encoding_character, where); break;
    case Base64Defect::padding: reject(Reason::encoding_padding, where); break;
    case Base64Defect::length:
    case Base64Defect::trailing_bits: reject(Reason::encoding_noncanonical, where); break;
    }
    return false;
}

bool UnverifiedToken::read_header(const json::Limits& limits) {
    header_.algorithm.reset();
    header_.kid.reset();
    header_.type.reset();
    header_.kid_malformed = header_.type_malformed = false;
    header_.defects.clear();
    if (const json::Problem problem = header_document_.parse(header_octets_, limits)) {
        reject(reason_of(problem.defect, true), at_octet(problem));
        return false;
    }
    const json::Value root = header_document_.root();
    if (!root.is(json::Kind::object)) {
        reject(Reason::header_not_object);
        return false;
    }
    const auto string = [](json::Value value) {
        return value.is(json::Kind::string) ? std::optional(value.text()) : std::nullopt;
    };
    if (const auto value = root.find("alg")) header_.algorithm = string(*value);
    if (const auto value = root.find("kid")) {
        header_.kid = string(*value);
        header_.kid_malformed = !header_.kid;
    }
    if (const auto value = root.find("typ")) {
        header_.type = string(*value);
        header_.type_malformed = !header_.type;
    }
    if (const auto value = root.find("crit")) check_crit(root, *value, header_.defects);
    if (const auto value = root.find("b64"); value && !(value->is(json::Kind::boolean) && value->boolean())) {
        header_.defects.push_back({Reason::b64_false, {}});
    }
    if (root.find("zip")) header_.defects.push_back({Reason::zip_present, {}});
    return true;
}

void UnverifiedToken::read_claims(const json::Limits& limits) {
    if (const json::Problem problem = claims_document_.parse(payload_, limits)) {
        reject(reason_of(problem.defect, false), at_octet(problem));
    } else if (!claims_document_.root().is(json::Kind::object)) {
        reject(Reason::claims_not_object);
    } else {
        has_claims_ = true;
    }
}

std::string_view trim_token(std::string_view text) {
    text = trimmed(text);
    constexpr std::string_view kBearer = "bearer ";
    if (text.size() > kBearer.size() && std::equal(kBearer.begin(), kBearer.end(), text.begin(), [](char a, char b) {
            return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + 32) : b);
        })) {
        text.remove_prefix(kBearer.size());
        text = trimmed(text);
    }
    return text;
}

std::string fingerprint(std::string_view signing_input) { return hexadecimal(sha256(signing_input)); }

} // namespace jwtdomain
