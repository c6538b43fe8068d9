// How words of a list are varied. The buffers are made once.
// Internal: not installed.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace jwtdomain::crack {

constexpr std::size_t kLongestVaried = 64;

// What a word gives, one after the other. Holds no more than two of its forms at a time.
class Variations {
public:
    explicit Variations(std::string_view word);
    ~Variations();
    Variations(const Variations&) = delete;
    Variations& operator=(const Variations&) = delete;

    // Writes the next one to `out` and gives its size; 0 after the last.
    std::size_t next(char (&out)[2 * kLongestVaried]);

private:
    std::size_t form(std::size_t index, char* out) const;
    bool begin_form();
    std::string_view word_;
    std::size_t form_ = 0, end_ = 0;
    char now_[kLongestVaried];
};

// How many a word gives at most, itself among them.
std::size_t most_variations();

} // namespace jwtdomain::crack
