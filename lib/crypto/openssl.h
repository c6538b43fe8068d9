// Owning handles for OpenSSL's objects. Internal to lib/crypto and the key files: public headers do not include it.
// Internal: not installed.
#pragma once

#include <memory>
#include <string_view>

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

namespace jwtdomain::openssl {

template <auto Free> struct Deleter {
    template <class T> void operator()(T* object) const { Free(object); }
};
template <class T, auto Free> using Handle = std::unique_ptr<T, Deleter<Free>>;

using Pkey = Handle<EVP_PKEY, EVP_PKEY_free>;
using PkeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using MdContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Bignum = Handle<BIGNUM, BN_clear_free>;
using BignumContext = Handle<BN_CTX, BN_CTX_free>;
using Group = Handle<EC_GROUP, EC_GROUP_free>;
using Point = Handle<EC_POINT, EC_POINT_clear_free>;

inline const unsigned char* octets(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
inline unsigned char* octets(char* text) { return reinterpret_cast<unsigned char*>(text); }

inline Bignum bignum(std::string_view big_endian) {
    return Bignum(BN_bin2bn(octets(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

} // namespace jwtdomain::openssl
