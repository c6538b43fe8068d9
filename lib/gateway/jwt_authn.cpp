#include "jwtdomain/gateway/jwt_authn.h"

#include <algorithm>
#include <array>

#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

constexpr std::array<std::string_view, 8> kFilters{"jwt_authn", "rbac", "ext_authz", "ext_proc",
                                                   "lua",       "wasm", "golang",    "header_mutation"};

// "http(s)://" and one trailing '/' do not count.
Node audience_rule(const Node& audiences) {
    Node rule = object(audiences.mark);
    put(rule, "any_of", one_of(audiences.elements, audiences.mark));
    put(rule, "comparison", text("without_scheme_and_slash", audiences.mark));
    return rule;
}

bool is_put_in_later(const Node& list) {
    return is_unresolved(list) || std::any_of(list.elements.begin(), list.elements.end(),
                                              [](const Node& each) { return is_unresolved(each); });
}

void leave_out(const Node*& field, const char* name, std::vector<Node>& dropped) {
    if (field == nullptr || !is_put_in_later(*field)) return;
    dropped.push_back(text(std::string(name) + ": what is asked for is put in later", field->mark));
    field = nullptr;
}

} // namespace

Node jwt_authn_path(JwtProvider provider, Mark at, std::vector<Node>& dropped) {
    leave_out(provider.issuer, "issuer", dropped);
    leave_out(provider.audiences, "audiences", dropped);
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
    put(path, "zero_expiry", text("absent", unsaid));
    put(path, "not_before", text("checked", unsaid));
    Node dialect = object(unsaid);
    put(dialect, "duplicates", text("last", unsaid));
    put(dialect, "base64", text("lenient", unsaid));
    put(dialect, "crit", text("ignored", unsaid));
    put(path, "dialect", std::move(dialect));
    return path;
}

Node kubernetes_jwt_path(const Node& provider, std::string name, Node keys, Mark at, std::vector<Node>& dropped) {
    Node path = jwt_authn_path({.name = std::move(name),
                                .keys = std::move(keys),
                                .issuer = provider.find("issuer"),
                                .audiences = provider.find("audiences"),
                                .unsaid = provider.mark},
                               at, dropped);
    put(path, "expiry", text("optional", provider.mark));
    put(path, "leeway", number(kJwtAuthnLeeway, provider.mark));
    return path;
}

std::string unreadable_provider(const Node& provider) {
    const auto is_text = [](const Node& node) { return node.kind == Kind::string || is_unresolved(node); };
    const Node* const issuer = provider.find("issuer");
    if (issuer != nullptr && issuer->kind != Kind::null && !is_text(*issuer)) return "its issuer is no text";
    const Node* const audiences = provider.find("audiences");
    if (audiences == nullptr || audiences->kind == Kind::null || is_unresolved(*audiences)) return {};
    const bool texts = audiences->kind == Kind::array &&
                       std::all_of(audiences->elements.begin(), audiences->elements.end(), [&](const Node& each) {
                           return is_text(each) && (is_unresolved(each) || !each.text.empty());
                       });
    return texts ? "" : "its audiences are no list of texts";
}

bool speaks_of_token_filters(const Node& node) {
    const auto is_one = [](const std::string& text) {
        return std::any_of(kFilters.begin(), kFilters.end(),
                           [&](std::string_view name) { return text.find(name) != std::string::npos; });
    };
    if (node.kind == Kind::string && is_one(node.text)) return true;
    if (std::any_of(node.names.begin(), node.names.end(), [&](const auto& name) { return is_one(name.text); }))
        return true;
    return std::any_of(node.elements.begin(), node.elements.end(), speaks_of_token_filters);
}

} // namespace jwtdomain::gateway
