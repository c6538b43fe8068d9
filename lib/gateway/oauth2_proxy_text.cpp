// The .cfg file of oauth2-proxy: TOML of which it knows no tables. A value that a template puts in ({{ x }}) is a text
// that is not known.
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/oauth2_proxy.h"

namespace jwtdomain::gateway::oauth2_proxy {
namespace {

using document::Kind;

constexpr std::size_t kMostSettings = 1000;

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_bare(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

class Reader {
public:
    Reader(std::string_view text, std::uint32_t source) : text_(text), source_(source) {
        if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
    }

    Settings read() {
        Settings out{.node = object(mark())};
        while (skip_space(true), fault_.empty() && !done()) read_setting(out.node);
        out.fault = std::move(fault_);
        out.at = fault_at_;
        return out;
    }

private:
    bool done() const { return at_ >= text_.size(); }
    char next() const { return done() ? '\0' : text_[at_]; }
    bool begins(std::string_view with) const { return text_.substr(at_).starts_with(with); }
    Mark mark() const {
        return {.line = line_, .column = static_cast<std::uint32_t>(at_ - begin_ + 1), .source = source_};
    }

    void advance(std::size_t count = 1) {
        for (; count > 0 && !done(); --count, ++at_) {
            if (text_[at_] != '\n') continue;
            ++line_;
            begin_ = at_ + 1;
        }
    }

    void refuse(std::string why) {
        if (!fault_.empty()) return;
        fault_ = std::move(why);
        fault_at_ = mark();
    }

    // Blanks and comments; `lines`: the ends of lines, too.
    void skip_space(bool lines) {
        for (;;) {
            if (is_blank(next()) || next() == '\r' || (lines && next() == '\n')) {
                advance();
            } else if (next() == '#') {
                while (!done() && next() != '\n') advance();
            } else {
                return;
            }
        }
    }

    void read_setting(Node& out) {
        const Mark at = mark();
        std::string name;
        while (is_bare(next())) {
            name += next();
            advance();
        }
        if (name.empty()) return refuse("a line that is no setting");
        skip_space(false);
        if (next() != '=') return refuse("a line that is no setting");
        advance();
        skip_space(false);
        Node value = read_value(0);
        skip_space(false);
        if (!done() && next() != '\n') return refuse("something stands behind a value");
        name = lower_case(name);
        if (out.names.size() > kMostSettings) return refuse("more settings than there are");
        if (out.find(name) != nullptr) {
            fault_ = fault_.empty() ? "a setting stands twice" : fault_;
            fault_at_ = at;
            return;
        }
        out.names.push_back({std::move(name), at});
        out.elements.push_back(std::move(value));
    }

    Node read_value(unsigned depth) {
        const Mark at = mark();
        if (next() == '[') return read_list(depth, at);
        if (begins("\"\"\"") || begins("'''")) return read_long_text(at);
        if (next() == '"' || next() == '\'') return read_text(at);
        if (begins("{{")) return read_template(at);
        std::string word;
        while (is_bare(next()) || next() == '+' || next() == '.' || next() == ':') {
            word += next();
            advance();
        }
        if (word == "true" || word == "false") return flag(word == "true", at);
        const bool digits = word.find_first_not_of("0123456789") == word.npos && !word.empty() && word.size() < 18;
        if (digits) return {.kind = Kind::integer, .mark = at, .integer = std::stoll(word), .text = word};
        if (word.empty() || word.find_first_of("0123456789") != 0) refuse("a value that is not read here");
        return {.kind = Kind::null, .mark = at}; // a date, or a number of another form: nothing here has one
    }

    Node read_list(unsigned depth, Mark at) {
        Node out = list({}, at);
        if (depth > 8) {
            refuse("lists in lists");
            return out;
        }
        advance();
        for (skip_space(true); next() != ']'; skip_space(true)) {
            if (done() || !fault_.empty()) {
                refuse("a list without an end");
                return out;
            }
            out.elements.push_back(read_value(depth + 1));
            skip_space(true);
            if (next() == ',')
                advance();
            else if (next() != ']')
                refuse(done() ? "a list without an end" : "a list without commas");
        }
        advance();
        return out;
    }

    Node read_template(Mark at) {
        const std::size_t end = text_.find("}}", at_), line = text_.find('\n', at_);
        if (end == text_.npos || end > line) {
            refuse("a template without an end");
            return text({}, at);
        }
        std::string out(text_.substr(at_, end + 2 - at_));
        advance(out.size());
        return text(std::move(out), at);
    }

    Node read_text(Mark at) {
        const char quote = next();
        advance();
        std::string out;
        while (next() != quote) {
            if (done() || next() == '\n') {
                refuse("a text without an end");
                break;
            }
            if (next() == '\\' && quote == '"') {
                read_escape(out);
            } else {
                out += next();
                advance();
            }
        }
        advance();
        return text(std::move(out), at);
    }

    Node read_long_text(Mark at) {
        const std::string_view quotes = text_.substr(at_, 3);
        advance(3);
        const std::size_t end = text_.find(quotes, at_);
        if (end == text_.npos) {
            refuse("a text without an end");
            return text({}, at);
        }
        std::string out(text_.substr(at_, end - at_));
        if (out.find('\\') != out.npos && quotes.front() == '"') refuse("a text of several lines with escapes");
        if (out.starts_with("\n")) out.erase(0, 1);
        advance(end - at_ + 3);
        return text(std::move(out), at);
    }

    void read_escape(std::string& out) {
        constexpr std::string_view kNames = "btnfr\"\\", kValues = "\b\t\n\f\r\"\\";
        advance();
        const std::size_t known = done() ? kNames.npos : kNames.find(next());
        if (known == kNames.npos) return refuse("an escape that is not read here"); // \u, which no name needs
        out += kValues[known];
        advance();
    }

    std::string_view text_;
    std::uint32_t source_;
    std::size_t at_ = 0, begin_ = 0;
    std::uint32_t line_ = 1;
    std::string fault_ = {};
    Mark fault_at_ = {};
};

} // namespace

Settings settings_of(std::string_view text, std::uint32_t source) { return Reader(text, source).read(); }

} // namespace jwtdomain::gateway::oauth2_proxy
