#include "jwtdomain/refresh/token.h"

#include <charconv>
#include <zlib.h>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::refresh {
namespace {

constexpr std::string_view kPrefix = "jdr1.";

std::string checksum(std::string_view text) {
    const auto sum = crc32(0, reinterpret_cast<const unsigned char*>(text.data()), static_cast<unsigned>(text.size()));
    std::string octets;
    for (int shift = 24; shift >= 0; shift -= 8) octets += static_cast<char>(sum >> shift & 0xff);
    return hexadecimal(octets);
}

// Takes what stands behind the last dot off `text`.
std::string_view take_last(std::string_view& text) {
    const std::size_t dot = text.rfind('.');
    if (dot == std::string_view::npos) return {};
    const std::string_view out = text.substr(dot + 1);
    text = text.substr(0, dot);
    return out;
}

} // namespace

std::string format_token(const RefreshToken& token) {
    std::string out(kPrefix);
    out += token.domain + '.' + base64url_encode(token.family) + '.' + std::to_string(token.generation) + '.';
    base64url_append(out, token.secret.expose());
    return out + '.' + checksum(out);
}

std::optional<RefreshToken> parse_token(std::string_view text) {
    if (text.size() > kMaxRefreshToken || text.substr(0, kPrefix.size()) != kPrefix) return std::nullopt;
    std::string_view rest = text;
    const std::string_view sum = take_last(rest);
    if (sum != checksum(rest)) return std::nullopt;
    const std::string_view secret = take_last(rest), generation = take_last(rest), family = take_last(rest);
    if (rest.size() <= kPrefix.size()) return std::nullopt;
    RefreshToken out;
    out.domain = rest.substr(kPrefix.size());
    std::string octets;
    if (base64url_decode(family, out.family) != Base64Defect::none || out.family.size() != kFamilySize)
        return std::nullopt;
    if (base64url_decode(secret, octets) != Base64Defect::none || octets.size() != kSecretSize) return std::nullopt;
    out.secret = SecretBytes(std::string_view(octets));
    wipe(octets.data(), octets.size());
    const char* const end = generation.data() + generation.size();
    const auto number = std::from_chars(generation.data(), end, out.generation);
    const bool good = number.ec == std::errc() && number.ptr == end && out.generation >= 0 &&
                      out.generation <= kMostGenerations && generation == std::to_string(out.generation);
    if (!good) return std::nullopt;
    return out;
}

} // namespace jwtdomain::refresh
