#include "jwtdomain/gateway/golang_jwt.h"

namespace jwtdomain::gateway::golang_jwt {

Node algorithms(Mark at, bool eddsa) {
    std::vector<Node> out;
    for (const char* name :
         {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "HS256", "HS384", "HS512"})
        out.push_back(text(name, at));
    if (eddsa) out.push_back(text("EdDSA", at));
    return list(std::move(out), at);
}

void put_reading(Node& path, Mark at) {
    put(path, "expiry", text("optional", at));
    put(path, "zero_expiry", text("absent", at));
    put(path, "not_before", text("checked", at));
    put(path, "leeway", number(1, at)); // times are of whole seconds here
    Node dialect = object(at);
    put(dialect, "duplicates", text("last", at));
    put(dialect, "base64", text("lenient", at));
    put(dialect, "crit", text("ignored", at));
    put(path, "dialect", std::move(dialect));
}

} // namespace jwtdomain::gateway::golang_jwt
