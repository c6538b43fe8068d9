#include "jwtdomain/gateway/unresolved.h"

#include <algorithm>
#include <array>

namespace jwtdomain::gateway {

using document::Kind;

bool is_unresolved(std::string_view text) {
    constexpr std::array<std::string_view, 4> kBegin{"{{", "${", "$(", "{tenant}"};
    return std::any_of(kBegin.begin(), kBegin.end(),
                       [&](std::string_view begin) { return text.find(begin) != std::string_view::npos; });
}

bool is_unresolved(const Node& value) {
    if (value.kind == Kind::object) return value.names.size() == 1 && value.names.front().text.starts_with('!');
    return value.kind == Kind::string && is_unresolved(std::string_view(value.text));
}

// Without "://" it is the name of a file, and no such file is there.
Node unread_keys(std::string why, Mark at) { return text(std::move(why), at); }

Node keys_at(const Node& url) {
    const std::string written = text_of(&url);
    if (is_unresolved(url) || written.find_first_of("{}") != std::string::npos)
        return unread_keys("keys at an address that is put in later", url.mark);
    const bool http = written.starts_with("https://") || written.starts_with("http://");
    const bool plain = std::all_of(written.begin(), written.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (!http || !plain || written.find("://") + 3 == written.size())
        return unread_keys("keys at an address that is none", url.mark);
    return text(written, url.mark);
}

std::string plain_name(std::string text) {
    std::replace(text.begin(), text.end(), '{', '(');
    std::replace(text.begin(), text.end(), '}', ')');
    return text;
}

} // namespace jwtdomain::gateway
