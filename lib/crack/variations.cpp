#include "jwtdomain/crack/variations.h"

#include <algorithm>
#include <cstring>

#include "jwtdomain/base/secret.h"

namespace jwtdomain::crack {
namespace {

constexpr std::size_t kForms = 5, kHashSize = 32; // as many octets as HS256 asks for
constexpr auto kEnds = std::to_array<std::string_view>(
    {"",   "1", "12", "123",  "1234", "12345", "123456", "0",    "01",   "!",    "1!",   "123!",
     "!!", "@", "#",  "2020", "2021", "2022",  "2023",   "2024", "2025", "2026", "2027", "\n"});

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

char disguised(char c) {
    constexpr std::string_view kPlain = "aeios", kDigits = "@310$";
    const std::size_t at = kPlain.find(c);
    return at == std::string_view::npos ? c : kDigits[at];
}

} // namespace

Variations::Variations(std::string_view word) : word_(word) { begin_form(); }

Variations::~Variations() { wipe(now_, sizeof now_); }

// The word in one of its forms.
std::size_t Variations::form(std::size_t index, char* out) const {
    for (std::size_t i = 0; i < word_.size(); ++i) {
        const char c = word_[i];
        switch (index) {
        case 0: out[i] = c; break;
        case 1: out[i] = small(c); break;
        case 2: out[i] = i == 0 ? capital(c) : small(c); break;
        case 3: out[i] = capital(c); break;
        default: out[i] = disguised(small(c)); break;
        }
    }
    return word_.size();
}

// Goes to the next form that is none of those before it.
bool Variations::begin_form() {
    end_ = 0;
    for (; form_ < kForms; ++form_) {
        form(form_, now_);
        bool is_new = true;
        char earlier[kLongestVaried];
        for (std::size_t i = 0; i < form_ && is_new; ++i) is_new = std::memcmp(earlier, now_, form(i, earlier)) != 0;
        wipe(earlier, sizeof earlier);
        if (is_new) return true;
    }
    return false;
}

std::size_t Variations::next(char (&out)[2 * kLongestVaried]) {
    const std::size_t size = word_.size();
    if (form_ < kForms && end_ == kEnds.size()) {
        ++form_;
        begin_form();
    }
    if (form_ < kForms) {
        std::memcpy(out, now_, size);
        const std::string_view end = kEnds[end_++];
        std::memcpy(out + size, end.data(), end.size());
        return size + end.size();
    }
    const std::size_t last = form_++ - kForms;
    if (last > 1) return 0;
    const std::size_t whole = last == 0 ? 2 * size : kHashSize;
    if (last == 1 && 2 * size >= kHashSize) return 0;
    for (std::size_t i = 0; i < whole; ++i) out[i] = word_[i % size];
    return whole;
}

std::size_t most_variations() { return kForms * kEnds.size() + 2; }

} // namespace jwtdomain::crack
