// Kinds that change the text of the control, or its signature.
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/probe/forge.h"

namespace jwtdomain::probe::detail {
namespace {

struct Parts {
    std::string header, claims, signature;
    std::string joined() const { return header + "." + claims + "." + signature; }
};

Parts parts_of(const Forge& f) {
    const std::size_t one = f.text().find('.'), two = f.text().rfind('.');
    return {f.text().substr(0, one), f.text().substr(one + 1, two - one - 1), f.text().substr(two + 1)};
}

Result<std::string> octets_of(const Forge& f) {
    std::string octets;
    if (base64url_decode(f.signature, octets) != Base64Defect::none) return lacks("the control's signature is none");
    return octets;
}

Result<std::string> with_signature(const Forge& f, std::string_view octets) {
    Parts parts = parts_of(f);
    parts.signature = base64url_encode(octets);
    return parts.joined();
}

bool is_ecdsa(const Forge& f) {
    const KeyType type = info(f.algorithm()).key;
    return type != KeyType::rsa && type != KeyType::hmac && type != KeyType::ed25519;
}

// r and s as DER has them (RFC 3279 2.2.3).
std::string integer(std::string_view octets) {
    while (octets.size() > 1 && octets.front() == 0) octets.remove_prefix(1);
    std::string value(octets);
    if ((static_cast<unsigned char>(value.front()) & 0x80) != 0) value.insert(value.begin(), '\0');
    return std::string("\x02") + static_cast<char>(value.size()) + value;
}

Result<std::string> der(const Forge& f) {
    if (!is_ecdsa(f)) return lacks("the control is not signed with ECDSA");
    const auto octets = octets_of(f);
    if (!octets) return octets;
    const std::string_view raw = *octets;
    const std::string both = integer(raw.substr(0, raw.size() / 2)) + integer(raw.substr(raw.size() / 2));
    std::string out = "\x30";
    if (both.size() > 127) out += '\x81';
    return with_signature(f, out + static_cast<char>(both.size()) + both);
}

struct Entry {
    std::string_view name;
    Maker make;
};

// clang-format off
constexpr std::array kMakers{
    Entry{"garbage", [](const Forge&) -> Result<std::string> { return std::string("jwtdomain.garbage.token"); }},
    Entry{"claims-changed", [](const Forge& f) -> Result<std::string> {
        Json claims = f.claims;
        claims["sub"] = "jwtdomain-somebody-else";
        Parts parts = parts_of(f);
        parts.claims = base64url_encode(claims.dump());
        return parts.joined();
    }},
    Entry{"signature-empty", [](const Forge& f) { return with_signature(f, ""); }},
    Entry{"signature-absent", [](const Forge& f) -> Result<std::string> {
        const Parts parts = parts_of(f);
        return parts.header + "." + parts.claims;
    }},
    Entry{"signature-changed", [](const Forge& f) -> Result<std::string> {
        auto octets = octets_of(f);
        if (!octets) return octets;
        octets->back() = static_cast<char>(octets->back() ^ 1);
        return with_signature(f, *octets);
    }},
    Entry{"signature-cut", [](const Forge& f) -> Result<std::string> {
        auto octets = octets_of(f);
        if (!octets) return octets;
        octets->resize(octets->size() / 2);
        return with_signature(f, *octets);
    }},
    Entry{"signature-zero", [](const Forge& f) -> Result<std::string> {
        const auto octets = octets_of(f);
        if (!octets) return octets;
        return with_signature(f, std::string(octets->size(), '\0'));
    }},
    Entry{"signature-der", der},
    Entry{"signature-padded", [](const Forge& f) -> Result<std::string> {
        if (f.signature.size() % 4 == 0) return lacks("the control's signature needs no padding");
        return f.text() + std::string(4 - f.signature.size() % 4, '=');
    }},
    Entry{"json-serialization", [](const Forge& f) -> Result<std::string> {
        const Parts parts = parts_of(f);
        return Json{{"protected", parts.header}, {"payload", parts.claims}, {"signature", parts.signature}}.dump();
    }},
    Entry{"fourth-part", [](const Forge& f) -> Result<std::string> { return f.text() + ".e30"; }},
    Entry{"token-in-query", [](const Forge& f) -> Result<std::string> { return f.text(); }},
    Entry{"header-huge", [](const Forge& f) -> Result<std::string> {
        Json header = f.header;
        header["x"] = std::string(256 << 10, 'a');
        Parts parts = parts_of(f);
        parts.header = base64url_encode(header.dump());
        return parts.joined();
    }},
    Entry{"claims-deep", [](const Forge& f) -> Result<std::string> {
        Parts parts = parts_of(f);
        parts.claims = base64url_encode(R"({"x":)" + std::string(4000, '[') + std::string(4000, ']') + "}");
        return parts.joined();
    }},
};
// clang-format on

} // namespace

Maker shape_maker(std::string_view name) {
    for (const Entry& entry : kMakers) {
        if (entry.name == name) return entry.make;
    }
    return nullptr;
}

} // namespace jwtdomain::probe::detail
