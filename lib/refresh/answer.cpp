#include "jwtdomain/refresh/answer.h"

#include "jwtdomain/base/join.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/secret_text.h"

namespace jwtdomain::refresh {

SecretBytes token_response(const Minted& minted, const RefreshToken* refresh_token, bool bound, Time now) {
    SecretText out(2048 + minted.access_token.size()), given(kMaxRefreshToken);
    json::ObjectWriter writer(out.text);
    writer.text("access_token", minted.access_token).text("token_type", bound ? "DPoP" : "Bearer");
    writer.number("expires_in", minted.expires - now);
    if (refresh_token) {
        given.text += format_token(*refresh_token);
        writer.text("refresh_token", given.text);
    }
    if (!minted.scopes.empty()) writer.text("scope", join(minted.scopes, " "));
    writer.close();
    return SecretBytes(std::string_view(out.text));
}

} // namespace jwtdomain::refresh
