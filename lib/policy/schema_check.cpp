#include <algorithm>

#include "jwtdomain/base/suggest.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/policy/schema.h"

namespace jwtdomain::policy::schema {

namespace {

using document::Kind;
using document::Node;

constexpr std::int64_t kLongestSpan = std::int64_t{10'000} * 366 * 86400; // as parse_duration has it, about

std::string quoted(std::string_view text) { return "'" + std::string(text) + "'"; }

std::string joined(std::span<const std::string_view> words) {
    std::string text;
    for (const auto word : words) text += (text.empty() ? "" : ", ") + std::string(word);
    return text;
}

std::string scalar_noun(const Shape& shape) {
    if (!shape.noun.empty()) return std::string(shape.noun);
    if (shape.only_words) {
        const auto words = shape.words();
        if (words.size() == 1) return "the word " + std::string(words.front());
        return "one of " + joined(words);
    }
    switch (shape.scalar) {
    case Scalar::none: return {};
    case Scalar::text: return "a string";
    case Scalar::flag: return "true or false";
    case Scalar::number: return "a whole number";
    case Scalar::span: return "a duration such as 10m";
    case Scalar::time: return "a date such as 2027-03-01";
    case Scalar::value: return "a string, number or boolean";
    }
    return {};
}

std::string expected(const Shape& shape) {
    std::vector<std::string> nouns;
    if (shape.scalar != Scalar::none) nouns.push_back(scalar_noun(shape));
    if (shape.element != nullptr) nouns.emplace_back("a list");
    if (shape.object != nullptr) nouns.emplace_back(shape.object->noun);
    if (shape.entries != nullptr) nouns.emplace_back("a map");
    std::string text;
    for (const auto& noun : nouns) text += (text.empty() ? "" : " or ") + noun;
    return text;
}

std::string_view found(Kind kind) {
    switch (kind) {
    case Kind::null: return "nothing";
    case Kind::boolean: return "true or false without quotes";
    case Kind::integer:
    case Kind::real: return "a number";
    case Kind::string: return "a string";
    case Kind::array: return "a list";
    case Kind::object: return "a map";
    }
    return {};
}

bool is_scalar(Kind kind) { return kind != Kind::null && kind != Kind::array && kind != Kind::object; }

class Checker {
public:
    explicit Checker(const std::string& file) : file_(file) {}

    Status object(const Node& node, const Object& object) {
        std::vector<std::string_view> names;
        for (const Field& field : object.fields) names.push_back(field.name);
        for (std::size_t i = 0; i < node.names.size(); ++i) {
            const auto& name = node.names[i];
            const auto field = std::find_if(object.fields.begin(), object.fields.end(),
                                            [&](const Field& f) { return f.name == name.text; });
            if (field == object.fields.end()) {
                std::string hint = did_you_mean(name.text, names);
                if (hint.empty()) hint = "the fields of " + std::string(object.noun) + " are " + joined(names);
                return refuse(file_, name.mark,
                              "unknown field " + quoted(name.text) + " in " + std::string(object.noun),
                              std::move(hint));
            }
            const std::string place = quoted(field->name) + " in " + std::string(object.noun);
            if (auto status = value(node.elements[i], field->shape, place, field->name); !status) return status;
        }
        for (const Field& field : object.fields) {
            if (!field.required || node.find(field.name) != nullptr) continue;
            return refuse(file_, node.mark, std::string(object.noun) + " without " + quoted(field.name),
                          "add it: " + std::string(field.doc));
        }
        return {};
    }

    Status value(const Node& node, const Shape& shape, const std::string& place, std::string_view field) {
        if (node.kind == Kind::array && shape.element != nullptr) return list(node, shape, place, field);
        if (node.kind == Kind::object && shape.object != nullptr) return object(node, *shape.object);
        if (node.kind == Kind::object && shape.entries != nullptr) return map(node, shape, place, field);
        if (is_scalar(node.kind) && shape.scalar != Scalar::none) return scalar(node, shape, place);
        return mismatch(node, shape, place, field);
    }

private:
    Status mismatch(const Node& node, const Shape& shape, const std::string& place, std::string_view field) {
        std::string hint;
        if (node.kind == Kind::string && shape.element != nullptr) {
            hint = "write it as a list: " + std::string(field) + ": [" + node.text + "]";
        } else if (is_scalar(node.kind) && shape.scalar == Scalar::text && !shape.only_words) {
            hint = "put it in quotes";
        }
        return refuse(file_, node.mark,
                      place + " must be " + expected(shape) + ", found " + std::string(found(node.kind)),
                      std::move(hint));
    }

    Status list(const Node& node, const Shape& shape, const std::string& place, std::string_view field) {
        if (node.elements.empty() && shape.not_empty) {
            return refuse(file_, node.mark, place + " is an empty list", "name at least one, or leave the field out");
        }
        for (const Node& element : node.elements) {
            const bool nested = element.kind == Kind::array || shape.element->scalar == Scalar::none;
            const std::string inner = nested ? "an element of " + place : place;
            if (auto status = value(element, *shape.element, inner, field); !status) return status;
        }
        return {};
    }

    Status map(const Node& node, const Shape& shape, const std::string& place, std::string_view field) {
        for (std::size_t i = 0; i < node.names.size(); ++i) {
            const auto& name = node.names[i];
            if (name.text.empty()) return refuse(file_, name.mark, "an empty name in " + place);
            if (shape.names != nullptr) {
                const auto names = shape.names();
                if (std::find(names.begin(), names.end(), name.text) == names.end()) {
                    return refuse(file_, name.mark, "unknown name " + quoted(name.text) + " in " + place,
                                  did_you_mean(name.text, names));
                }
            }
            const std::string inner = quoted(name.text) + " of " + place;
            if (auto status = value(node.elements[i], *shape.entries, inner, field.empty() ? field : name.text);
                !status)
                return status;
        }
        return {};
    }

    Status scalar(const Node& node, const Shape& shape, const std::string& place) {
        const bool text = node.kind == Kind::string;
        switch (shape.scalar) {
        case Scalar::none: break;
        case Scalar::text:
            if (!text) return mismatch(node, shape, place, {});
            return word(node, shape, place);
        case Scalar::flag:
            if (node.kind != Kind::boolean) return mismatch(node, shape, place, {});
            break;
        case Scalar::number:
            if (node.kind != Kind::integer) return mismatch(node, shape, place, {});
            break;
        case Scalar::span:
            if (node.kind == Kind::integer && node.integer >= 0 && node.integer <= kLongestSpan) break;
            if (!text || !parse_duration(node.text)) return mismatch(node, shape, place, {});
            break;
        case Scalar::time:
            if (node.kind == Kind::integer) break;
            if (!text || !parse_time(node.text)) return mismatch(node, shape, place, {});
            break;
        case Scalar::value:
            if (text && node.text.empty()) return refuse(file_, node.mark, place + " is an empty string");
            break;
        }
        return {};
    }

    Status word(const Node& node, const Shape& shape, const std::string& place) {
        if (node.text.empty()) {
            return refuse(file_, node.mark, place + " is an empty string", "give a value, or leave the field out");
        }
        if (!shape.only_words) return {};
        const auto words = shape.words();
        if (std::find(words.begin(), words.end(), node.text) != words.end()) return {};
        std::string hint = did_you_mean(node.text, words);
        if (hint.empty() && shape.element != nullptr) hint = "write it as a list: [" + node.text + "]";
        return refuse(file_, node.mark,
                      quoted(node.text) + " is not a value of " + place + ": it must be " + expected(shape),
                      std::move(hint));
    }

    const std::string& file_;
};

} // namespace

tl::unexpected<Error> refuse(const std::string& file, document::Mark mark, std::string message, std::string hint) {
    return fail(Error{.fault = Fault::invalid,
                      .message = std::move(message),
                      .where = {file, mark.line, mark.column},
                      .hint = std::move(hint)});
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> names) {
    const std::string_view near = nearest(word, names);
    return near.empty() ? std::string() : "did you mean " + quoted(near) + "?";
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& names) {
    const std::string_view near = nearest(word, names);
    return near.empty() ? std::string() : "did you mean " + quoted(near) + "?";
}

Status check(const Node& node, const Object& object, const std::string& file) {
    if (node.kind != Kind::object) {
        return refuse(file, node.mark,
                      std::string(object.noun) + " must be a map of fields, found " + std::string(found(node.kind)));
    }
    return Checker(file).object(node, object);
}

} // namespace jwtdomain::policy::schema
