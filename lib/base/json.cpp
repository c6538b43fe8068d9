#include "jwtdomain/base/json.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "jwtdomain/base/digits.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::json {
namespace {

constexpr std::size_t kMaxText = 1u << 30; // offsets are 32 bits
constexpr std::size_t kFewNames = 16;
constexpr std::uint64_t kOnes = 0x0101010101010101u;
constexpr std::uint64_t kTops = 0x8080808080808080u;

constexpr std::uint64_t has_zero_octet(std::uint64_t word) { return (word - kOnes) & ~word & kTops; }

// Nonzero if one of eight octets ends the plain run of a string: '"', '\\', a control, or not ASCII.
std::uint64_t ends_plain_run(const char* p) {
    std::uint64_t word;
    std::memcpy(&word, p, sizeof word);
    const std::uint64_t control = (word - kOnes * 0x20) & ~word & kTops;
    return control | has_zero_octet(word ^ (kOnes * '"')) | has_zero_octet(word ^ (kOnes * '\\')) | (word & kTops);
}

// Moves `p` over octets that need no look: at least all but the last few before `end`.
void skip_plain(const char*& p, const char* end) {
#if defined(__SSE2__)
    while (end - p >= 16) {
        const __m128i octets = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));
        // Signed comparison: octets above 127 are below ' ' as well.
        const __m128i special = _mm_or_si128(
            _mm_cmplt_epi8(octets, _mm_set1_epi8(' ')),
            _mm_or_si128(_mm_cmpeq_epi8(octets, _mm_set1_epi8('"')), _mm_cmpeq_epi8(octets, _mm_set1_epi8('\\'))));
        const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special));
        if (mask != 0) {
            p += __builtin_ctz(mask);
            return;
        }
        p += 16;
    }
#endif
    while (end - p >= 8) {
        const std::uint64_t ends = ends_plain_run(p);
        if (ends != 0) {
            // The lowest mark is exact; those above it may come from a borrow.
            if constexpr (std::endian::native == std::endian::little) p += __builtin_ctzll(ends) / 8;
            return;
        }
        p += 8;
    }
}

} // namespace

class Document::Parser {
public:
    Parser(Document& document, const Limits& limits)
        : d_(document), limits_(limits), begin_(document.text_.data()), p_(begin_),
          end_(begin_ + document.text_.size()) {}

    Problem run() {
        skip_space();
        if (!value(0)) return problem_;
        skip_space();
        if (p_ != end_) stop(Defect::trailing_data, p_, "the end of the text");
        return problem_;
    }

private:
    bool stop(Defect defect, const char* at, const char* expected) {
        problem_ = {.defect = defect, .offset = static_cast<std::size_t>(at - begin_), .expected = expected};
        return false;
    }

    std::uint32_t here() const { return static_cast<std::uint32_t>(p_ - begin_); }

    void skip_space() {
        const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
        while (p_ != end_ && *p_ <= ' ' && is_space(*p_)) ++p_; // one comparison where there is none, as in tokens
    }

    // An array or object, whose end is not known yet. Gives its index.
    std::size_t open(Kind kind) {
        d_.nodes_.emplace_back(kind, here());
        return d_.nodes_.size() - 1;
    }

    void close(std::size_t index, std::uint32_t count) {
        Node& node = d_.nodes_[index];
        node.count = count;
        node.stop = here();
        node.next = static_cast<std::uint32_t>(d_.nodes_.size());
    }

    // A value that holds no others, from `start` to here. `begin` and `end` are where its text is.
    Node& leaf(Kind kind, const char* start, std::uint32_t begin, std::uint32_t end) {
        Node& node = d_.nodes_.emplace_back(kind, static_cast<std::uint32_t>(start - begin_));
        node.begin = begin;
        node.end = end;
        node.stop = here();
        node.next = static_cast<std::uint32_t>(d_.nodes_.size());
        return node;
    }

    bool value(std::size_t depth) {
        if (p_ == end_) return stop(Defect::syntax, p_, "a value");
        if (d_.nodes_.size() >= limits_.values) return stop(Defect::too_large, p_, "fewer values");
        switch (*p_) {
        case '{': return object(depth);
        case '[': return array(depth);
        case '"': return string();
        case 't': return word("true", Kind::boolean, true);
        case 'f': return word("false", Kind::boolean, false);
        case 'n': return word("null", Kind::null, false);
        default: return number();
        }
    }

