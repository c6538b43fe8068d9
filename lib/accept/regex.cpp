#include "jwtdomain/accept/regex.h"

#include "jwtdomain/accept/regex_class.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::accept::regex {
namespace {

constexpr unsigned kMaxDepth = 100; // of groups, since reading and building them recurs

using Kind = Node::Kind;
using Place = Result<std::uint32_t>; // of a node in the tree

class Parser {
public:
    explicit Parser(std::string_view expression) : text_(expression) {}

    Result<Tree> run() {
        if (const std::size_t bad = find_invalid_utf8(text_); bad != std::string_view::npos)
            return refuse(Fault::invalid, bad, "what is not UTF-8");
        if (const std::size_t nul = text_.find('\0'); nul != std::string_view::npos)
            return refuse(Fault::unsupported, nul, "a NUL, which ends the expression to some", "write \\x00");
        const Place root = choice(0);
        if (!root) return fail(root.error());
        if (at_ < text_.size()) return refuse(Fault::invalid, at_, "a ')' without '('");
        tree_.root = *root;
        return std::move(tree_);
    }

private:
    bool more() const { return at_ < text_.size(); }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool next_is(std::string_view text) const { return text_.substr(at_, text.size()) == text; }

    std::uint32_t add(Node node) {
        for (const std::uint32_t child : node.children) {
            node.has_begin = node.has_begin || tree_.nodes[child].has_begin;
            node.has_end = node.has_end || tree_.nodes[child].has_end;
        }
        tree_.nodes.push_back(std::move(node));
        return static_cast<std::uint32_t>(tree_.nodes.size() - 1);
    }
    Node node(Kind kind, std::size_t offset) const {
        return {.kind = kind, .column = static_cast<unsigned>(offset + 1)};
    }
    std::uint32_t add_set(const OctetClass& set, std::size_t offset) {
        Node made = node(set.negated ? Kind::character : Kind::octet, offset);
        made.set = set.set;
        return add(std::move(made));
    }

    Place choice(unsigned depth) {
        Node made = node(Kind::choice, at_);
        while (true) {
            const Place branch = sequence(depth);
            if (!branch) return branch;
            made.children.push_back(*branch);
            if (peek() != '|' || !more()) break;
            ++at_;
        }
        return made.children.size() == 1 ? made.children.front() : add(std::move(made));
    }

    Place sequence(unsigned depth) {
        Node made = node(Kind::sequence, at_);
        while (more() && peek() != '|' && peek() != ')') {
            const Place piece = quantified(depth);
            if (!piece) return piece;
            made.children.push_back(*piece);
        }
        return made.children.size() == 1 ? made.children.front() : add(std::move(made));
    }

    struct Bounds {
        unsigned least;
        std::optional<unsigned> most;
    };

    Place quantified(unsigned depth) {
        const std::size_t start = at_;
        const Place piece = atom(depth);
        if (!piece) return piece;
        const std::size_t mark = at_;
        const auto bounds = quantifier();
        if (!bounds) return fail(bounds.error());
        if (!*bounds) return piece;
        const Kind kind = tree_.nodes[*piece].kind;
        if (kind == Kind::begin || kind == Kind::end)
            return refuse(Fault::unsupported, mark, "the repetition of an anchor");
        if (peek() == '?')
            ++at_; // lazy: the same language
        else if (peek() == '+')
            return refuse(Fault::unsupported, mark, "a possessive repetition");
        if (more() && std::string_view("*+?{").find(peek()) != std::string_view::npos)
            return refuse(Fault::unsupported, at_, "the repetition of a repetition", "put (?: ) around the first");
        if ((*bounds)->most == 0u && (tree_.nodes[*piece].has_begin || tree_.nodes[*piece].has_end))
            return refuse(Fault::unsupported, mark, "an anchor in what is repeated no times", "take it out");
        Node made = node(Kind::repeat, start);
        made.children = {*piece};
        made.least = (*bounds)->least;
        made.most = (*bounds)->most;
        return add(std::move(made));
    }

    Result<std::optional<Bounds>> quantifier() {
        if (!more()) return std::nullopt;
        switch (peek()) {
        case '*': ++at_; return Bounds{0, std::nullopt};
        case '+': ++at_; return Bounds{1, std::nullopt};
        case '?': ++at_; return Bounds{0, 1};
        case '{': return braces();
        default: return std::nullopt;
        }
    }

