#include "jwtdomain/gateway/node_path.h"

#include <algorithm>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::gateway::javascript {

using document::Kind;

bool is_truthy(const Node* value) {
    if (value == nullptr) return false;
    switch (value->kind) {
    case Kind::null: return false;
    case Kind::boolean: return value->truth;
    case Kind::integer: return value->integer != 0;
    case Kind::real: return value->text.find_first_of("123456789") != std::string::npos;
    case Kind::string: return !value->text.empty();
    case Kind::array:
    case Kind::object: return true;
    }
    return true;
}

bool is_placeholder(std::string_view text) {
    if (is_unresolved(text) || text.find("process.env") != text.npos) return true;
    const bool percent = text.size() > 2 && text.front() == '%' && text.back() == '%';
    return percent || (text.size() > 1 && text.front() == '$');
}

// --- Languages ----------------------------------------------------------------------------------------------------

namespace {

// The word any stands for every string in some lists of the normal form, and for itself in a glob; the empty string
// stands in none.
Node literal(const Node& value) {
    if (value.text != "any" && !value.text.empty()) return text(value.text, value.mark);
    Node out = object(value.mark);
    put(out, value.text.empty() ? "regex" : "glob", text(value.text.empty() ? "^$" : value.text, value.mark));
    return out;
}

struct Expression {
    std::string pattern, flags;
};

std::optional<Expression> expression_of(const Node& value) {
    if (value.kind == Kind::object) {
        const Node* const pattern = value.find("pattern");
        if (!is(pattern, Kind::string) || !unknown_member(value, {"pattern", "flags"}).empty()) return std::nullopt;
        return Expression{pattern->text, text_of(value.find("flags"))};
    }
    const std::size_t end = value.text.rfind('/');
    if (value.kind != Kind::string || value.text.empty() || value.text.front() != '/' || end == 0) return std::nullopt;
    const std::string flags = value.text.substr(end + 1);
    if (flags.find_first_not_of("dgimsuvy") != std::string::npos) return std::nullopt;
    return Expression{value.text.substr(1, end - 1), flags};
}

// JavaScript's \s knows more white space than the normal form's. With g an expression goes on where it last ended, and
// so matches less; every other flag changes what it matches.
std::string why_unread(const Expression& expression, accept::Pattern& compiled) {
    if (expression.flags.find_first_not_of("dg") != std::string::npos)
        return "the flags of a regular expression: " + plain_name(expression.flags);
    if (is_placeholder(expression.pattern)) return "a regular expression that is put in elsewhere";
    compiled = {accept::Match::regex, expression.pattern};
    // White space is more to JavaScript.
    const bool white =
        expression.pattern.find("\\s") != std::string::npos || expression.pattern.find("\\S") != std::string::npos;
    if (white || !accept::compile(compiled)) return "a regular expression: " + plain_name(expression.pattern);
    return {};
}

void add_expression(const Expression& expression, Mark at, Language& out) {
    accept::Pattern compiled;
    if (std::string why = why_unread(expression, compiled); !why.empty()) {
        out.unread = std::move(why);
        return;
    }
    accept::Strings found;
    found.patterns.push_back(std::move(compiled));
    if (found.contains("undefined")) out.matches_undefined = true;
    if (found.contains("")) out.has_empty = true;
    Node member = object(at);
    put(member, "regex", text(expression.pattern, at));
    out.members.push_back(std::move(member));
}

void add(const Node& value, Reading reading, Language& out) {
    if (reading.leaves_falsy && !is_truthy(&value)) return;
    const auto expression = reading.expressions ? expression_of(value) : std::nullopt;
    if (expression) add_expression(*expression, value.mark, out);
    if (value.kind == Kind::string) {
        if (is_placeholder(value.text)) out.unread = "a value that is put in elsewhere: " + plain_name(value.text);
        if (value.text.empty()) out.has_empty = true;
        out.members.push_back(literal(value));
    } else if (!expression) {
        out.unread = "a value that is neither a string nor a regular expression";
    }
}

} // namespace