    bool word(std::string_view text, Kind kind, bool truth) {
        if (static_cast<std::size_t>(end_ - p_) < text.size() || std::memcmp(p_, text.data(), text.size()) != 0) {
            return stop(Defect::syntax, p_, "a value");
        }
        const char* const start = p_;
        p_ += text.size();
        leaf(kind, start, 0, 0).truth = truth;
        return true;
    }

    bool digits() {
        const char* const first = p_;
        while (p_ != end_ && *p_ >= '0' && *p_ <= '9') ++p_;
        return p_ != first || stop(Defect::syntax, p_, "a digit");
    }

    bool number() {
        if (*p_ != '-' && (*p_ < '0' || *p_ > '9')) return stop(Defect::syntax, p_, "a value");
        const char* const start = p_;
        const std::uint32_t begin = here();
        if (*p_ == '-') ++p_;
        if (p_ != end_ && *p_ == '0') {
            ++p_;
            if (p_ != end_ && *p_ >= '0' && *p_ <= '9')
                return stop(Defect::syntax, p_, "no digit after a leading zero");
        } else if (!digits()) {
            return false;
        }
        if (p_ != end_ && *p_ == '.') {
            ++p_;
            if (!digits()) return false;
        }
        if (p_ != end_ && (*p_ == 'e' || *p_ == 'E')) {
            ++p_;
            if (p_ != end_ && (*p_ == '+' || *p_ == '-')) ++p_;
            if (!digits()) return false;
        }
        leaf(Kind::number, start, begin, here());
        return true;
    }

    bool string() {
        const char* const start = p_++;
        const char* const first = p_;
        skip_plain(p_, end_);
        if ((p_ == end_ || *p_ != '"') && !plain_run(first)) return false;
        if (*p_ == '"') {
            const std::uint32_t end = here();
            ++p_;
            leaf(Kind::string, start, static_cast<std::uint32_t>(first - begin_), end);
            return true;
        }
        const auto from = static_cast<std::uint32_t>(d_.unescaped_.size());
        if (!escaped_rest(first)) return false;
        ++p_;
        leaf(Kind::string, start, from, static_cast<std::uint32_t>(d_.unescaped_.size())).escaped = true;
        return true;
    }

    // Moves to the next '"' or '\\', checking what lies between it and `first`; what is before p_ is known to be plain.
    bool plain_run(const char* first) {
        bool ascii = true;
        for (;;) {
            skip_plain(p_, end_);
            if (p_ == end_) return stop(Defect::syntax, p_, "the closing quote of a string");
            const auto c = static_cast<unsigned char>(*p_);
            if (c == '"' || c == '\\') break;
            if (c < 0x20) return stop(Defect::syntax, p_, "control characters written as escapes");
            if (c >= 0x80) ascii = false;
            ++p_;
        }
        if (ascii) return true;
        const std::size_t bad = find_invalid_utf8({first, static_cast<std::size_t>(p_ - first)});
        return bad == std::string_view::npos || stop(Defect::invalid_utf8, first + bad, "UTF-8");
    }

    bool escaped_rest(const char* first) {
        std::string& out = d_.unescaped_;
        out.append(first, p_);
        while (*p_ == '\\') {
            if (!escape()) return false;
            const char* const run = p_;
            if (!plain_run(run)) return false;
            out.append(run, p_);
        }
        return true;
    }

