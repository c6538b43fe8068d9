#include "jwtdomain/jwt/credential.h"

#include <algorithm>
#include <array>
#include <string>

namespace jwtdomain {
namespace {

// Names without case, '-' and '_'.
constexpr auto kSecretNames = std::to_array<std::string_view>({
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "clientsecret",
    "apikey",
    "apisecret",
    "secretkey",
    "secretaccesskey",
    "privatekey",
    "signingkey",
    "encryptionkey",
    "accesskey",
    "connectionstring",
    "sharedsecret",
});

std::string plain_name(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '-' || c == '_') continue;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    return out;
}

bool is_secret_name(std::string_view name) {
    const std::string plain = plain_name(name);
    return std::find(kSecretNames.begin(), kSecretNames.end(), plain) != kSecretNames.end();
}

const char* secret_in(std::string_view value) {
    const auto has = [&](std::string_view part) { return value.find(part) != std::string_view::npos; };
    const auto begins = [&](std::string_view part) { return value.substr(0, part.size()) == part; };
    if (has("-----BEGIN ") && has("PRIVATE KEY-----")) return "holds a private key";
    if (begins("AKIA") && value.size() == 20) return "holds an access key of AWS";
    if (begins("ghp_") || begins("gho_") || begins("ghs_") || begins("github_pat_")) return "holds a token of GitHub";
    if (begins("glpat-")) return "holds a token of GitLab";
    if (begins("xoxb-") || begins("xoxp-")) return "holds a token of Slack";
    if (begins("sk_live_")) return "holds a key of Stripe";
    return nullptr;
}

// RFC 7518 sections 6.2.2, 6.3.2 and 6.4.
constexpr auto kPrivateMembers = std::to_array<std::string_view>({"d", "p", "q", "dp", "dq", "qi", "oth", "k"});

} // namespace

const char* credential_in(std::string_view name, std::string_view value) {
    if (const char* const what = secret_in(value)) return what;
    return value.size() >= 4 && is_secret_name(name) ? "is named like a secret" : nullptr;
}

bool is_private_jwk(json::Value object) { return object.find("kty") && (object.find("d") || object.find("k")); }

bool is_private_jwk_member(std::string_view name) {
    return std::find(kPrivateMembers.begin(), kPrivateMembers.end(), name) != kPrivateMembers.end();
}

} // namespace jwtdomain
