#include "jwtdomain/crypto/rsa_candidate.h"

#include <string>
#include <vector>

#include "jwtdomain/crypto/gmp.h"

namespace jwtdomain {
namespace {

using namespace std::string_view_literals;

constexpr std::size_t kLeastOctets = 64, kMostOctets = 1024; // of a modulus

// DER of DigestInfo up to the digest (RFC 8017 section 9.2, note 1).
std::string_view digest_info(unsigned hash_bits) {
    switch (hash_bits) {
    case 256: return "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"sv;
    case 384: return "\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30"sv;
    case 512: return "\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40"sv;
    }
    return {};
}

// EMSA-PKCS1-v1_5; empty if it does not fit.
std::string encoded_message(const RsaSignature& of) {
    const std::string_view info = digest_info(of.hash_bits);
    const std::size_t size = of.signature.size(), tail = info.size() + of.digest.size();
    if (info.empty() || of.digest.size() != of.hash_bits / 8 || size < tail + 11) return {};
    std::string out("\0\1"sv);
    out.append(size - tail - 3, '\xff');
    out += '\0';
    out += info;
    out += of.digest;
    return out;
}

class Integer {
public:
    explicit Integer(const GmpLibrary& gmp) : gmp_(gmp) { gmp_.init(value_); }
    Integer(const GmpLibrary& gmp, std::string_view octets) : Integer(gmp) {
        gmp_.import_octets(value_, octets.size(), 1, 1, 1, 0, octets.data());
    }
    Integer(const Integer&) = delete;
    Integer& operator=(const Integer&) = delete;
    ~Integer() { gmp_.clear(value_); }
    mpz_ptr get() { return value_; }

private:
    const GmpLibrary& gmp_;
    mpz_t value_;
};

// s^e - EM.
void multiple_of_modulus(const GmpLibrary& gmp, Integer& out, const RsaSignature& of, unsigned exponent) {
    Integer signature(gmp, of.signature), message(gmp, encoded_message(of));
    gmp.pow_ui(out.get(), signature.get(), exponent);
    gmp.sub(out.get(), out.get(), message.get());
}

// A modulus that is in use has no factor below 2^16; what it is multiplied with often has.
void drop_small_factors(const GmpLibrary& gmp, Integer& number) {
    std::vector<bool> composite(1u << 16);
    for (unsigned long p = 2; p < composite.size(); ++p) {
        if (composite[p]) continue;
        for (unsigned long multiple = p * p; multiple < composite.size(); multiple += p) composite[multiple] = true;
        while (gmp.divisible_ui(number.get(), p) != 0) gmp.divide_exactly_ui(number.get(), number.get(), p);
    }
}

bool is_good(const GmpLibrary& gmp, const RsaSignature& of, unsigned exponent, Integer& modulus) {
    Integer signature(gmp, of.signature), message(gmp, encoded_message(of)), opened(gmp);
    if (gmp.cmp(signature.get(), modulus.get()) >= 0) return false;
    gmp.powm_ui(opened.get(), signature.get(), exponent, modulus.get());
    return gmp.cmp(opened.get(), message.get()) == 0;
}

std::string octets_of(const GmpLibrary& gmp, Integer& number) {
    std::string out((gmp.size_in_base(number.get(), 2) + 7) / 8, '\0');
    std::size_t count = 0;
    gmp.export_octets(out.data(), &count, 1, 1, 1, 0, number.get());
    out.resize(count);
    return out;
}

} // namespace

Result<std::optional<PublicNumbers>> rsa_key_of(const RsaSignature& a, const RsaSignature& b, unsigned exponent) {
    const std::size_t size = a.signature.size();
    const bool sizes = size == b.signature.size() && size >= kLeastOctets && size <= kMostOctets;
    if (!sizes || exponent < 3 || encoded_message(a).empty() || encoded_message(b).empty())
        return fail(Fault::usage, "these are no signatures of one RSA key");
    const auto loaded = gmp_library();
    if (!loaded) return fail(loaded.error());
    const GmpLibrary& gmp = **loaded;
    Integer modulus(gmp);
    {
        Integer other(gmp), zero(gmp);
        multiple_of_modulus(gmp, modulus, a, exponent);
        multiple_of_modulus(gmp, other, b, exponent);
        // Of one signature twice, or of such as are their own encoding, everything is a multiple.
        if (gmp.cmp(modulus.get(), zero.get()) == 0 || gmp.cmp(other.get(), zero.get()) == 0) return std::nullopt;
        gmp.gcd(modulus.get(), modulus.get(), other.get());
    }
    if (gmp.size_in_base(modulus.get(), 2) > 8 * size + 4096) return std::nullopt; // they are hardly two
    drop_small_factors(gmp, modulus);
    const std::size_t bits = gmp.size_in_base(modulus.get(), 2);
    if (bits > 8 * size || bits + 8 <= 8 * size) return std::nullopt;
    if (!is_good(gmp, a, exponent, modulus) || !is_good(gmp, b, exponent, modulus)) return std::nullopt;
    PublicNumbers out{.type = KeyType::rsa, .x = {}, .y = {}, .n = octets_of(gmp, modulus), .e = {}};
    for (unsigned rest = exponent; rest > 0; rest >>= 8) out.e.insert(out.e.begin(), static_cast<char>(rest & 0xff));
    return out;
}

bool is_signed_with(const PublicNumbers& key, const RsaSignature& signature) {
    const auto loaded = gmp_library();
    if (!loaded || key.n.size() != signature.signature.size() || key.e.size() > 4) return false;
    if (encoded_message(signature).empty()) return false;
    unsigned exponent = 0;
    for (const char octet : key.e) exponent = exponent << 8 | static_cast<unsigned char>(octet);
    Integer modulus(**loaded, key.n);
    return exponent >= 3 && is_good(**loaded, signature, exponent, modulus);
}

} // namespace jwtdomain
