#include "jwtdomain/refresh/answer.h"

#include "jwtdomain/base/json_write.h"

namespace jwtdomain::refresh {

SecretBytes token_response(const Minted& minted, std::string_view refresh_token, bool bound, Time now) {
    std::string text, scope;
    text.reserve(1024 + minted.access_token.size() + refresh_token.size()); // so that no part of it is left behind
    json::ObjectWriter writer(text);
    writer.text("access_token", minted.access_token).text("token_type", bound ? "DPoP" : "Bearer");
    writer.number("expires_in", minted.expires - now);
    if (!refresh_token.empty()) writer.text("refresh_token", refresh_token);
    for (const std::string& word : minted.scopes) scope += (scope.empty() ? "" : " ") + word;
    if (!scope.empty()) writer.text("scope", scope);
    writer.close();
    SecretBytes out{std::string_view(text)};
    wipe(text.data(), text.size());
    return out;
}

} // namespace jwtdomain::refresh
