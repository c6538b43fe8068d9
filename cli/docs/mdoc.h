// Writing mdoc(7): a line a macro, a sentence a line, everything escaped.
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain::cli {

class Mdoc {
public:
    // ".Dt JWTDOMAIN 1"; `arguments` is mdoc already.
    Mdoc& macro(std::string_view name, std::string_view arguments = {});
    // Paragraphs, separated by empty lines; `code` in backquotes becomes bold.
    Mdoc& text(std::string_view paragraphs);
    // A display of lines as they are.
    Mdoc& literal(std::string_view lines);
    std::string take() { return std::move(text_); }

private:
    void sentence(std::string_view text);
    std::string text_;
};

// An argument of a macro: escaped, in quotes where it must be.
std::string mdoc_word(std::string_view word);

} // namespace jwtdomain::cli
