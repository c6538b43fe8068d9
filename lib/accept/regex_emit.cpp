// From the trees of regular expressions to states, after Thompson: every part leads from a state to a new one.
#include "jwtdomain/accept/automaton_builder.h"
#include "jwtdomain/accept/regex.h"

namespace jwtdomain::accept {
namespace {

using regex::Node;
using Octets = Automaton::Octets;
using Kind = Node::Kind;

constexpr std::size_t kMaxParts = 16 * Automaton::kMaxStates; // repetitions of nothing make no states, but take time

// Which ends of the whole expression a part touches: there anchors have a meaning.
struct Ends {
    bool first = false, last = false;
};

class Emitter {
public:
    Emitter(AutomatonBuilder& builder, const regex::Tree& tree) : builder_(builder), nodes_(tree.nodes) {
        anywhere_ = builder.add();
        builder.empty(builder.start(), anywhere_);
        builder.loop(anywhere_);
        rest_ = builder.add();
        builder.loop(rest_);
        builder.accept(rest_);
    }

    Status run(std::uint32_t root) {
        if (Status status = emit(root, builder_.start(), {.first = true, .last = true}); !status) return status;
        if (parts_ > kMaxParts) return fail(Fault::limit, "the regular expression repeats too much");
        return {};
    }

private:
    using To = Result<std::uint32_t>;

    // An expression that is not anchored may begin anywhere and be followed by anything. So may a branch of it: the
    // part at the beginning leads from the start only where it has a ^, and the part at the end leads to `rest_` unless
    // it has a $.
    Status emit(std::uint32_t index, std::uint32_t from, Ends ends) {
        const To to = part(index, from, ends);
        if (!to) return fail(to.error());
        return {};
    }

    To part(std::uint32_t index, std::uint32_t from, Ends ends) {
        const Node& node = nodes_[index];
        if (++parts_ > kMaxParts || builder_.full()) return from;
        if (ends.first && !node.has_begin) {
            from = anywhere_;
            ends.first = false;
        }
        if (ends.last && !node.has_end) {
            const To to = part(index, from, {.first = ends.first});
            if (to) builder_.empty(*to, rest_);
            return to;
        }
        switch (node.kind) {
        case Kind::octet: return builder_.step(from, node.set);
        case Kind::character: return character(node, from);
        case Kind::sequence: return sequence(node, from, ends);
        case Kind::choice: return choice(node, from, ends);
        case Kind::repeat: return repeat(node, from, ends);
        case Kind::begin:
            if (!ends.first) return regex::refuse(Fault::unsupported, node.column - 1, "a ^ after something");
            return from;
        case Kind::end:
            if (!ends.last) return regex::refuse(Fault::unsupported, node.column - 1, "a $ before something");
            return end(from);
        }
        return from;
    }

    To character(const Node& node, std::uint32_t from) {
        const std::uint32_t to = builder_.step(from, node.set);
        Octets continuation;
        for (unsigned octet = 0x80; octet <= 0xbf; ++octet) continuation.set(octet);
        builder_.edge(to, continuation, to);
        return to;
    }

    To sequence(const Node& node, std::uint32_t from, Ends ends) {
        const std::size_t count = node.children.size();
        std::size_t last = count; // the first $ of those at the end, otherwise the last part
        while (last > 0 && nodes_[node.children[last - 1]].kind == Kind::end) --last;
        if (last == count && count > 0) --last;
        bool first = ends.first; // up to here there are only ^
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint32_t child = node.children[i];
            const bool is_begin = nodes_[child].kind == Kind::begin;
            const To to = part(child, from, {.first = first && (i == 0 || is_begin), .last = ends.last && i >= last});
            if (!to) return to;
            first = first && is_begin;
            from = *to;
        }
        return from;
    }

    To choice(const Node& node, std::uint32_t from, Ends ends) {
        const std::uint32_t join = builder_.add();
        for (const std::uint32_t child : node.children) {
            const To to = part(child, from, ends);
            if (!to) return to;
            builder_.empty(*to, join);
        }
        return join;
    }

    To repeat(const Node& node, std::uint32_t from, Ends ends) {
        const std::uint32_t child = node.children.front();
        if (node.least == 1 && node.most == 1u) return part(child, from, ends);
        if (node.least == 0 && node.most == 1u) return optional(child, from, ends);
        for (unsigned i = 0; i < node.least && !stopped(); ++i) {
            const To to = part(child, from, {});
            if (!to) return to;
            from = *to;
        }
        if (!node.most) return star(child, from);
        if (*node.most == node.least) return from;
        const std::uint32_t join = builder_.add();
        for (unsigned i = node.least; i < *node.most && !stopped(); ++i) {
            builder_.empty(from, join);
            const To to = part(child, from, {});
            if (!to) return to;
            from = *to;
        }
        builder_.empty(from, join);
        return join;
    }

    // A part or nothing, each as a branch of its own: (^a)?b is ^ab or b anywhere.
    To optional(std::uint32_t child, std::uint32_t from, Ends ends) {
        const std::uint32_t join = builder_.add();
        const To to = part(child, from, ends);
        if (!to) return to;
        builder_.empty(ends.first ? anywhere_ : from, join);
        if (ends.last)
            builder_.empty(join, rest_); // and not from the part, which has a $
        else
            builder_.empty(*to, join);
        return join;
    }

    To star(std::uint32_t child, std::uint32_t from) {
        const std::uint32_t circle = builder_.add();
        builder_.empty(from, circle);
        const To to = part(child, circle, {});
        if (!to) return to;
        builder_.empty(*to, circle);
        const std::uint32_t out = builder_.add();
        builder_.empty(circle, out);
        return out;
    }

    // The end of the text, or a line terminator that ends it: \n, \r, \r\n, U+0085, U+2028, U+2029.
    std::uint32_t end(std::uint32_t from) {
        if (end_ == 0) {
            end_ = builder_.add();
            const std::uint32_t over = builder_.add();
            builder_.accept(end_);
            builder_.accept(over);
            const auto octets = [](std::string_view text) {
                Octets out;
                for (const char c : text) out.set(static_cast<unsigned char>(c));
                return out;
            };
            builder_.edge(end_, octets("\n\r"), over);
            builder_.edge(builder_.text(end_, "\r"), octets("\n"), over);
            builder_.edge(builder_.text(end_, "\xc2"), octets("\x85"), over);
            builder_.edge(builder_.text(end_, "\xe2\x80"), octets("\xa8\xa9"), over);
        }
        builder_.empty(from, end_);
        return end_;
    }

    bool stopped() const { return builder_.full() || parts_ > kMaxParts; }

    AutomatonBuilder& builder_;
    const std::vector<Node>& nodes_;
    std::uint32_t anywhere_ = 0; // any octets before a match
    std::uint32_t rest_ = 0;     // any octets after it
    std::uint32_t end_ = 0;      // of the text; made when it is needed
    std::size_t parts_ = 0;
};

} // namespace

Status AutomatonBuilder::regex(std::string_view expression) {
    const Result<regex::Tree> tree = regex::parse(expression);
    if (!tree) return fail(tree.error());
    return Emitter(*this, *tree).run(tree->root);
}

} // namespace jwtdomain::accept