    Result<std::optional<Bounds>> braces() {
        const std::size_t open = at_++;
        const auto literal = [&] {
            return refuse(Fault::unsupported, open, "a '{' that begins no {m}, {m,} or {m,n}", "write \\{");
        };
        Bounds bounds{};
        std::optional<unsigned> number = digits();
        if (!number) return literal();
        bounds.least = *number;
        bounds.most = number;
        if (peek() == ',') {
            ++at_;
            bounds.most = digits();
        }
        if (peek() != '}') return literal();
        ++at_;
        if (bounds.least > Automaton::kMaxRepeat || bounds.most.value_or(0) > Automaton::kMaxRepeat)
            return refuse(Fault::limit, open, "more than " + std::to_string(Automaton::kMaxRepeat) + " repetitions");
        if (bounds.most && *bounds.most < bounds.least)
            return refuse(Fault::invalid, open, "a repetition whose most is less than its least");
        return bounds;
    }

    // A number without leading zeros, which some take for literals; what is too large stays so.
    std::optional<unsigned> digits() {
        const std::size_t start = at_;
        unsigned value = 0;
        for (; peek() >= '0' && peek() <= '9'; ++at_) {
            value = value * 10 + static_cast<unsigned>(peek() - '0');
            if (value > Automaton::kMaxRepeat) value = Automaton::kMaxRepeat + 1;
        }
        if (at_ == start || (text_[start] == '0' && at_ > start + 1)) return std::nullopt;
        return value;
    }

    Place atom(unsigned depth) {
        const std::size_t start = at_;
        const char c = peek();
        switch (c) {
        case '(': return group(depth);
        case '[': {
            const auto set = parse_class(text_, at_);
            return set ? Place(add_set(*set, start)) : fail(set.error());
        }
        case '\\': {
            const auto set = parse_escape(text_, at_);
            return set ? Place(add_set(*set, start)) : fail(set.error());
        }
        case '.': ++at_; return add_set({.set = Automaton::Octets{}.set().reset('\n'), .negated = true}, start);
        case '^':
        case '$': {
            ++at_;
            Node made = node(c == '^' ? Kind::begin : Kind::end, start);
            (c == '^' ? made.has_begin : made.has_end) = true;
            return add(std::move(made));
        }
        case '*':
        case '+':
        case '?': return refuse(Fault::invalid, start, "nothing to repeat");
        case '{': return refuse(Fault::unsupported, start, "a '{' that begins no {m}, {m,} or {m,n}", "write \\{");
        default: return literal();
        }
    }

    // One character, which is repeated as a whole.
    Place literal() {
        Node made = node(Kind::sequence, at_);
        do {
            const OctetClass octet{.set = Automaton::Octets{}.set(static_cast<unsigned char>(peek()))};
            made.children.push_back(add_set(octet, at_++));
        } while ((static_cast<unsigned char>(peek()) & 0xc0) == 0x80);
        return made.children.size() == 1 ? made.children.front() : add(std::move(made));
    }

    Place group(unsigned depth) {
        const std::size_t open = at_;
        if (depth == kMaxDepth)
            return refuse(Fault::limit, open, "groups that nest deeper than " + std::to_string(kMaxDepth));
        if (next_is("(?:"))
            at_ += 3;
        else if (next_is("(?") || next_is("(*"))
            return refuse(Fault::unsupported, open, group_kind());
        else
            ++at_;
        Place inner = choice(depth + 1);
        if (!inner) return inner;
        if (!more()) return refuse(Fault::invalid, open, "a '(' without ')'");
        ++at_;
        return inner;
    }

    const char* group_kind() const {
        if (next_is("(*")) return "a verb";
        if (next_is("(?=") || next_is("(?!") || next_is("(?<=") || next_is("(?<!")) return "look-around";
        if (next_is("(?P") || next_is("(?<") || next_is("(?'")) return "a named group";
        if (next_is("(?>")) return "an atomic group";
        if (next_is("(?#")) return "a comment";
        return "flags, or another kind of group";
    }

    std::string_view text_;
    std::size_t at_ = 0;
    Tree tree_;
};

} // namespace

tl::unexpected<Error> refuse(Fault fault, std::size_t offset, const std::string& what, std::string hint) {
    const auto column = static_cast<unsigned>(offset + 1);
    std::string message = "the regular expression has " + what + " at column " + std::to_string(column);
    if (fault == Fault::unsupported) {
        message += ": not supported";
        if (hint.empty()) hint = "use what RE2, Go, PCRE and Java have in common, or another kind of pattern";
    }
    return fail(
        Error{.fault = fault, .message = std::move(message), .where = {{}, 0, column}, .hint = std::move(hint)});
}

Result<Tree> parse(std::string_view expression) { return Parser(expression).run(); }

} // namespace jwtdomain::accept::regex
