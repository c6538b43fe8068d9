#include "jwtdomain/crypto/certificate.h"

#include <openssl/err.h>
#include <openssl/x509.h>

#include "jwtdomain/crypto/openssl.h"

namespace jwtdomain {

std::optional<Time> certificate_expiry(std::string_view der) {
    const unsigned char* at = openssl::octets(der);
    const openssl::Handle<X509, X509_free> certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    const openssl::Handle<ASN1_TIME, ASN1_TIME_free> epoch(ASN1_TIME_set(nullptr, 0));
    int days = 0, seconds = 0;
    const bool read = certificate && epoch &&
                      ASN1_TIME_diff(&days, &seconds, epoch.get(), X509_get0_notAfter(certificate.get())) == 1;
    ERR_clear_error();
    if (!read) return std::nullopt;
    return Time{days} * 86400 + seconds;
}

} // namespace jwtdomain
