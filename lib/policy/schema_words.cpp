#include "jwtdomain/policy/schema_words.h"

#include <array>
#include <vector>

#include "jwtdomain/crypto/algorithm.h"

namespace jwtdomain::policy::schema {

namespace {

template <std::size_t N> std::span<const std::string_view> view(const std::array<std::string_view, N>& words) {
    return words;
}

} // namespace

#define JWTDOMAIN_WORDS(name, count, ...)                                                                              \
    std::span<const std::string_view> name() {                                                                         \
        static constexpr std::array<std::string_view, count> words{__VA_ARGS__};                                       \
        return view(words);                                                                                            \
    }

JWTDOMAIN_WORDS(none_words, 1, "none")
JWTDOMAIN_WORDS(any_words, 1, "any")
JWTDOMAIN_WORDS(own_words, 2, "own", "any")
JWTDOMAIN_WORDS(audience_words, 2, "any", "absent")
JWTDOMAIN_WORDS(presence_words, 3, "required", "optional", "unchecked")
JWTDOMAIN_WORDS(checked_words, 2, "checked", "unchecked")
JWTDOMAIN_WORDS(kid_words, 3, "must_match", "hint", "ignored")
JWTDOMAIN_WORDS(comparison_words, 3, "exact", "without_scheme_and_slash", "without_slash")
JWTDOMAIN_WORDS(shape_words, 3, "scalar", "list", "words")
JWTDOMAIN_WORDS(role_words, 4, "plain", "domain", "scope", "required")
JWTDOMAIN_WORDS(duplicates_words, 3, "reject", "first", "last")
JWTDOMAIN_WORDS(any_case_words, 5, "iss", "aud", "exp", "nbf", "iat")
JWTDOMAIN_WORDS(base64_words, 2, "strict", "lenient")
JWTDOMAIN_WORDS(crit_words, 2, "enforced", "ignored")
JWTDOMAIN_WORDS(refused_words, 2, "refused", "accepted")
JWTDOMAIN_WORDS(absent_words, 2, "refused", "absent")
JWTDOMAIN_WORDS(unknown_words, 2, "refused", "anonymous")
JWTDOMAIN_WORDS(guard_words, 3, "paths", "open", "opaque")
JWTDOMAIN_WORDS(part_words, 6, "header", "query", "path", "cookie", "body", "token")
JWTDOMAIN_WORDS(decides_words, 3, "domain", "subject", "scope")
JWTDOMAIN_WORDS(client_words, 2, "public", "confidential")
JWTDOMAIN_WORDS(refresh_words, 4, "off", "rotate", "bind", "bind+retry")
JWTDOMAIN_WORDS(sender_words, 2, "none", "dpop")
JWTDOMAIN_WORDS(profile_words, 2, "none", "fapi2")
JWTDOMAIN_WORDS(exchange_words, 3, "rfc8693", "rfc7523", "session")
JWTDOMAIN_WORDS(keys_words, 1, "discovery")
JWTDOMAIN_WORDS(type_words, 2, "any", "absent")
JWTDOMAIN_WORDS(gateway_words, 24, "verifier", "envoy", "istio", "haproxy", "node", "spring", "kube-apiserver",
                "apache", "aws", "external", "contour", "envoy-gateway", "oauth2-proxy", "vault", "kong", "aspnet",
                "oathkeeper", "nginx", "postgrest", "hasura", "krakend", "traefik-hub", "apisix", "tyk")

// The IANA registry of HTTP methods (RFC 9110 section 16.1.1).
JWTDOMAIN_WORDS(method_words, 40, "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT",
                "QUERY", "ACL", "BASELINE-CONTROL", "BIND", "CHECKIN", "CHECKOUT", "COPY", "LABEL", "LINK", "LOCK",
                "MERGE", "MKACTIVITY", "MKCALENDAR", "MKCOL", "MKREDIRECTREF", "MKWORKSPACE", "MOVE", "ORDERPATCH",
                "PRI", "PROPFIND", "PROPPATCH", "REBIND", "REPORT", "SEARCH", "UNBIND", "UNCHECKOUT", "UNLINK",
                "UNLOCK", "UPDATE", "UPDATEREDIRECTREF", "VERSION-CONTROL")

#undef JWTDOMAIN_WORDS

std::span<const std::string_view> algorithm_words() {
    static const std::vector<std::string_view> words = [] {
        std::vector<std::string_view> names;
        for (const AlgorithmInfo& algorithm : algorithms()) names.push_back(algorithm.name);
        names.push_back("EdDSA");
        return names;
    }();
    return words;
}

} // namespace jwtdomain::policy::schema
