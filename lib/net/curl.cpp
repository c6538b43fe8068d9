#include "jwtdomain/net/curl.h"

#include <openssl/evp.h>

#include "jwtdomain/base/shared_library.h"

namespace jwtdomain::net {
namespace {

constexpr unsigned kOldest = 0x075500; // 7.85: protocols by name

constexpr std::initializer_list<const char*> kNames = {"libcurl.so.4", "libcurl-gnutls.so.4"};

struct Loaded : LoadedLibrary<Curl> {
    bool there = false;
};

// A program that has libcrypto register no digests, for a quick start, and shares it with libcurl: there certificates
// are believed by digests that are found by name.
void register_digests() {
    for (const EVP_MD* digest : {EVP_sha1(), EVP_sha224(), EVP_sha256(), EVP_sha384(), EVP_sha512(), EVP_sha3_256(),
                                 EVP_sha3_384(), EVP_sha3_512()})
        EVP_add_digest(digest);
}

Loaded load() {
    Loaded out;
    register_digests();
    SharedLibrary library(kNames);
    out.there = library.there();
    decltype(&::curl_version_info) version = nullptr;
    library.find("curl_version_info", version);
    if (version == nullptr || version(CURLVERSION_NOW)->version_num < kOldest) return out;
    Curl& f = out.functions;
    library.find("curl_global_init", f.global_init);
    library.find("curl_easy_init", f.easy_init);
    library.find("curl_easy_cleanup", f.easy_cleanup);
    library.find("curl_easy_reset", f.easy_reset);
    library.find("curl_easy_setopt", f.easy_setopt);
    library.find("curl_easy_getinfo", f.easy_getinfo);
    library.find("curl_easy_perform", f.easy_perform);
    library.find("curl_easy_strerror", f.easy_strerror);
    library.find("curl_slist_append", f.slist_append);
    library.find("curl_slist_free_all", f.slist_free_all);
    library.find("curl_url", f.url);
    library.find("curl_url_cleanup", f.url_cleanup);
    library.find("curl_url_set", f.url_set);
    library.find("curl_url_get", f.url_get);
    library.find("curl_free", f.free);
    out.usable = library.whole() && f.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return out;
}

} // namespace

Result<const Curl*> curl() {
    static const Loaded loaded = load();
    if (loaded.usable) return &loaded.functions;
    return fail(Fault::unsupported,
                loaded.there ? "the libcurl that is installed is too old" : "libcurl is not installed",
                "fetching needs libcurl 7.85 or newer: apt-get install libcurl4");
}

} // namespace jwtdomain::net
