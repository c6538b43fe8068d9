// Kinds that change the text of the control, or its signature.
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/crypto/ecdsa_der.h"
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

Result<std::string> der(const Forge& f) {
    if (!is_ecdsa(f)) return lacks("the control is not signed with ECDSA");
    const auto octets = octets_of(f);
    if (!octets) return octets;
    unsigned char text[ecdsa::kMaxDer];
    const std::size_t size = ecdsa::to_der(*octets, text);
    return with_signature(f, {reinterpret_cast<const char*>(text), size});
}

// clang-format off
constexpr std::array kMakers{
    Maker{"garbage", [](const Forge&) -> Result<std::string> { return std::string(kGarbage); }},
    Maker{"claims-changed", [](const Forge& f) -> Result<std::string> {
        Json claims = f.claims;
        claims["sub"] = "jwtdomain-somebody-else";
        Parts parts = parts_of(f);
        parts.claims = base64url_encode(claims.dump());
        return parts.joined();
    }},
    Maker{"signature-empty", [](const Forge& f) { return with_signature(f, ""); }},
    Maker{"signature-absent", [](const Forge& f) -> Result<std::string> {
        const Parts parts = parts_of(f);
        return parts.header + "." + parts.claims;
    }},
    Maker{"signature-changed", [](const Forge& f) -> Result<std::string> {
        auto octets = octets_of(f);
        if (!octets) return octets;
        octets->back() = static_cast<char>(octets->back() ^ 1);
        return with_signature(f, *octets);
    }},
    Maker{"signature-cut", [](const Forge& f) -> Result<std::string> {
        auto octets = octets_of(f);
        if (!octets) return octets;
        octets->resize(octets->size() / 2);
        return with_signature(f, *octets);
    }},
    Maker{"signature-zero", [](const Forge& f) -> Result<std::string> {
        const auto octets = octets_of(f);
        if (!octets) return octets;
        return with_signature(f, std::string(octets->size(), '\0'));
    }},
    Maker{"signature-der", der},
    Maker{"signature-padded", [](const Forge& f) -> Result<std::string> {
        if (f.signature.size() % 4 == 0) return lacks("the control's signature needs no padding");
        return f.text() + std::string(4 - f.signature.size() % 4, '=');
    }},
    Maker{"json-serialization", [](const Forge& f) -> Result<std::string> {
        const Parts parts = parts_of(f);
        return Json{{"protected", parts.header}, {"payload", parts.claims}, {"signature", parts.signature}}.dump();
    }},
    Maker{"fourth-part", [](const Forge& f) -> Result<std::string> { return f.text() + ".e30"; }},
    Maker{"token-in-query", [](const Forge& f) -> Result<std::string> { return f.text(); }},
    Maker{"header-huge", [](const Forge& f) -> Result<std::string> {
        Json header = f.header;
        header["x"] = std::string(256 << 10, 'a');
        Parts parts = parts_of(f);
        parts.header = base64url_encode(header.dump());
        return parts.joined();
    }},
    Maker{"claims-deep", [](const Forge& f) -> Result<std::string> {
        Parts parts = parts_of(f);
        parts.claims = base64url_encode(R"({"x":)" + std::string(4000, '[') + std::string(4000, ']') + "}");
        return parts.joined();
    }},
};
// clang-format on

} // namespace

std::span<const Maker> shape_makers() { return kMakers; }

} // namespace jwtdomain::probe::detail
