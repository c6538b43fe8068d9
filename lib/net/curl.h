// Internal: libcurl, loaded when something is first fetched, so that it costs no other command its start. The headers
// give types and numbers alone; nothing of it is linked.
#pragma once

#include <curl/curl.h>

#include "jwtdomain/base/result.h"

namespace jwtdomain::net {

struct Curl {
    decltype(&::curl_global_init) global_init;
    decltype(&::curl_easy_init) easy_init;
    decltype(&::curl_easy_cleanup) easy_cleanup;
    decltype(&::curl_easy_reset) easy_reset;
    CURLcode (*easy_setopt)(CURL*, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL*, CURLINFO, ...);
    decltype(&::curl_easy_perform) easy_perform;
    decltype(&::curl_easy_strerror) easy_strerror;
    decltype(&::curl_slist_append) slist_append;
    decltype(&::curl_slist_free_all) slist_free_all;
    decltype(&::curl_url) url;
    decltype(&::curl_url_cleanup) url_cleanup;
    decltype(&::curl_url_set) url_set;
    decltype(&::curl_url_get) url_get;
    decltype(&::curl_free) free;
};

// The same one for the whole run; may be called by several threads. Faults: unsupported (it is not there, or too old).
Result<const Curl*> curl();

} // namespace jwtdomain::net