    bool escape() {
        const char* const at = p_++;
        if (p_ == end_) return stop(Defect::syntax, p_, "an escape");
        std::string& out = d_.unescaped_;
        switch (*p_++) {
        case '"': out += '"'; return true;
        case '\\': out += '\\'; return true;
        case '/': out += '/'; return true;
        case 'b': out += '\b'; return true;
        case 'f': out += '\f'; return true;
        case 'n': out += '\n'; return true;
        case 'r': out += '\r'; return true;
        case 't': out += '\t'; return true;
        case 'u': break;
        default: return stop(Defect::syntax, at, "an escape of RFC 8259");
        }
        std::uint32_t unit = 0;
        if (!hex4(unit)) return false;
        if (unit >= 0xdc00 && unit <= 0xdfff) return stop(Defect::invalid_utf8, at, "a high surrogate first");
        if (unit >= 0xd800 && unit <= 0xdbff) {
            std::uint32_t low = 0;
            if (end_ - p_ < 2 || p_[0] != '\\' || p_[1] != 'u')
                return stop(Defect::invalid_utf8, at, "a low surrogate");
            p_ += 2;
            if (!hex4(low)) return false;
            if (low < 0xdc00 || low > 0xdfff) return stop(Defect::invalid_utf8, at, "a low surrogate");
            unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        }
        append_utf8(out, unit);
        return true;
    }

    bool hex4(std::uint32_t& unit) {
        if (end_ - p_ < 4) return stop(Defect::syntax, p_, "four hexadecimal digits");
        unit = 0;
        for (int i = 0; i < 4; ++i, ++p_) {
            const int digit = hex_digit(*p_);
            if (digit < 0) return stop(Defect::syntax, p_, "four hexadecimal digits");
            unit = unit * 16 + static_cast<std::uint32_t>(digit);
        }
        return true;
    }

    bool array(std::size_t depth) {
        if (depth >= limits_.depth) return stop(Defect::too_deep, p_, "less nesting");
        const std::size_t index = open(Kind::array);
        ++p_;
        std::uint32_t count = 0;
        skip_space();
        if (p_ != end_ && *p_ == ']') {
            ++p_;
        } else {
            for (;;) {
                skip_space();
                if (!value(depth + 1)) return false;
                ++count;
                skip_space();
                if (p_ == end_ || (*p_ != ',' && *p_ != ']')) return stop(Defect::syntax, p_, "',' or ']'");
                if (*p_++ == ']') break;
            }
        }
        close(index, count);
        return true;
    }

    bool object(std::size_t depth) {
        if (depth >= limits_.depth) return stop(Defect::too_deep, p_, "less nesting");
        const std::size_t index = open(Kind::object);
        ++p_;
        std::uint32_t count = 0;
        skip_space();
        if (p_ != end_ && *p_ == '}') {
            ++p_;
        } else {
            for (;;) {
                skip_space();
                if (p_ == end_ || *p_ != '"') return stop(Defect::syntax, p_, "a name in double quotes");
                if (!string()) return false;
                skip_space();
                if (p_ == end_ || *p_ != ':') return stop(Defect::syntax, p_, "':'");
                ++p_;
                skip_space();
                if (!value(depth + 1)) return false;
                ++count;
                skip_space();
                if (p_ == end_ || (*p_ != ',' && *p_ != '}')) return stop(Defect::syntax, p_, "',' or '}'");
                if (*p_++ == '}') break;
            }
        }
        close(index, count);
        return limits_.duplicates != Duplicates::reject || count < 2 || names_differ(index);
    }

    std::string_view text_of(std::uint32_t index) const { return Value(&d_, index).text(); }

    bool names_differ(std::size_t object) {
        if (d_.nodes_[object].count <= kFewNames) return few_names_differ(object);
        std::vector<std::uint32_t>& names = d_.names_;
        names.clear();
        auto index = static_cast<std::uint32_t>(object) + 1;
        for (std::uint32_t i = 0; i < d_.nodes_[object].count; ++i) {
            names.push_back(index);
            index = d_.nodes_[index + 1].next; // a name is one node, its value follows
        }
        std::sort(names.begin(), names.end(), [this](std::uint32_t a, std::uint32_t b) {
            const int order = text_of(a).compare(text_of(b));
            return order != 0 ? order < 0 : a < b;
        });
        for (std::size_t i = 1; i < names.size(); ++i) {
            if (text_of(names[i - 1]) == text_of(names[i])) return duplicate(names[i]);
        }
        return true;
    }