Language language_of(const Node& option, Reading reading) {
    Language out;
    if (option.kind != Kind::array) {
        add(option, reading, out);
        return out;
    }
    for (const Node& each : option.elements) add(each, reading, out);
    return out;
}

// --- Paths --------------------------------------------------------------------------------------------------------

Path::Path(std::string name, Mark at) : node_(object(at)), dialect_(object(at)), claims_(object(at)) {
    say("name", plain_name(std::move(name)), at);
    say("issuer", "any", at);
    say("audience", "any", at);
    say("expiry", "optional", at);
    say("not_before", "checked", at);
    dialect("duplicates", "last"); // JSON.parse
    dialect("base64", "lenient");  // Buffer.from
}

void Path::dialect(std::string field, std::string word) {
    gateway::put(dialect_, std::move(field), text(std::move(word), node_.mark));
}

void Path::drop(const std::string& option, const std::string& why, Mark at) {
    dropped_.push_back(text(plain_name(option + ": " + why), at));
}

void Path::any_issuer(bool required, bool strings_alone, Mark at) {
    say("issuer", "any", at);
    put("issuer_optional", flag(!required, at));
    if (!strings_alone) dialect("issuer_array", "accepted");
}

void Path::issuer(const Language& allowed, bool required, Mark at) {
    if (!allowed.unread.empty()) {
        any_issuer(required, false, at);
        return drop("issuer", allowed.unread, at);
    }
    put("issuer", list(allowed.members, at));
    put("issuer_optional", flag(!required, at));
    dialect("issuer_array", "refused");
}

void Path::audience(const Language& allowed, bool required, Mark at, bool string_only) {
    if (!allowed.unread.empty()) {
        say("audience", "any", at);
        return drop("audience", allowed.unread, at);
    }
    Node rule = object(at);
    gateway::put(rule, "any_of", list(allowed.members, at));
    if (!required) gateway::put(rule, "optional", flag(true, at));
    if (allowed.has_empty) gateway::put(rule, "empty_ok", flag(true, at));
    if (string_only) gateway::put(rule, "string_only", flag(true, at));
    put("audience", std::move(rule));
}

void Path::claim(const std::string& name, const Language& allowed, bool required, Mark at, const std::string& test,
                 const std::string& shape) {
    if (!allowed.unread.empty()) {
        if (required) require(name, at);
        return drop(name, allowed.unread, at);
    }
    const std::string path = policy::format_claim_path({name});
    const bool all = test == "has_all"; // of values alone
    if (all && std::any_of(allowed.members.begin(), allowed.members.end(),
                           [](const Node& member) { return member.kind == Kind::object; })) {
        if (required) require(name, at);
        return drop(name, "a value that the normal form cannot say", at);
    }
    if (claims_.find(path) != nullptr) return drop(name, "a second condition", at);
    Node rule = object(at);
    gateway::put(rule, test, list(allowed.members, at));
    if (!shape.empty()) gateway::put(rule, "shape", text(shape, at));
    if (!required) gateway::put(rule, "optional", flag(true, at));
    gateway::put(claims_, path, std::move(rule));
}

void Path::require(const std::string& claim, Mark at) {
    if (claim == "iss") return put("issuer_optional", flag(false, at));
    // Where exp is not looked at it may yet have to be there.
    if (claim == "exp" && text_of(node_.find("expiry")) != "unchecked") return say("expiry", "required", at);
    required_.push_back(text(policy::format_claim_path({claim}), at));
}

void Path::type(const Node& option) {
    const std::string& wanted = option.text;
    if (option.kind != Kind::string || is_placeholder(wanted) || !policy::is_media_type(wanted) || wanted == "any" ||
        wanted == "absent")
        return drop("typ", "what it must be is not read", option.mark);
    put("types", list({text(wanted, option.mark)}, option.mark));
}

Node Path::done() && {
    if (!required_.empty()) put("required", list(std::move(required_), node_.mark));
    if (!claims_.names.empty()) put("claims", std::move(claims_));
    put("dialect", std::move(dialect_));
    if (!dropped_.empty()) put("dropped", list(std::move(dropped_), node_.mark));
    return std::move(node_);
}

} // namespace jwtdomain::gateway::javascript
