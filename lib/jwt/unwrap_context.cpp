#include "jwtdomain/jwt/unwrap_context.h"

#include <algorithm>
#include <string>

#include "jwtdomain/base/text.h"

namespace jwtdomain {
namespace {

constexpr auto npos = std::string_view::npos;

std::string_view trim_end(std::string_view text) { return text.substr(0, text.find_last_not_of(kBlanks) + 1); }

std::string_view trim_start(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

bool is_name_character(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
}

// Takes a name off the end; empty if there is none.
std::string_view take_name(std::string_view& text) {
    std::size_t begin = text.size();
    while (begin > 0 && is_name_character(text[begin - 1])) --begin;
    const std::string_view name = text.substr(begin);
    text = text.substr(0, begin);
    return name;
}

bool equal_but_for_case(std::string_view a, std::string_view b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

class Context {
public:
    Context(std::string_view before, std::string_view after) : before_(before), after_(after) {}

    std::vector<Seen> read() {
        take_quotes();
        take_scheme();
        if (!take_json_name() && !take_value_name() && !take_header_field()) {
            junk(Wrapping::trailing_junk, trim_start(trim_end(after_)));
            junk(Wrapping::leading_junk, trim_start(trim_end(before_)));
        }
        std::reverse(seen_.begin(), seen_.end());
        return std::move(seen_);
    }

private:
    void see(Wrapping wrapping, std::string_view detail = {}) { seen_.push_back({wrapping, std::string(detail)}); }

    void junk(Wrapping wrapping, std::string_view text) {
        if (!text.empty()) see(wrapping, std::to_string(text.size()));
    }

    void take_quotes() {
        if (before_.empty() || after_.empty()) return;
        const char open = before_.back();
        const char close = open == '<' ? '>' : open == '(' ? ')' : open;
        if (std::string_view("\"'`<(").find(open) == npos || after_.front() != close) return;
        before_.remove_suffix(1);
        after_.remove_prefix(1);
        if (!is_json_name(trim_end(before_))) see(Wrapping::quotes);
    }

    static bool is_json_name(std::string_view before) {
        if (before.empty() || before.back() != ':') return false;
        before = trim_end(before.substr(0, before.size() - 1));
        return !before.empty() && before.back() == '"';
    }

    void take_scheme() {
        std::string_view rest = trim_end(before_);
        if (rest.size() == before_.size()) return; // white space must follow
        const std::string_view name = take_name(rest);
        for (const std::string_view scheme : {"Bearer", "DPoP", "JWT"}) {
            if (!equal_but_for_case(name, scheme)) continue;
            see(Wrapping::scheme, scheme);
            before_ = rest;
        }
    }

    bool take_json_name() {
        std::string_view rest = trim_end(before_);
        if (!is_json_name(rest)) return false;
        rest = trim_end(rest.substr(0, rest.size() - 1));
        rest.remove_suffix(1);
        const std::size_t open = rest.rfind('"');
        if (open == npos) return false;
        see(Wrapping::json_member, rest.substr(open + 1));
        return true;
    }

    bool take_value_name() {
        if (before_.empty() || before_.back() != '=') return false;
        std::string_view rest = before_.substr(0, before_.size() - 1);
        const std::string_view name = take_name(rest);
        if (name.empty()) return false;
        const std::string_view outer = trim_end(rest);
        const bool in_url = !outer.empty() && (outer.back() == '?' || outer.back() == '&' || outer.back() == '#');
        const bool is_cookie = !in_url && (trim_start(after_).substr(0, 1) == ";" ||
                                           (!outer.empty() && outer.back() == ';') || outer.find("ookie:") != npos);
        see(is_cookie ? Wrapping::cookie : Wrapping::parameter, name);
        return true;
    }

    bool take_header_field() {
        std::string_view rest = trim_end(before_);
        if (rest.empty() || rest.back() != ':') return false;
        rest.remove_suffix(1);
        const std::string_view name = take_name(rest);
        if (!name.empty()) see(Wrapping::header_field, name);
        return !name.empty();
    }

    std::string_view before_, after_;
    std::vector<Seen> seen_;
};

} // namespace

std::vector<Seen> context_of(std::string_view before, std::string_view after) { return Context(before, after).read(); }

} // namespace jwtdomain