    // Claims are few and have short names: each is compared with each as one number, which tells most of them apart.
    bool few_names_differ(std::size_t object) {
        std::array<std::uint64_t, kFewNames> keys;
        std::array<std::uint32_t, kFewNames> names;
        auto index = static_cast<std::uint32_t>(object) + 1;
        for (std::size_t i = 0; i < d_.nodes_[object].count; ++i) {
            const std::string_view name = text_of(index);
            keys[i] = key_of(name);
            names[i] = index;
            for (std::size_t j = 0; j < i; ++j) {
                if (keys[i] == keys[j] && name == text_of(names[j])) return duplicate(index);
            }
            index = d_.nodes_[index + 1].next;
        }
        return true;
    }

    // Equal names have equal keys: the length and the first octets.
    static std::uint64_t key_of(std::string_view name) {
        std::uint64_t key = name.size();
        for (const char c : name.substr(0, 7)) key = (key << 8) | static_cast<unsigned char>(c);
        return key;
    }

    bool duplicate(std::uint32_t name) {
        return stop(Defect::duplicate_name, begin_ + d_.nodes_[name].start, "each name once");
    }

    Document& d_;
    const Limits& limits_;
    const char* begin_;
    const char* p_;
    const char* end_;
    Problem problem_;
};

Problem Document::parse(std::string_view text, const Limits& limits) {
    text_ = text;
    nodes_.clear();
    unescaped_.clear();
    duplicates_ = limits.duplicates;
    if (text.size() > kMaxText) return {.defect = Defect::too_large, .offset = kMaxText, .expected = "a shorter text"};
    return Parser(*this, limits).run();
}

std::optional<std::int64_t> Value::integer() const {
    if (!is(Kind::number)) return std::nullopt;
    const std::string_view t = text();
    std::int64_t simple = 0;
    if (t.size() <= 18) { // the times of every token
        bool plain = true;
        for (const char c : t) {
            plain = plain && c >= '0' && c <= '9';
            simple = simple * 10 + (c - '0');
        }
        if (plain) return simple;
    }
    if (const auto [end, error] = std::from_chars(t.data(), t.data() + t.size(), simple);
        error == std::errc() && end == t.data() + t.size()) {
        return simple;
    }
    // With a fraction or an exponent: shift the decimal digits.
    const bool negative = t.front() == '-';
    std::string digits;
    std::int64_t shift = 0;
    std::size_t i = negative ? 1 : 0;
    bool fraction = false;
    for (; i < t.size() && t[i] != 'e' && t[i] != 'E'; ++i) {
        if (t[i] == '.') {
            fraction = true;
            continue;
        }
        digits += t[i];
        if (fraction) --shift;
    }
    if (i < t.size()) {
        if (t[++i] == '+') ++i;
        std::int64_t exponent = 0;
        if (std::from_chars(t.data() + i, t.data() + t.size(), exponent).ec != std::errc()) return std::nullopt;
        if (exponent > 1000000 || exponent < -1000000) return std::nullopt;
        shift += exponent;
    }
    while (!digits.empty() && digits.back() == '0') {
        digits.pop_back();
        ++shift;
    }
    if (digits.empty()) return 0;
    if (shift < 0 || shift > 18) return std::nullopt;
    digits.append(static_cast<std::size_t>(shift), '0');
    if (negative) digits.insert(digits.begin(), '-');
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc()) return std::nullopt;
    return value;
}

std::optional<double> Value::number() const {
    if (!is(Kind::number)) return std::nullopt;
    const std::string_view t = text();
    double value = 0;
    const auto [end, error] = std::from_chars(t.data(), t.data() + t.size(), value);
    if (error != std::errc()) return std::nullopt;
    return value;
}

std::string_view Value::raw() const {
    const auto& node = document_->nodes_[index_];
    return document_->text_.substr(node.start, node.stop - node.start);
}

std::optional<Value> Value::find(std::string_view name) const {
    if (!is(Kind::object)) return std::nullopt;
    std::optional<Value> found;
    std::uint32_t index = index_ + 1;
    for (std::uint32_t left = document_->nodes_[index_].count; left > 0; --left) {
        if (Value(document_, index).text() == name) {
            found = Value(document_, index + 1);
            if (document_->duplicates_ != Duplicates::last) return found;
        }
        index = document_->nodes_[index + 1].next;
    }
    return found;
}

} // namespace jwtdomain::json
