// Credentials that stand in claims, where everybody can read them.
#include "jwtdomain/jwt/credential.h"
#include "jwtdomain/jwt/inspect_detail.h"
#include "jwtdomain/jwt/spot.h"

namespace jwtdomain::inspect::detail {
namespace {

constexpr std::size_t kMost = 20; // findings of one token

class SecretFinder {
public:
    explicit SecretFinder(Token& token) : token_(token) {}

    void visit(json::Value value, const std::string& place) {
        if (is_private_jwk(value)) report(Reason::secret_in_claims, place, "holds a private key (JWK)");
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
            if (const char* const what = credential_in(member.name, text))
                report(Reason::secret_in_claims, at, what);
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
