#include "jwtdomain/gateway/values.h"

#include "jwtdomain/policy/names.h"

namespace jwtdomain::gateway {

bool is_place_of_keys(std::string_view url) {
    return (policy::is_fetchable_url(url) || url.starts_with("http://")) && policy::is_absolute_uri(url) &&
           url.find_first_of("{}") == url.npos;
}

Node discovered_keys(std::string_view issuer, Mark at) {
    if (!is_place_of_keys(issuer)) return text("an issuer that is not known", at); // of no file: not proven
    std::string place(issuer);
    if (place.back() == '/') place.pop_back();
    return text(place + "/.well-known/openid-configuration", at);
}

Node one_of(std::vector<Node> texts, Mark at) {
    for (Node& each : texts) {
        if (each.text != "any") continue;
        Node literal = object(each.mark);
        put(literal, "glob", std::move(each));
        each = std::move(literal);
    }
    return list(std::move(texts), at);
}

Node number(std::int64_t value, Mark at) {
    return {.kind = document::Kind::integer, .mark = at, .integer = value, .text = std::to_string(value)};
}

} // namespace jwtdomain::gateway
