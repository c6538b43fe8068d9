// The expression `claims`: calls that are joined by &&. Others have no words here.
#include <algorithm>
#include <optional>

#include "jwtdomain/base/join.h"
#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/traefik_hub.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::traefik_hub {
namespace {

constexpr std::size_t kMostCalls = 64;

struct Call {
    std::string name;
    std::vector<std::string> arguments = {};
};

class Expression {
public:
    explicit Expression(std::string_view text) : text_(text) {}

    // nullopt: it is something else than calls that are joined by &&.
    std::optional<std::vector<Call>> read() {
        std::vector<Call> out;
        for (;;) {
            auto call = read_call();
            if (!call || out.size() >= kMostCalls) return std::nullopt;
            out.push_back(std::move(*call));
            skip();
            if (at_ == text_.size()) return out;
            if (!take("&&")) return std::nullopt;
        }
    }

private:
    void skip() {
        while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
    }

    bool take(std::string_view what) {
        skip();
        if (text_.substr(at_, what.size()) != what) return false;
        at_ += what.size();
        return true;
    }

    std::optional<Call> read_call() {
        skip();
        Call out;
        while (at_ < text_.size() && ((text_[at_] | 0x20) >= 'a' && (text_[at_] | 0x20) <= 'z'))
            out.name += text_[at_++];
        if (out.name.empty() || !take("(")) return std::nullopt;
        do {
            auto argument = read_text();
            if (!argument) return std::nullopt;
            out.arguments.push_back(std::move(*argument));
        } while (take(","));
        if (!take(")")) return std::nullopt;
        return out;
    }

    std::optional<std::string> read_text() {
        skip();
        if (at_ >= text_.size() || (text_[at_] != '`' && text_[at_] != '"')) return std::nullopt;
        const char quote = text_[at_];
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == text_.npos) return std::nullopt;
        std::string out(text_.substr(at_ + 1, end - at_ - 1));
        if (quote == '"' && out.find('\\') != out.npos) return std::nullopt;
        at_ = end + 1;
        return out;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

// A number or a truth value would be as good as this text.
bool may_be_no_text(const std::string& text) {
    return text == "true" || text == "false" || text.find_first_not_of("0123456789.eE+-") == text.npos;
}

Node pattern(const char* match, const std::string& value, Mark at) {
    Node out = object(at);
    put(out, match, text(value, at));
    return out;
}

// The values of the claim; `scalar`: a list will not do.
struct Language {
    std::vector<Node> values = {};
    bool scalar = true;
};

std::optional<Language> language_of(const Call& call, Mark at) {
    const auto& arguments = call.arguments;
    Language out;
    if (call.name == "Equals" && arguments.size() == 2) {
        out.values.push_back(text(arguments[1], at));
    } else if (call.name == "OneOf" && arguments.size() >= 2) {
        for (std::size_t i = 1; i < arguments.size(); ++i) out.values.push_back(text(arguments[i], at));
    } else if (call.name == "Prefix" && arguments.size() == 2) {
        out.values.push_back(pattern("prefix", arguments[1], at));
    } else if (call.name == "Contains" && arguments.size() == 2) { // a member of a list, or a part of a text
        out.values.push_back(pattern("contains", arguments[1], at));
        out.scalar = false;
    } else if (call.name == "SplitContains" && arguments.size() == 3) {
        out.values.push_back(pattern("contains", arguments[2], at));
    } else {
        return std::nullopt;
    }
    const bool empty = std::any_of(arguments.begin(), arguments.end(), [](const auto& each) { return each.empty(); });
    const bool other = std::any_of(arguments.begin() + 1, arguments.end(), may_be_no_text);
    const std::string& claim = arguments.front();
    const bool aimed = claim == "iss" || claim == "aud" || !out.scalar;
    return empty || (aimed && other) ? std::nullopt : std::optional(std::move(out));
}

// False: there are no words for it.
bool put_call(const Call& call, Mark at, Node& path) {
    auto language = language_of(call, at);
    const std::string& claim = call.arguments.front();
    if (!language || claim.find('\\') != claim.npos) return false;
    const bool first = text_of(path.find(claim == "iss" ? "issuer" : "audience")) == "any";
    if (claim == "iss" && first) {
        put(path, "issuer", one_of(std::move(language->values), at));
        return true;
    }
    if (claim == "aud" && first) {
        Node rule = object(at);
        put(rule, "any_of", one_of(std::move(language->values), at));
        if (language->scalar) put(rule, "string_only", flag(true, at));
        put(path, "audience", std::move(rule));
        return true;
    }
    const std::vector<std::string> names = split(claim, '.');
    Node claims = path.find("claims") != nullptr ? *path.find("claims") : object(at);
    const std::string name = free_claim_name(claims, names);
    if (name.empty()) return false;
    Node test = object(at);
    put(test, language->scalar ? "in" : "has_any", list(std::move(language->values), at));
    put(claims, name, std::move(test));
    put(path, "claims", std::move(claims));
    return true;
}

} // namespace

void put_claims(const Node& expression, Node& path, std::vector<Node>& dropped) {
    const Mark at = expression.mark;
    std::optional<std::vector<Call>> calls;
    if (expression.kind == document::Kind::string && !is_unresolved(expression))
        calls = Expression(expression.text).read();
    if (!calls) {
        dropped.push_back(text("claims: there are no words for the expression", at));
        return;
    }
    for (const Call& each : *calls) {
        if (!put_call(each, at, path))
            dropped.push_back(text("claims: " + plain_name(each.name + " of " + each.arguments.front()), at));
    }
}

} // namespace jwtdomain::gateway::traefik_hub
