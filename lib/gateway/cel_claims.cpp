#include "jwtdomain/gateway/cel_claims.h"

#include <algorithm>

#include "jwtdomain/base/text.h"

namespace jwtdomain::gateway::cel {
namespace {

using Kind = Test::Kind;

// Where `wanted` stands outside of quotes and brackets; of the text itself, nothing if it is not balanced.
std::vector<std::size_t> find_outside(std::string_view text, std::string_view wanted, bool& balanced) {
    std::vector<std::size_t> out;
    char quote = 0;
    std::size_t depth = 0;
    balanced = true;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quote != 0) {
            if (c == '\\') balanced = false; // escapes are not read here
            if (c == quote) quote = 0;
            continue;
        }
        if (depth == 0 && text.substr(i).starts_with(wanted)) out.push_back(i);
        if (c == '\'' || c == '"') quote = c;
        if (c == '(' || c == '[' || c == '{') ++depth;
        if (c == ')' || c == ']' || c == '}') {
            if (depth == 0) balanced = false;
            depth -= depth > 0;
        }
    }
    balanced = balanced && quote == 0 && depth == 0;
    if (!balanced) out.clear();
    return out;
}

bool has_outside(std::string_view text, std::string_view wanted) {
    bool balanced = true;
    return !find_outside(text, wanted, balanced).empty() || !balanced;
}

std::vector<std::string_view> split(std::string_view text, std::string_view at) {
    std::vector<std::string_view> out;
    bool balanced = true;
    std::size_t begin = 0;
    for (const std::size_t each : find_outside(text, at, balanced)) {
        if (each < begin) continue;
        out.push_back(trimmed(text.substr(begin, each - begin)));
        begin = each + at.size();
    }
    out.push_back(trimmed(text.substr(begin)));
    return out;
}

// Text in one pair of quotes, without any escape or prefix.
std::optional<std::string> literal(std::string_view text) {
    if (text.size() < 2 || (text.front() != '\'' && text.front() != '"') || text.back() != text.front())
        return std::nullopt;
    const std::string_view inner = text.substr(1, text.size() - 2);
    if (inner.find_first_of("\\\n") != inner.npos || inner.find(text.front()) != inner.npos) return std::nullopt;
    return std::string(inner);
}

bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

// "claims.a.b", "claims['a'].b"; what follows it stays in `rest`.
std::vector<std::string> claim_path(std::string_view& rest) {
    constexpr std::string_view kClaims = "claims";
    std::vector<std::string> out;
    if (!rest.starts_with(kClaims)) return out;
    rest.remove_prefix(kClaims.size());
    for (;;) {
        if (rest.starts_with('.')) {
            std::size_t end = 1;
            while (end < rest.size() && is_word(rest[end])) ++end;
            const std::string_view name = rest.substr(1, end - 1);
            const bool call = end < rest.size() && rest[end] == '(';
            if (call || name.empty() || (name[0] >= '0' && name[0] <= '9') || name.find("__") != name.npos) return out;
            out.emplace_back(name);
            rest.remove_prefix(end);
        } else if (rest.starts_with('[')) {
            const std::size_t end = rest.find(']');
            const auto name = literal(rest.substr(1, end == rest.npos ? 0 : end - 1));
            if (!name || name->empty()) return out;
            out.push_back(*name);
            rest.remove_prefix(end + 1);
        } else {
            return out;
        }
    }
}

std::vector<std::string> whole_path(std::string_view text) {
    std::vector<std::string> out = claim_path(text);
    if (!text.empty()) out.clear();
    return out;
}

std::vector<std::string> literals(std::string_view text) {
    std::vector<std::string> out;
    if (text.size() < 2 || text.front() != '[' || text.back() != ']') return out;
    for (const std::string_view each : split(text.substr(1, text.size() - 2), ",")) {
        const auto value = literal(each);
        if (!value) return {};
        out.push_back(*value);
    }
    return out;
}

std::optional<Test> equality(std::string_view left, std::string_view right) {
    if (!left.starts_with("claims")) std::swap(left, right);
    std::vector<std::string> claim = whole_path(left);
    if (claim.empty()) return std::nullopt;
    if (right == "true" || right == "false") return Test{Kind::truth, std::move(claim), {std::string(right)}};
    const auto value = literal(right);
    if (!value) return std::nullopt;
    return Test{Kind::equal, std::move(claim), {*value}};
}

