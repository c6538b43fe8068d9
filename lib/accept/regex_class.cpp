#include "jwtdomain/accept/regex_class.h"

#include <optional>

#include "jwtdomain/accept/regex.h"

namespace jwtdomain::accept::regex {
namespace {

using Octets = Automaton::Octets;

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

OctetClass literal(char c) { return {.set = Octets{}.set(static_cast<unsigned char>(c)), .single = true}; }

Octets range(unsigned char first, unsigned char last) {
    Octets out;
    for (unsigned octet = first; octet <= last; ++octet) out.set(octet);
    return out;
}

Octets octets_of(std::string_view text) {
    Octets out;
    for (const char c : text) out.set(static_cast<unsigned char>(c));
    return out;
}

std::optional<unsigned> hex_digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    return std::nullopt;
}

Result<OctetClass> parse_hex(std::string_view expression, std::size_t backslash, std::size_t& at) {
    const auto digit = [&](std::size_t place) {
        return place < expression.size() ? hex_digit(expression[place]) : std::nullopt;
    };
    const auto high = digit(at), low = digit(at + 1);
    if (!high || !low)
        return refuse(Fault::unsupported, backslash, "\\x without two hexadecimal digits", "write \\xHH");
    at += 2;
    const unsigned octet = *high * 16 + *low;
    if (octet >= 0x80)
        return refuse(Fault::unsupported, backslash, "an octet to some and a character to others, from \\x80 on",
                      "write the character itself");
    return literal(static_cast<char>(octet));
}

// \d \w \s and their negations, as ASCII classes.
std::optional<OctetClass> named_class(char name, bool excluding) {
    const bool negated = name == 'D' || name == 'W' || name == 'S';
    Octets set;
    switch (name) {
    case 'd':
    case 'D': set = range('0', '9'); break;
    case 'w':
    case 'W': set = range('0', '9') | range('A', 'Z') | range('a', 'z') | octets_of("_"); break;
    case 's':
    case 'S':
        set = octets_of("\t\n\f\r ");
        // A vertical tab is white space to PCRE and Java, not to RE2: it is in both classes, and in neither negation.
        if ((name == 's') != excluding) set.set('\v');
        break;
    default: return std::nullopt;
    }
    return OctetClass{.set = negated ? ~set : set, .negated = negated};
}

const char* unsupported_escape(char c) {
    if (c >= '1' && c <= '9') return "a back-reference";
    switch (c) {
    case '0': return "an octal number";
    case 'b':
    case 'B': return "a word boundary";
    case 'A':
    case 'z':
    case 'Z':
    case 'G': return "an anchor other than ^ and $";
    case 'p':
    case 'P': return "a Unicode class";
    case 'k':
    case 'g': return "a back-reference";
    case 'Q':
    case 'E': return "a quotation";
    default: return "an escape that dialects do not share";
    }
}

} // namespace

Result<OctetClass> parse_escape(std::string_view expression, std::size_t& at, bool excluding) {
    const std::size_t backslash = at++;
    if (at == expression.size()) return refuse(Fault::invalid, backslash, "a backslash with nothing after it");
    const char c = expression[at++];
    if (auto named = named_class(c, excluding)) return *named;
    switch (c) {
    case 'n': return literal('\n');
    case 't': return literal('\t');
    case 'r': return literal('\r');
    case 'f': return literal('\f');
    case 'x': return parse_hex(expression, backslash, at);
    default: break;
    }
    const bool letter_or_digit = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (letter_or_digit) return refuse(Fault::unsupported, backslash, unsupported_escape(c));
    if (c < ' ' || c > '~') // also every octet beyond ASCII, where char is signed
        return refuse(Fault::unsupported, backslash, "a backslash before what is not printable ASCII");
    return literal(c);
}

namespace {

class ClassParser {
public:
    ClassParser(std::string_view expression, std::size_t at) : text_(expression), open_(at), at_(at + 1) {}

    Result<OctetClass> run(std::size_t& end) {
        if (peek() == '^') {
            negated_ = true;
            ++at_;
        }
        if (peek() == ']')
            return refuse(Fault::unsupported, at_, "a ']' first in a class, which dialects read differently",
                          "write \\]");
        while (at_ < text_.size() && text_[at_] != ']') {
            if (Status status = item(); !status) return fail(status.error());
        }
        if (at_ == text_.size()) return refuse(Fault::invalid, open_, "a '[' without ']'");
        end = at_ + 1;
        return OctetClass{.set = negated_ ? ~set_ : set_, .negated = negated_ != holds_negated_};
    }

private:
    int peek(std::size_t ahead = 0) const {
        return at_ + ahead < text_.size() ? static_cast<unsigned char>(text_[at_ + ahead]) : -1;
    }

    Result<OctetClass> member() {
        const char c = text_[at_];
        if (is_beyond_ascii(c)) return refuse(Fault::unsupported, at_, "a class with a member beyond ASCII");
        if (c == '\\') return parse_escape(text_, at_, negated_);
        if (c == '[')
            return refuse(Fault::unsupported, at_, "a '[' in a class, which dialects read differently", "write \\[");
        if (peek(1) == c && (c == '&' || c == '-'))
            return refuse(Fault::unsupported, at_, "an operation on classes, which dialects read differently",
                          "put a backslash before each");
        ++at_;
        return literal(c);
    }

    // One member, or a range.
    Status item() {
        const std::size_t start = at_;
        const bool edge = start == open_ + (negated_ ? 2u : 1u) || peek(1) == ']';
        if (text_[at_] == '-' && !edge)
            return refuse(Fault::unsupported, at_, "a '-' in the middle of a class", "write \\-, or put it last");
        auto first = member();
        if (!first) return fail(first.error());
        if (peek() != '-' || peek(1) == ']' || peek(1) < 0 || text_[start] == '-') return add(*first);
        ++at_;
        auto last = member();
        if (!last) return fail(last.error());
        if (!first->single || !last->single)
            return refuse(Fault::unsupported, start, "a range that begins or ends with a class");
        const auto low = static_cast<unsigned char>(first->set._Find_first());
        const auto high = static_cast<unsigned char>(last->set._Find_first());
        if (low > high) return refuse(Fault::invalid, start, "a range whose end comes before its beginning");
        set_ |= range(low, high);
        return {};
    }

    Status add(const OctetClass& member) {
        holds_negated_ = holds_negated_ || member.negated;
        set_ |= member.set;
        return {};
    }

    std::string_view text_;
    std::size_t open_, at_;
    Octets set_;
    bool negated_ = false, holds_negated_ = false;
};

} // namespace

Result<OctetClass> parse_class(std::string_view expression, std::size_t& at) {
    return ClassParser(expression, at).run(at);
}

} // namespace jwtdomain::accept::regex
