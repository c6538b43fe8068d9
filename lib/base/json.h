// Strict JSON (RFC 8259, with the I-JSON rules of RFC 7493 that JWTs need): no duplicate names, no invalid UTF-8,
// no lone surrogates, nothing before or after the text, bounded depth and size.
//
// Built for tokens: one pass, no allocation once a Document has warmed up. A Document refers to the text it was
// given, which must outlive it. nlohmann/json writes JSON; this reads it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain::json {

enum class Kind : std::uint8_t { null, boolean, number, string, array, object };

enum class Defect : std::uint8_t {
    none,
    syntax,
    duplicate_name, // also where two spellings (\u escapes) give one name
    invalid_utf8,   // also a lone surrogate in an escape
    trailing_data,
    too_deep,
    too_large // more values than Limits::values
};

// A verifier that we model may keep the first or the last of two equal names; our own readers reject them.
enum class Duplicates : std::uint8_t { reject, first, last };

struct Limits {
    std::size_t depth = 32;
    std::size_t values = 1u << 20;
    Duplicates duplicates = Duplicates::reject;
};

struct Problem {
    Defect defect = Defect::none;
    std::size_t offset = 0;    // in octets from the start of the text
    const char* expected = ""; // what would have been right, for people
    explicit operator bool() const { return defect != Defect::none; }
};

class Document;

// A cheap reference into a Document; valid as long as the Document and its text are.
class Value {
public:
    Kind kind() const;
    bool is(Kind k) const { return kind() == k; }
    // The string's octets after unescaping; for a number its text; otherwise empty.
    std::string_view text() const;
    bool boolean() const; // false unless it is `true`
    // An integer that fits, written with or without fraction and exponent ("1e3", "5.0"); nullopt for all else.
    std::optional<std::int64_t> integer() const;
    // A number as the nearest double; nullopt for other kinds, and beyond the range of double at either end.
    std::optional<double> number() const;
    std::size_t size() const;     // elements of an array, members of an object, else 0
    std::size_t offset() const;   // where it starts in the text
    std::string_view raw() const; // the text of this value, as received

    // Members of an object by name, honouring the Limits::duplicates that it was parsed with.
    std::optional<Value> find(std::string_view name) const;

    // Iterates over elements of an array, or over members of an object (then name() is set).
    class Iterator;
    Iterator begin() const;
    Iterator end() const;

private:
    friend class Document;
    Value(const Document* document, std::uint32_t index) : document_(document), index_(index) {}
    const Document* document_;
    std::uint32_t index_;
};

struct Member {
    std::string_view name; // empty for elements of an array
    std::size_t name_offset;
    Value value;
};

class Value::Iterator {
public:
    Member operator*() const;
    Iterator& operator++();
    bool operator!=(const Iterator& other) const { return index_ != other.index_; }

private:
    friend class Value;
    Iterator(const Document* document, std::uint32_t index, bool object)
        : document_(document), index_(index), object_(object) {}
    const Document* document_;
    std::uint32_t index_;
    bool object_;
};

class Document {
public:
    // Forgets what it held. After a Problem, root() must not be called.
    Problem parse(std::string_view text, const Limits& limits = {});
    Value root() const { return Value(this, 0); }
    std::string_view text() const { return text_; }

private:
    friend class Value;
    friend class Value::Iterator;
    class Parser;
    struct Node {
        Node(Kind k, std::uint32_t at) : start(at), kind(k) {}
        std::uint32_t begin = 0, end = 0; // octets: in text_, or in unescaped_ for an escaped string
        std::uint32_t next = 0;           // index of the node after this one's subtree
        std::uint32_t count = 0;          // elements or members
        std::uint32_t start, stop = 0;    // octets in text_
        Kind kind;
        bool escaped = false;
        bool truth = false;
    };
    std::string_view text_;
    std::string unescaped_;
    std::vector<Node> nodes_;
    std::vector<std::uint32_t> names_; // of one object, while it is searched for duplicates
    Duplicates duplicates_ = Duplicates::reject;
};

// Accessors are asked for dozens of times per token. A call costs more than what they do, and what it returns through
// memory is read back before it has got there.

[[gnu::always_inline]] inline Kind Value::kind() const { return document_->nodes_[index_].kind; }

[[gnu::always_inline]] inline std::string_view Value::text() const {
    const Document::Node& node = document_->nodes_[index_];
    if (node.kind != Kind::string && node.kind != Kind::number) return {};
    const char* const source = node.escaped ? document_->unescaped_.data() : document_->text_.data();
    return {source + node.begin, node.end - node.begin};
}

[[gnu::always_inline]] inline bool Value::boolean() const { return document_->nodes_[index_].truth; }
[[gnu::always_inline]] inline std::size_t Value::size() const { return document_->nodes_[index_].count; }
[[gnu::always_inline]] inline std::size_t Value::offset() const { return document_->nodes_[index_].start; }

[[gnu::always_inline]] inline Value::Iterator Value::begin() const {
    const bool container = is(Kind::array) || is(Kind::object);
    return {document_, container ? index_ + 1 : document_->nodes_[index_].next, is(Kind::object)};
}

[[gnu::always_inline]] inline Value::Iterator Value::end() const {
    return {document_, document_->nodes_[index_].next, is(Kind::object)};
}

[[gnu::always_inline]] inline Member Value::Iterator::operator*() const {
    if (!object_) return {.name = {}, .name_offset = 0, .value = Value(document_, index_)};
    const Value name(document_, index_);
    return {.name = name.text(), .name_offset = name.offset(), .value = Value(document_, index_ + 1)};
}

[[gnu::always_inline]] inline Value::Iterator& Value::Iterator::operator++() {
    index_ = document_->nodes_[object_ ? index_ + 1 : index_].next;
    return *this;
}

} // namespace jwtdomain::json