std::optional<Test> membership(std::string_view left, std::string_view right) {
    if (const auto value = literal(left)) {
        std::vector<std::string> claim = whole_path(right);
        if (claim.empty()) return std::nullopt;
        return Test{Kind::member, std::move(claim), {*value}};
    }
    std::vector<std::string> claim = whole_path(left), values = literals(right);
    if (claim.empty() || values.empty()) return std::nullopt;
    return Test{Kind::equal, std::move(claim), std::move(values)};
}

// "claims.a.startsWith('v')"
std::optional<Test> call(std::string_view text) {
    std::vector<std::string> claim = claim_path(text);
    if (claim.empty() || !text.ends_with(')')) return std::nullopt;
    text.remove_suffix(1);
    constexpr std::pair<std::string_view, Kind> kCalls[] = {
        {".startsWith(", Kind::prefix}, {".endsWith(", Kind::suffix}, {".contains(", Kind::contains}};
    for (const auto& [begin, kind] : kCalls) {
        if (!text.starts_with(begin)) continue;
        const auto value = literal(trimmed(text.substr(begin.size())));
        if (!value || value->empty()) return std::nullopt;
        return Test{kind, std::move(claim), {*value}};
    }
    return std::nullopt;
}

// "claims.exp - claims.iat <= 600"
std::optional<Test> life(std::string_view left, std::string_view right) {
    constexpr std::size_t kDigits = 9;
    const auto sides = split(left, "-");
    const bool number = !right.empty() && right.size() <= kDigits &&
                        right.find_first_not_of("0123456789") == right.npos && right.front() != '0';
    if (!number || sides.size() != 2 || sides[0] != "claims.exp" || sides[1] != "claims.iat") return std::nullopt;
    return Test{Kind::life, {"exp"}, {std::string(right)}};
}

std::optional<Test> term(std::string_view text) {
    constexpr std::string_view kHas = "has(";
    if (text.starts_with(kHas) && text.ends_with(')')) {
        std::vector<std::string> claim = whole_path(trimmed(text.substr(kHas.size(), text.size() - kHas.size() - 1)));
        if (claim.empty()) return std::nullopt;
        return Test{Kind::present, std::move(claim), {}};
    }
    if (const auto sides = split(text, "<="); sides.size() == 2) return life(sides[0], sides[1]);
    if (const auto sides = split(text, "=="); sides.size() == 2) return equality(sides[0], sides[1]);
    if (const auto sides = split(text, " in "); sides.size() == 2) return membership(sides[0], sides[1]);
    return call(text);
}

bool has_comment(std::string_view text) {
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (quote == 0 && text.substr(i).starts_with("//")) return true;
        if (quote == 0 && (text[i] == '\'' || text[i] == '"'))
            quote = text[i];
        else if (text[i] == quote)
            quote = 0;
    }
    return false;
}

void read_into(std::string_view text, std::size_t depth, Conjunction& out) {
    constexpr std::size_t kDeepest = 16;
    text = trimmed(text);
    if (depth > kDeepest || has_outside(text, "||") || has_outside(text, "?")) {
        out.whole = false;
        return;
    }
    const std::vector<std::string_view> parts = split(text, "&&");
    if (parts.size() > 1) {
        for (const std::string_view each : parts) read_into(each, depth + 1, out);
        return;
    }
    bool balanced = true;
    if (text.size() > 1 && text.front() == '(' && text.back() == ')') {
        const std::string_view inner = text.substr(1, text.size() - 2);
        find_outside(inner, "&&", balanced);
        if (balanced) return read_into(inner, depth + 1, out);
    }
    if (auto test = term(text))
        out.tests.push_back(std::move(*test));
    else
        out.whole = false;
}

} // namespace

Conjunction read(std::string_view expression) {
    constexpr std::size_t kLongest = 16 * 1024;
    Conjunction out;
    // Comments, and texts in three quotes, would be taken for something else.
    const bool plain = !has_comment(expression) && expression.find("'''") == expression.npos &&
                       expression.find("\"\"\"") == expression.npos;
    if (!plain || expression.size() > kLongest)
        out.whole = false;
    else
        read_into(expression, 0, out);
    return out;
}

std::optional<std::vector<std::vector<std::string>>> read_text(std::string_view expression) {
    std::vector<std::vector<std::string>> out;
    for (const std::string_view each : split(trimmed(expression), "+")) {
        if (literal(each)) continue;
        out.push_back(whole_path(each));
        if (out.back().empty()) return std::nullopt;
    }
    return out;
}

} // namespace jwtdomain::gateway::cel
