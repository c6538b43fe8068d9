// Credentials that stand in claims, where everybody can read them.
#include <algorithm>
#include <array>

#include "jwtdomain/jwt/inspect_detail.h"
#include "jwtdomain/jwt/spot.h"

namespace jwtdomain::inspect::detail {
namespace {

constexpr std::size_t kMost = 20; // findings of one token

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
    if (has("-----BEGIN ") && has("PRIVATE KEY-----")) return "a private key";
    if (begins("AKIA") && value.size() == 20) return "an access key of AWS";
    if (begins("ghp_") || begins("gho_") || begins("ghs_") || begins("github_pat_")) return "a token of GitHub";
    if (begins("glpat-")) return "a token of GitLab";
    if (begins("xoxb-") || begins("xoxp-")) return "a token of Slack";
    if (begins("sk_live_")) return "a key of Stripe";
    return nullptr;
}

class SecretFinder {
public:
    explicit SecretFinder(Token& token) : token_(token) {}

    void visit(json::Value value, const std::string& place) {
        if (value.find("kty") && (value.find("d") || value.find("k"))) {
            report(Reason::secret_in_claims, place, "holds a private key (JWK)");
        }
        for (const json::Member& member : value) {
            if (found_ >= kMost) return;
            const std::string at = value.is(json::Kind::object) && place.size() < 200
                                       ? (place.empty() ? "" : place + "/") + std::string(member.name.substr(0, 100))
                                       : place;
            if (!member.value.is(json::Kind::string)) {
                visit(member.value, at);
                continue;
            }
            const std::string_view text = member.value.text();
            if (const char* const what = secret_in(text))
                report(Reason::secret_in_claims, at, std::string("holds ") + what);
            else if (is_secret_name(member.name) && text.size() >= 4)
                report(Reason::secret_in_claims, at, "is named like a secret");
            else if (spot_token(text))
                report(Reason::nested_token, at, "holds a token");
        }
    }

private:
    void report(Reason reason, const std::string& place, const std::string& what) {
        ++found_;
        add(token_, reason, "claim \"" + place + "\" " + what);
    }

    Token& token_;
    std::size_t found_ = 0;
};

} // namespace

void observe_secrets(Token& token, json::Value claims) { SecretFinder(token).visit(claims, ""); }

} // namespace jwtdomain::inspect::detail
