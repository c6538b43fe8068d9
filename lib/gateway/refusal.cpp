#include "jwtdomain/gateway/refusal.h"

namespace jwtdomain::gateway {

Node nothing_accepted(std::string name, Mark at) {
    Node keys = object(at), path = object(at);
    put(keys, "inline", text(R"({"keys":[]})", at));
    put(path, "name", text("nothing", at));
    put(path, "keys", std::move(keys));
    put(path, "issuer", text("any", at));
    put(path, "audience", text("any", at));
    put(path, "expiry", text("optional", at));
    return guarded(std::move(name), {std::move(path)}, at);
}

} // namespace jwtdomain::gateway
