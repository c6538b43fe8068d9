#include "jwtdomain/gateway/jwt_authn.h"

#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

// "http(s)://" and one trailing '/' do not count.
Node audience_rule(const Node& audiences) {
    Node rule = object(audiences.mark);
    put(rule, "any_of", one_of(audiences.elements, audiences.mark));
    put(rule, "comparison", text("without_scheme_and_slash", audiences.mark));
    return rule;
}

} // namespace

Node jwt_authn_path(JwtProvider provider, Mark at) {
    const Mark unsaid = provider.unsaid;
    Node path = object(at);
    put(path, "name", text(std::move(provider.name), unsaid));
    put(path, "keys", std::move(provider.keys));
    put(path, "kid", text("hint", unsaid));
    if (provider.issuer != nullptr && !text_of(provider.issuer).empty())
        put(path, "issuer", one_of({text(text_of(provider.issuer), provider.issuer->mark)}, provider.issuer->mark));
    else
        put(path, "issuer", text("any", unsaid));
    if (is(provider.audiences, Kind::array) && !provider.audiences->elements.empty())
        put(path, "audience", audience_rule(*provider.audiences));
    else
        put(path, "audience", text("any", unsaid));
    put(path, "not_before", text("checked", unsaid));
    Node dialect = object(unsaid);
    put(dialect, "duplicates", text("last", unsaid));
    put(dialect, "base64", text("lenient", unsaid));
    put(dialect, "crit", text("ignored", unsaid));
    put(path, "dialect", std::move(dialect));
    return path;
}

Node seconds(std::int64_t value, Mark at) {
    return {.kind = Kind::integer, .mark = at, .integer = value, .text = std::to_string(value)};
}

} // namespace jwtdomain::gateway
