// Building text reports for people: 80 columns, colour where wanted, untrusted text escaped.
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain::cli {

enum class Tone { plain, good, bad, warning, faint, bold };

class TextReport {
public:
    explicit TextReport(bool color) : color_(color) {}

    // The verdict: one line, the first; if it is too long, the rest of it is indented.
    TextReport& headline(Tone tone, std::string_view verdict, std::string_view rest);
    // "  name      value", the value wrapped and escaped.
    TextReport& field(std::string_view name, std::string_view value);
    // As field, but its words are left whole, however long: paths are copied.
    TextReport& path(std::string_view name, std::string_view value);
    // "  code      text", in a wider column; both are escaped, the text is wrapped.
    TextReport& entry(Tone tone, std::string_view code, std::string_view text);
    // "  text", wrapped between its words; `text` is ours, or escaped by the caller.
    TextReport& line(std::string_view text, std::size_t indent = 2);
    // One line as it is; `text` is ours, or escaped by the caller.
    TextReport& verbatim(std::string_view text);
    // As it is, not wrapped: a command, a path, a line of a file.
    TextReport& raw_line(std::string_view text);
    TextReport& blank();
    TextReport& heading(std::string_view text);

    std::string paint(Tone tone, std::string_view text) const;
    std::string take() { return std::move(text_); }

private:
    void row(Tone tone, std::string_view name, std::size_t column, std::string_view value, bool whole_words);
    bool color_;
    std::string text_;
};

constexpr std::size_t kTextWidth = 80;

} // namespace jwtdomain::cli
