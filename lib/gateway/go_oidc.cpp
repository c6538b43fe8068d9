#include "jwtdomain/gateway/go_oidc.h"

#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::go_oidc {

Node algorithms(Mark at, bool secrets) {
    std::vector<Node> out;
    for (const char* name : {"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA"})
        out.push_back(text(name, at));
    if (secrets) {
        for (const char* name : {"HS256", "HS384", "HS512"}) out.push_back(text(name, at));
    }
    return list(std::move(out), at);
}

Node issuers(const Node& issuer) {
    std::vector<Node> names{text(text_of(&issuer), issuer.mark)};
    if (names.front().text == "https://accounts.google.com") names.push_back(text("accounts.google.com", issuer.mark));
    return one_of(std::move(names), issuer.mark);
}

Node dialect(Mark at, std::initializer_list<const char*> any_case) {
    Node out = object(at);
    std::vector<Node> names;
    for (const char* name : any_case) names.push_back(text(name, at));
    if (!names.empty()) put(out, "any_case", list(std::move(names), at));
    put(out, "duplicates", text("last", at));
    put(out, "base64", text("lenient", at));
    return out;
}

} // namespace jwtdomain::gateway::go_oidc
