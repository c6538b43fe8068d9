#include "jwtdomain/crypto/self_signed.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain {

Result<std::string> self_signed_certificate(const PrivateKey& key, const std::string& name, Time from, Time to) {
    constexpr long kSerial = 1, kVersion3 = 2;
    const openssl::Handle<X509, X509_free> certificate(X509_new());
    X509* const x = certificate.get();
    X509_NAME* const subject = x != nullptr ? X509_get_subject_name(x) : nullptr;
    const EVP_MD* const digest =
        key.type() == KeyType::ed25519 || key.type() == KeyType::ed448 ? nullptr : EVP_sha256();
    const bool made = subject != nullptr && X509_set_version(x, kVersion3) == 1 &&
                      ASN1_INTEGER_set(X509_get_serialNumber(x), kSerial) == 1 &&
                      X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, openssl::octets(std::string_view(name)),
                                                 static_cast<int>(name.size()), -1, 0) == 1 &&
                      X509_set_issuer_name(x, subject) == 1 && ASN1_TIME_set(X509_getm_notBefore(x), from) != nullptr &&
                      ASN1_TIME_set(X509_getm_notAfter(x), to) != nullptr && X509_set_pubkey(x, key.native()) == 1 &&
                      X509_sign(x, key.native(), digest) > 0;
    unsigned char* der = nullptr;
    const int size = made ? i2d_X509(x, &der) : -1;
    ERR_clear_error();
    if (size < 0) return fail(Fault::internal, "OpenSSL made no certificate");
    std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

} // namespace jwtdomain
