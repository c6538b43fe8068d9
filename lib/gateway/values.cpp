#include "jwtdomain/gateway/values.h"

#include <algorithm>
#include <array>

#include "jwtdomain/policy/names.h"

namespace jwtdomain::gateway {

using document::Kind;

bool is_unresolved(std::string_view text) {
    constexpr std::array<std::string_view, 6> kBegin{"{{", "${", "$(", "#{", "<%", "{tenant}"};
    return std::any_of(kBegin.begin(), kBegin.end(),
                       [&](std::string_view begin) { return text.find(begin) != std::string_view::npos; });
}

bool is_unresolved(const Node& value) {
    if (value.kind == Kind::object) return value.names.size() == 1 && value.names.front().text.starts_with('!');
    return value.kind == Kind::string && is_unresolved(std::string_view(value.text));
}

Node inline_keys(std::string keys, Mark at) {
    Node out = object(at);
    put(out, "inline", text(std::move(keys), at));
    return out;
}

// Without "://" and braces, in which a claim would be, it is the name of a file, and no such file is there.
Node unread_keys(std::string why, Mark at) {
    std::replace(why.begin(), why.end(), '{', '(');
    std::replace(why.begin(), why.end(), '}', ')');
    for (std::size_t at_url = why.find("://"); at_url != why.npos; at_url = why.find("://")) why.erase(at_url, 1);
    return text(std::move(why), at);
}

Node used_for(Node source, Node algorithms) {
    if (source.kind != Kind::object) {
        Node place = object(source.mark);
        put(place, "jwks", std::move(source));
        source = std::move(place);
    }
    put(source, "algorithms", std::move(algorithms));
    return source;
}

Node keys_in(const Node& jwks) {
    if (is_unresolved(jwks)) return unread_keys("keys that are put in later", jwks.mark);
    return inline_keys(text_of(&jwks), jwks.mark);
}

Node keys_at(const Node& url) {
    const std::string written = text_of(&url);
    if (is_unresolved(url) || written.find_first_of("{}") != std::string::npos)
        return unread_keys("keys at an address that is put in later", url.mark);
    const bool plain = std::all_of(written.begin(), written.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!plain || (!written.starts_with("http://") && !policy::is_fetchable_url(written)))
        return unread_keys("keys at an address that is none", url.mark);
    return text(written, url.mark);
}

bool is_place_of_keys(std::string_view url) {
    return (policy::is_fetchable_url(url) || url.starts_with("http://")) && policy::is_absolute_uri(url) &&
           url.find_first_of("{}") == url.npos;
}

Node discovered_keys(std::string_view issuer, Mark at) {
    return is_place_of_keys(issuer) ? discovered_keys(text(std::string(issuer), at))
                                    : unread_keys("an issuer that is not known", at);
}

Node discovered_keys(const Node& issuer) {
    if (is_unresolved(issuer)) return unread_keys("keys of an issuer that is put in later", issuer.mark);
    std::string base = text_of(&issuer);
    if (base.ends_with('/')) base.pop_back();
    return keys_at(text(base + "/.well-known/openid-configuration", issuer.mark));
}

Node nothing_accepted(std::string name, Mark at) {
    Node path = object(at);
    put(path, "name", text("nothing", at));
    put(path, "keys", inline_keys(R"({"keys":[]})", at));
    put(path, "issuer", text("any", at));
    put(path, "audience", text("any", at));
    put(path, "expiry", text("optional", at));
    return guarded(std::move(name), {std::move(path)}, at);
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

ListedTexts listed_texts(const Node* value, Mark unsaid) {
    if (value == nullptr) return {.mark = unsaid};
    ListedTexts out{.there = true, .unknown = value->kind != document::Kind::array, .mark = value->mark};
    for (const Node& each : value->elements) {
        if (each.kind == document::Kind::string && !each.text.empty() && !is_unresolved(each))
            out.items.push_back(each);
        else
            out.unknown = true;
    }
    return out;
}

std::string plain_name(std::string text) {
    constexpr std::string_view kPlaceholder = "{tenant}";
    for (std::size_t at = text.find(kPlaceholder); at != text.npos; at = text.find(kPlaceholder, at))
        text.replace(at, kPlaceholder.size(), "<tenant>");
    return text;
}

bool Budget::take(std::size_t values) {
    const bool enough = values <= left_;
    left_ = enough ? left_ - values : 0;
    return enough;
}

bool Budget::take(const Node* copied) {
    if (copied == nullptr) return true;
    if (!take(copied->elements.size() + 1)) return false;
    for (const Node& each : copied->elements) {
        if (!each.elements.empty() && !take(&each)) return false;
    }
    return true;
}

} // namespace jwtdomain::gateway
