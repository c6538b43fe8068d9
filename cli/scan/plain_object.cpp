#include "cli/scan/plain_object.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace jwtdomain::cli {
namespace {

class PlainReader {
public:
    explicit PlainReader(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

    bool object_alone() { return at_ != end_ && *at_ == '{' && value(0) && at_ == end_; }

private:
    static constexpr unsigned kDeepest = 16;

    bool take(char c) {
        if (at_ == end_ || *at_ != c) return false;
        ++at_;
        return true;
    }

    bool word(std::string_view text) {
        if (static_cast<std::size_t>(end_ - at_) < text.size() || std::string_view(at_, text.size()) != text)
            return false;
        at_ += text.size();
        return true;
    }

    bool string(std::string_view& out) {
        if (!take('"')) return false;
        const char* const begin = at_;
        while (at_ != end_ && *at_ >= 0x20 && *at_ < 0x7f && *at_ != '"' && *at_ != '\\') ++at_;
        out = {begin, static_cast<std::size_t>(at_ - begin)};
        return take('"');
    }

    bool number() {
        constexpr std::ptrdiff_t kMost = 18; // fit into 64 bits
        const bool negative = take('-');
        const char* const begin = at_;
        while (at_ != end_ && *at_ >= '0' && *at_ <= '9') ++at_;
        const std::ptrdiff_t digits = at_ - begin;
        if (digits == 0 || digits > kMost || (*begin == '0' && (digits > 1 || negative))) return false;
        return at_ == end_ || (*at_ != '.' && *at_ != 'e' && *at_ != 'E');
    }

    bool value(unsigned depth) {
        if (at_ == end_) return false;
        std::string_view text;
        switch (*at_) {
        case '"': return string(text);
        case '{': return members(depth + 1);
        case '[': return elements(depth + 1);
        case 't': return word("true");
        case 'f': return word("false");
        case 'n': return word("null");
        default: return number();
        }
    }

    bool members(unsigned depth) {
        constexpr std::size_t kMost = 48; // each name is held beside all others
        std::array<std::string_view, kMost> names;
        std::size_t count = 0;
        if (depth > kDeepest || !take('{')) return false;
        if (take('}')) return true;
        do {
            if (count == kMost || !string(names[count])) return false;
            if (std::find(names.begin(), names.begin() + count, names[count]) != names.begin() + count) return false;
            ++count;
            if (!take(':') || !value(depth)) return false;
        } while (take(','));
        return take('}');
    }

    bool elements(unsigned depth) {
        if (depth > kDeepest || !take('[')) return false;
        if (take(']')) return true;
        do {
            if (!value(depth)) return false;
        } while (take(','));
        return take(']');
    }

    const char* at_;
    const char* end_;
};

} // namespace

bool is_plain_object(std::string_view text) { return PlainReader(text).object_alone(); }

} // namespace jwtdomain::cli
