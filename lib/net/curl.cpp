#include "jwtdomain/net/curl.h"

#include <dlfcn.h>
#include <openssl/evp.h>

namespace jwtdomain::net {
namespace {

constexpr unsigned kOldest = 0x075500; // 7.85: protocols by name

constexpr const char* kNames[] = {"libcurl.so.4", "libcurl-gnutls.so.4"};

struct Loaded {
    Curl functions = {};
    const char* missing = nullptr;
    bool there = false, old = false;
};

template <class Function> void find(void* library, const char* name, Function& to, Loaded& loaded) {
    to = reinterpret_cast<Function>(dlsym(library, name));
    if (to == nullptr) loaded.missing = name;
}

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
    void* library = nullptr;
    for (const char* name : kNames) {
        if ((library = dlopen(name, RTLD_NOW | RTLD_LOCAL)) != nullptr) break;
    }
    if (library == nullptr) return out;
    out.there = true;
    decltype(&::curl_version_info) version = nullptr;
    find(library, "curl_version_info", version, out);
    if (version == nullptr || version(CURLVERSION_NOW)->version_num < kOldest) {
        out.old = true;
        return out;
    }
    Curl& f = out.functions;
    find(library, "curl_global_init", f.global_init, out);
    find(library, "curl_easy_init", f.easy_init, out);
    find(library, "curl_easy_cleanup", f.easy_cleanup, out);
    find(library, "curl_easy_reset", f.easy_reset, out);
    find(library, "curl_easy_setopt", f.easy_setopt, out);
    find(library, "curl_easy_getinfo", f.easy_getinfo, out);
    find(library, "curl_easy_perform", f.easy_perform, out);
    find(library, "curl_easy_strerror", f.easy_strerror, out);
    find(library, "curl_slist_append", f.slist_append, out);
    find(library, "curl_slist_free_all", f.slist_free_all, out);
    find(library, "curl_url", f.url, out);
    find(library, "curl_url_cleanup", f.url_cleanup, out);
    find(library, "curl_url_set", f.url_set, out);
    find(library, "curl_url_get", f.url_get, out);
    find(library, "curl_free", f.free, out);
    if (out.missing == nullptr && f.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) out.missing = "curl_global_init";
    return out;
}

} // namespace

Result<const Curl*> curl() {
    static const Loaded loaded = load();
    if (loaded.there && !loaded.old && loaded.missing == nullptr) return &loaded.functions;
    return fail(Fault::unsupported,
                loaded.there ? "the libcurl that is installed is too old" : "libcurl is not installed",
                "fetching needs libcurl 7.85 or newer: apt-get install libcurl4");
}

} // namespace jwtdomain::net
