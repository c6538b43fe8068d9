#include "jwtdomain/gateway/haproxy_text.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/digits.h"
#include "jwtdomain/base/escape.h"

namespace jwtdomain::gateway::haproxy {
namespace {

using document::Mark;

constexpr std::array<std::string_view, 17> kSections = {
    "global", "defaults", "frontend",    "backend", "listen",      "peers",    "resolvers", "userlist", "mailers",
    "cache",  "program",  "http-errors", "ring",    "log-forward", "fcgi-app", "crt-store", "traces"};

bool is_one_of(std::string_view word, std::span<const std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Reads one line. In single quotes all is as written; a variable of the environment is only one in double quotes.
class LineReader {
public:
    LineReader(std::string_view text, Mark at) : text_(text), mark_(at) {}

    Line read() {
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (quote_ != 0 && c == quote_)
                quote_ = 0;
            else if (quote_ == 0 && (c == '"' || c == '\''))
                begin(), quote_ = c;
            else if (quote_ == 0 && (c == ' ' || c == '\t' || c == '\r'))
                end();
            else if (quote_ == 0 && c == '#')
                break;
            else
                add(c);
        }
        end();
        return std::move(words_);
    }

private:
    void begin() {
        if (open_) return;
        open_ = true;
        Mark mark = mark_;
        mark.column = static_cast<std::uint32_t>(at_ + 1);
        words_.push_back({.text = {}, .mark = mark});
    }
    // What no message can have in it is not known either.
    void end() {
        if (open_ && (find_invalid_utf8(words_.back().text) != std::string_view::npos ||
                      words_.back().text.find('\0') != std::string::npos)) {
            words_.back().text = "?";
            words_.back().elsewhere = true;
        }
        open_ = false;
    }

    void add(char c) {
        begin();
        if (c == '\\' && quote_ != '\'') return escaped();
        const bool variable = c == '$' && quote_ == '"';
        if (variable || c == kElsewhere) words_.back().elsewhere = true;
        words_.back().text += variable ? kElsewhere : c;
    }

    void escaped() {
        std::string& out = words_.back().text;
        const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
        constexpr std::string_view kPlain = " #\\\"'$";
        constexpr std::string_view kNamed = "nrt", kMeant = "\n\r\t";
        if (next != '\0' && kPlain.find(next) != std::string_view::npos && (next != '$' || quote_ == '"')) {
            out += next;
            ++at_;
        } else if (next != '\0' && kNamed.find(next) != std::string_view::npos) {
            out += kMeant[kNamed.find(next)];
            ++at_;
        } else if (next == 'x' && at_ + 3 < text_.size() && hex_digit(text_[at_ + 2]) >= 0 &&
                   hex_digit(text_[at_ + 3]) >= 0) {
            out += static_cast<char>(hex_digit(text_[at_ + 2]) * 16 + hex_digit(text_[at_ + 3]));
            at_ += 3;
        } else {
            out += '\\';
        }
    }

    std::string_view text_;
    Mark mark_;
    std::size_t at_ = 0;
    char quote_ = 0;
    bool open_ = false;
    Line words_;
};

Section section_of(const Line& line) {
    Section out{.kind = line.front().text, .name = {}, .from = {}, .mark = line.front().mark};
    if (line.size() > 1 && line[1].text != "from") out.name = line[1].text;
    for (std::size_t i = 1; i + 1 < line.size(); ++i) {
        if (line[i].text == "from") out.from = line[i + 1].text;
    }
    return out;
}

bool begins_well(const Line& line) {
    const std::string& kind = line.front().text;
    if (kind == "global") return line.size() == 1;
    const bool named = kind == "frontend" || kind == "backend" || kind == "listen";
    return line.size() <= (kind == "defaults" ? 4 : 5) && (!named || line.size() > 1);
}

void add_line(Line line, Configuration& out) {
    const std::string& first = line.front().text;
    if (first == ".if" || first == ".elif" || first == ".else" || first == ".endif") {
        out.conditional = true;
    } else if (is_one_of(first, kSections)) {
        out.plausible = out.plausible && begins_well(line);
        out.sections.push_back(section_of(line));
    } else if (first.starts_with('.')) { // .notice and its like only print
        return;
    } else if (out.sections.empty()) {
        out.plausible = false;
    } else {
        out.sections.back().lines.push_back(std::move(line));
    }
}

void read_source(std::string_view text, std::uint32_t source, Configuration& out) {
    std::uint32_t number = 1;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        Line line = LineReader(text.substr(0, end), {.line = number++, .column = 1, .source = source}).read();
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty()) add_line(std::move(line), out);
    }
}

} // namespace

Configuration read_text(std::span<const Source> sources) {
    Configuration out;
    for (std::size_t i = 0; i < sources.size(); ++i) read_source(sources[i].text, static_cast<std::uint32_t>(i), out);
    return out;
}

} // namespace jwtdomain::gateway::haproxy
