#include "jwtdomain/crypto/ecdsa_der.h"

#include <cstring>

#include "jwtdomain/crypto/der.h"

namespace jwtdomain::ecdsa {
namespace {

unsigned char* put_integer(unsigned char* out, std::string_view octets) {
    while (octets.size() > 1 && octets[0] == 0) octets.remove_prefix(1);
    const bool pad = (static_cast<unsigned char>(octets[0]) & 0x80) != 0;
    *out++ = der::kInteger;
    *out++ = static_cast<unsigned char>(octets.size() + (pad ? 1 : 0));
    if (pad) *out++ = 0;
    std::memcpy(out, octets.data(), octets.size());
    return out + octets.size();
}

} // namespace

std::size_t to_der(std::string_view raw, unsigned char* out) {
    // Integers are written behind room for the longer header (of P-521) and moved up if the shorter one does.
    const std::size_t width = raw.size() / 2;
    unsigned char* const body = out + 3;
    const auto size =
        static_cast<std::size_t>(put_integer(put_integer(body, raw.substr(0, width)), raw.substr(width)) - body);
    out[0] = der::kSequence;
    if (size < 0x80) {
        out[1] = static_cast<unsigned char>(size);
        std::memmove(out + 2, body, size);
        return size + 2;
    }
    out[1] = 0x81;
    out[2] = static_cast<unsigned char>(size);
    return size + 3;
}

std::string to_raw(std::string_view der, std::size_t width) {
    std::string_view contents, r, s;
    der::Reader outer(der);
    if (!outer.read(der::kSequence, contents) || !outer.empty()) return {};
    der::Reader inner(contents);
    if (!inner.read_unsigned(r) || !inner.read_unsigned(s) || !inner.empty() || r.size() > width || s.size() > width)
        return {};
    std::string raw(2 * width, '\0');
    r.copy(raw.data() + (width - r.size()), r.size());
    s.copy(raw.data() + (2 * width - s.size()), s.size());
    return raw;
}

} // namespace jwtdomain::ecdsa
