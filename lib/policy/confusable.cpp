#include "jwtdomain/policy/confusable.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "jwtdomain/base/digits.h"

namespace jwtdomain::policy {

namespace {

struct Lookalike {
    std::uint32_t character;
    char latin; // '\0': it cannot be seen
};

// Sorted. Letters that stand for a Latin one, both cases, and what is invisible.
constexpr std::array kLookalikes = std::to_array<Lookalike>({
    {0x00ad, '\0'},
    {0x0131, 'i'}, // dotless i
    {0x0251, 'a'},
    {0x0261, 'g'},
    {0x0269, 'i'},
    {0x028b, 'v'},
    // Greek
    {0x0391, 'a'},
    {0x0392, 'b'},
    {0x0395, 'e'},
    {0x0396, 'z'},
    {0x0397, 'h'},
    {0x0399, 'i'},
    {0x039a, 'k'},
    {0x039c, 'm'},
    {0x039d, 'n'},
    {0x039f, 'o'},
    {0x03a1, 'p'},
    {0x03a4, 't'},
    {0x03a5, 'y'},
    {0x03a7, 'x'},
    {0x03b1, 'a'},
    {0x03b3, 'y'},
    {0x03b5, 'e'},
    {0x03b7, 'n'},
    {0x03b9, 'i'},
    {0x03ba, 'k'},
    {0x03bd, 'v'},
    {0x03bf, 'o'},
    {0x03c1, 'p'},
    {0x03c3, 'o'},
    {0x03c4, 't'},
    {0x03c5, 'u'},
    {0x03c7, 'x'},
    {0x03c9, 'w'},
    {0x03f2, 'c'},
    {0x03f3, 'j'},
    // Cyrillic
    {0x0405, 's'},
    {0x0406, 'i'},
    {0x0408, 'j'},
    {0x0410, 'a'},
    {0x0412, 'b'},
    {0x0415, 'e'},
    {0x041a, 'k'},
    {0x041c, 'm'},
    {0x041d, 'h'},
    {0x041e, 'o'},
    {0x0420, 'p'},
    {0x0421, 'c'},
    {0x0422, 't'},
    {0x0423, 'y'},
    {0x0425, 'x'},
    {0x0430, 'a'},
    {0x0432, 'b'},
    {0x0433, 'r'},
    {0x0435, 'e'},
    {0x043a, 'k'},
    {0x043c, 'm'},
    {0x043d, 'h'},
    {0x043e, 'o'},
    {0x043f, 'n'},
    {0x0440, 'p'},
    {0x0441, 'c'},
    {0x0442, 't'},
    {0x0443, 'y'},
    {0x0445, 'x'},
    {0x0455, 's'},
    {0x0456, 'i'},
    {0x0458, 'j'},
    {0x0475, 'v'},
    {0x04ae, 'y'},
    {0x04af, 'y'},
    {0x04bb, 'h'},
    {0x04c0, 'l'},
    {0x04cf, 'l'},
    {0x0501, 'd'},
    {0x051b, 'q'},
    {0x051c, 'w'},
    {0x051d, 'w'},
    {0x200b, '\0'},
    {0x200c, '\0'},
    {0x200d, '\0'},
    {0x200e, '\0'},
    {0x200f, '\0'},
    {0x2010, '-'},
    {0x2011, '-'},
    {0x2012, '-'},
    {0x2013, '-'},
    {0x2024, '.'},
    {0x2060, '\0'},
    {0x2215, '/'},
    {0x3002, '.'},
    {0xfeff, '\0'},
    {0xff0e, '.'},
});

// Reads one character of UTF-8; an octet that begins none stands for itself.
std::uint32_t next(std::string_view& text) {
    const auto octet = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
    const std::uint32_t first = octet(0);
    const std::size_t length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    std::uint32_t c = length == 1 ? first : first & (0xffu >> (length + 1));
    if (length > text.size()) {
        text.remove_prefix(1);
        return first;
    }
    for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (octet(i) & 0x3f);
    text.remove_prefix(length);
    return c;
}

char fold(char c) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == '0') return 'o';
    if (c == '1') return 'l';
    return c;
}

