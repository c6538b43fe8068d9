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
        std::uint32_t begin, end;  // octets: in text_, or in unescaped_ for an escaped string
        std::uint32_t next;        // index of the node after this one's subtree
        std::uint32_t count;       // elements or members
        std::uint32_t start, stop; // octets in text_
        Kind kind;
        bool escaped;
        bool truth;
    };
    std::string_view text_;
    std::string unescaped_;
    std::vector<Node> nodes_;
    std::vector<std::uint32_t> names_; // of one object, while it is searched for duplicates
    Duplicates duplicates_ = Duplicates::reject;
};

} // namespace jwtdomain::json
