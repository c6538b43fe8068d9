#include "jwtdomain/gateway/nginx_text.h"

namespace jwtdomain::gateway::nginx {
namespace {

constexpr std::size_t kMostWords = 500'000, kDeepest = 32;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

class Parser {
public:
    Parser(std::string_view text, std::uint32_t source) : text_(text), source_(source) {
        if (text_.starts_with("\xef\xbb\xbf")) at_ = begin_ = 3;
    }

    Configuration parse() && {
        Configuration out;
        read_block(out.directives, 0);
        out.fault = std::move(fault_);
        out.fault_at = fault_at_;
        return out;
    }

private:
    bool done() const { return at_ >= text_.size(); }
    char next() const { return done() ? '\0' : text_[at_]; }
    Mark mark() const {
        return {.line = line_, .column = static_cast<std::uint32_t>(at_ - begin_) + 1, .source = source_};
    }

    void advance() {
        if (next() == '\n') {
            ++line_;
            begin_ = at_ + 1;
        }
        ++at_;
    }

    bool refuse(std::string why) {
        if (!fault_.empty()) return false;
        fault_ = std::move(why);
        fault_at_ = mark();
        return false;
    }

    void skip_space() {
        for (;;) {
            if (!done() && is_space(next())) {
                advance();
            } else if (next() == '#') {
                while (!done() && next() != '\n') advance();
            } else {
                return;
            }
        }
    }

    bool read_block(std::vector<Directive>& out, std::size_t depth) {
        if (depth > kDeepest) return refuse("blocks in blocks, too deep");
        for (;;) {
            skip_space();
            if (done()) return depth == 0 || refuse("a block without an end");
            if (next() == '}') {
                if (depth == 0) return refuse("the end of a block that has no beginning");
                advance();
                return true;
            }
            Directive directive;
            const bool whole = read_directive(directive, depth);
            if (!directive.words.empty()) out.push_back(std::move(directive));
            if (!whole) return false;
        }
    }

    // What there is of it, if it has no end.
    bool read_directive(Directive& directive, std::size_t depth) {
        for (;;) {
            skip_space();
            if (done()) return refuse("a directive without an end");
            if (next() == ';') {
                if (directive.words.empty()) return refuse("a directive without a name");
                advance();
                return true;
            }
            if (next() == '{') {
                if (directive.words.empty()) return refuse("a block without a name");
                advance();
                directive.has_block = true;
                const bool code = directive.name().ends_with("_by_lua_block");
                return code ? skip_code() : read_block(directive.block, depth + 1);
            }
            if (next() == '}') return refuse("a directive without an end");
            if (++words_ > kMostWords) return refuse("more words than are read here");
            if (!read_word(directive.words)) return false;
        }
    }

    // Of another language, in which braces come in pairs.
    bool skip_code() {
        for (std::size_t open = 1; open > 0; advance()) {
            if (done()) return refuse("a block without an end");
            open += next() == '{' ? 1 : 0;
            open -= next() == '}' ? 1 : 0;
        }
        return true;
    }

    bool read_word(std::vector<Node>& out) {
        const Mark at = mark();
        std::string word;
        const char quote = next() == '"' || next() == '\'' ? next() : '\0';
        if (quote != '\0') advance();
        for (bool variable = false;; variable = false) {
            if (done()) return refuse("a word without an end");
            const char c = next();
            if (quote != '\0' ? c == quote : is_space(c) || c == ';' || c == '{') {
                if (quote != '\0') advance();
                break;
            }
            variable = c == '$';
            if (c == '\\' && at_ + 1 < text_.size()) {
                advance();
                read_escape(word);
                continue;
            }
            word += c;
            advance();
            if (variable && next() == '{') { // "${name}" begins no block
                word += '{';
                advance();
            }
        }
        if (quote != '\0' && !done() && !is_space(next()) && next() != ';' && next() != '{' && next() != ')')
            return refuse("something stands behind a word in quotes");
        out.push_back(text(std::move(word), at));
        return true;
    }

    // All others stay as they are, for regular expressions.
    void read_escape(std::string& word) {
        const char c = next();
        switch (c) {
        case 't': word += '\t'; break;
        case 'r': word += '\r'; break;
        case 'n': word += '\n'; break;
        case '"':
        case '\'':
        case '\\': word += c; break;
        default: word += {'\\', c}; break;
        }
        advance();
    }

    std::string_view text_;
    std::uint32_t source_;
    std::size_t at_ = 0, begin_ = 0, words_ = 0;
    std::uint32_t line_ = 1;
    std::string fault_ = {};
    Mark fault_at_ = {};
};

} // namespace

Configuration parse(std::string_view text, std::uint32_t source) { return Parser(text, source).parse(); }

} // namespace jwtdomain::gateway::nginx