// Letters as they look. What looks like no Latin letter stays as it is.
std::string look(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::string_view before = text;
        std::uint32_t c = next(text);
        if (c >= 0xff01 && c <= 0xff5e && c != 0xff0e) c -= 0xfee0; // full width
        const auto known =
            std::lower_bound(kLookalikes.begin(), kLookalikes.end(), c,
                             [](const Lookalike& entry, std::uint32_t key) { return entry.character < key; });
        if (known != kLookalikes.end() && known->character == c) {
            if (known->latin != '\0') out += known->latin;
        } else if (c < 0x80) {
            out += fold(static_cast<char>(c));
        } else {
            out += before.substr(0, before.size() - text.size());
        }
    }
    return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
}

std::string drawn(std::string_view text) {
    std::string out = look(text);
    replace_all(out, "rn", "m");
    replace_all(out, "vv", "w");
    return out;
}

// Decodes what RFC 3986 section 2.3 says needs no encoding, and octets beyond ASCII.
std::string without_percent(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
        const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
        if (low < 0) {
            out += text[i];
            continue;
        }
        const int octet = high * 16 + low;
        const char c = static_cast<char>(octet);
        const bool unreserved = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                                std::string_view("-._~").find(c) != std::string_view::npos;
        if (unreserved || octet >= 0x80) {
            out += c;
            i += 2;
        } else {
            out += '%'; // its digits follow; fold() makes their case one
        }
    }
    return out;
}

// Label by label, since the digits of Punycode mean something until they are decoded.
std::string labels_look(std::string_view host) {
    std::string out;
    while (!host.empty()) {
        const std::size_t dot = std::min(host.find('.'), host.size());
        const std::string_view label = host.substr(0, dot);
        host.remove_prefix(std::min(dot + 1, host.size()));
        const bool idn =
            label.size() > 4 && (label[0] | 0x20) == 'x' && (label[1] | 0x20) == 'n' && label.substr(2, 2) == "--";
        const std::string decoded = idn ? decode_punycode(label.substr(4)) : std::string();
        out += (out.empty() ? "" : ".") + look(decoded.empty() ? label : std::string_view(decoded));
    }
    return out;
}

std::string path_look(std::string_view path) {
    std::string out = look(path);
    replace_all(out, "/./", "/");
    while (out.find("//") != std::string::npos) replace_all(out, "//", "/");
    while (!out.empty() && (out.back() == '/' || (out.back() == '.' && out.size() > 1 && out[out.size() - 2] == '/')))
        out.pop_back();
    return out;
}

} // namespace

std::string name_skeleton(std::string_view name) {
    std::string out = drawn(name);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c == '.' || c == '_'; }, '-');
    return out;
}

std::string uri_skeleton(std::string_view uri) {
    const std::string plain = without_percent(uri);
    const std::size_t colon = plain.find("://");
    if (colon == std::string::npos) {
        std::string out = drawn(plain);
        while (!out.empty() && out.back() == '/') out.pop_back();
        return out;
    }
    std::string scheme = look(std::string_view(plain).substr(0, colon));
    std::string_view rest = std::string_view(plain).substr(colon + 3);
    const std::size_t end = std::min(rest.find_first_of("/?#"), rest.size());
    std::string_view authority = rest.substr(0, end);
    for (const std::string_view port : {std::string_view(":443"), std::string_view(":80"), std::string_view(":")}) {
        const bool has = authority.size() > port.size() && authority.substr(authority.size() - port.size()) == port;
        if (has) authority.remove_suffix(port.size());
    }
    if (scheme == "http") scheme = "https";
    std::string out = scheme + "://" + labels_look(authority) + path_look(rest.substr(end));
    replace_all(out, "rn", "m");
    replace_all(out, "vv", "w");
    return out;
}

} // namespace jwtdomain::policy
