#include "jwtdomain/jwt/secret_readings.h"

#include <algorithm>
#include <string>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/digits.h"
#include "jwtdomain/base/secret_text.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain {
namespace {

using Readings = std::vector<SecretBytes>;

void add(Readings& out, std::string_view octets, std::string_view ending = {}) {
    SecretBytes reading(octets.size() + ending.size());
    char* const end = std::copy(octets.begin(), octets.end(), reading.expose_mutable());
    std::copy(ending.begin(), ending.end(), end);
    out.push_back(std::move(reading));
}

std::string_view without_line_end(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
    return text;
}

void add_hex_decoded(Readings& out, std::string_view text) {
    if (text.substr(0, 2) == "0x" || text.substr(0, 2) == "0X") text.remove_prefix(2);
    if (text.empty() || text.size() % 2 != 0) return;
    SecretBytes octets(text.size() / 2);
    for (std::size_t i = 0; i < octets.size(); ++i) {
        const int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return;
        octets.expose_mutable()[i] = static_cast<char>(high << 4 | low);
    }
    out.push_back(std::move(octets));
}

void add_base64_decoded(Readings& out, std::string_view text) {
    SecretText octets(text.size() / 4 * 3 + 3); // what the decoder asks for: it allocates no other room
    if (base64_decode_lenient(text, octets.text) && !octets.text.empty()) add(out, octets.text);
}

void add_hex(Readings& out, std::string_view octets, std::string_view digits) {
    SecretBytes text(2 * octets.size());
    char* to = text.expose_mutable();
    for (const char c : octets) {
        *to++ = digits[static_cast<unsigned char>(c) >> 4];
        *to++ = digits[static_cast<unsigned char>(c) & 15];
    }
    out.push_back(std::move(text));
}

// Both alphabets, each with and without padding.
void add_base64(Readings& out, std::string_view octets) {
    SecretText text(octets.size() / 3 * 4 + 8);
    base64url_append(text.text, octets);
    const std::string_view padding = std::string_view("==").substr(0, (4 - text.text.size() % 4) % 4);
    for (int alphabet = 0; alphabet < 2; ++alphabet) {
        add(out, text.text);
        if (!padding.empty()) add(out, text.text, padding);
        for (char& c : text.text) c = c == '-' ? '+' : c == '_' ? '/' : c;
    }
}

void add_with_line_ends(Readings& out, std::string_view secret) {
    const std::string_view line = without_line_end(secret);
    for (const std::string_view ending : {"", "\n", "\r\n"}) add(out, line, ending);
    if (trimmed(secret) != line) add(out, trimmed(secret));
}

void add_written(Readings& out, std::string_view octets) {
    add_hex(out, octets, "0123456789abcdef");
    add_hex(out, octets, "0123456789ABCDEF");
    add_base64(out, octets);
}

} // namespace

std::vector<SecretBytes> decoded(std::string_view text) {
    Readings out;
    add_hex_decoded(out, trimmed(text));
    add_base64_decoded(out, trimmed(text));
    return out;
}

std::vector<SecretBytes> secret_readings(std::string_view secret) {
    Readings out;
    add_with_line_ends(out, secret);
    for (const SecretBytes& once : decoded(secret)) {
        add_with_line_ends(out, once.expose());
        for (const SecretBytes& twice : decoded(once.expose())) add_with_line_ends(out, twice.expose());
    }
    add_written(out, secret);
    if (without_line_end(secret) != secret) add_written(out, without_line_end(secret));
    return out;
}

} // namespace jwtdomain
