#include "jwtdomain/base/document.h"

#include <algorithm>
#include <charconv>

#include "jwtdomain/base/document_detail.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/json.h"

namespace jwtdomain::document {

namespace detail {

tl::unexpected<Error> refuse(Fault fault, std::string message, const std::string& file, Mark mark, std::string hint) {
    return fail(Error{.fault = fault,
                      .message = std::move(message),
                      .where = {file, mark.line, mark.column},
                      .hint = std::move(hint)});
}

Mark mark_at(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    const auto line = std::count(before.begin(), before.end(), '\n');
    const std::size_t start = before.rfind('\n') + 1; // npos + 1 is 0
    return {static_cast<std::uint32_t>(line + 1), static_cast<std::uint32_t>(before.size() - start + 1)};
}

namespace {

bool all_of(std::string_view text, bool (*test)(char)) {
    return !text.empty() && std::all_of(text.begin(), text.end(), test);
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_octal(char c) { return c >= '0' && c <= '7'; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string_view without_sign(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    return text;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )? | [-+]? ( \.inf ) | \.nan
bool is_real(std::string_view text) {
    if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
    std::string_view rest = without_sign(text);
    if (rest == ".inf" || rest == ".Inf" || rest == ".INF") return true;
    if (const std::size_t e = rest.find_first_of("eE"); e != std::string_view::npos) {
        if (!all_of(without_sign(rest.substr(e + 1)), is_digit)) return false;
        rest = rest.substr(0, e);
    }
    const std::size_t dot = rest.find('.');
    if (dot == std::string_view::npos) return all_of(rest, is_digit);
    const std::string_view whole = rest.substr(0, dot), fraction = rest.substr(dot + 1);
    if (whole.empty()) return all_of(fraction, is_digit);
    return all_of(whole, is_digit) && (fraction.empty() || all_of(fraction, is_digit));
}

bool read_integer(std::string_view digits, int base, std::int64_t& out) {
    if (!digits.empty() && digits.front() == '+') digits.remove_prefix(1);
    const auto end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, out, base);
    return error == std::errc() && stop == end;
}

} // namespace

void resolve_plain(const std::string& text, Node& node) {
    const std::string_view view = text;
    if (view.empty() || view == "~" || view == "null" || view == "Null" || view == "NULL") {
        node.kind = Kind::null;
        return;
    }
    const bool yes = view == "true" || view == "True" || view == "TRUE";
    if (yes || view == "false" || view == "False" || view == "FALSE") {
        node.kind = Kind::boolean;
        node.truth = yes;
        return;
    }
    bool whole = false, fitted = false;
    if (all_of(without_sign(view), is_digit)) {
        whole = true;
        fitted = read_integer(view, 10, node.integer);
    } else if (view.substr(0, 2) == "0o" && all_of(view.substr(2), is_octal)) {
        whole = true;
        fitted = read_integer(view.substr(2), 8, node.integer);
    } else if (view.substr(0, 2) == "0x" && all_of(view.substr(2), is_hex)) {
        whole = true;
        fitted = read_integer(view.substr(2), 16, node.integer);
    }
    if (whole || is_real(view)) {
        node.kind = fitted ? Kind::integer : Kind::real;
        node.text = text;
        return;
    }
    node.kind = Kind::string;
}

} // namespace detail

namespace {

// Gives the marks of rising offsets without starting over.
class Lines {
public:
    explicit Lines(std::string_view text) : text_(text) {}
    Mark mark(std::size_t offset) {
        for (; at_ < offset; ++at_) {
            if (text_[at_] != '\n') continue;
            ++line_;
            start_ = at_ + 1;
        }
        return {line_, static_cast<std::uint32_t>(offset - start_ + 1)};
    }

private:
    std::string_view text_;
    std::size_t at_ = 0, start_ = 0;
    std::uint32_t line_ = 1;
};

void set_number(const json::Value& value, Node& node) {
    node.kind = Kind::real;
    node.text = value.raw();
    if (const auto integer = value.integer()) {
        node.kind = Kind::integer;
        node.integer = *integer;
    }
}

Node convert(const json::Value& value, Lines& lines) {
    Node node{.mark = lines.mark(value.offset())};
    switch (value.kind()) {
    case json::Kind::null: break;
    case json::Kind::boolean:
        node.kind = Kind::boolean;
        node.truth = value.boolean();
        break;
    case json::Kind::number: set_number(value, node); break;
    case json::Kind::string:
        node.kind = Kind::string;
        node.text = value.text();
        break;
    case json::Kind::array:
        node.kind = Kind::array;
        node.elements.reserve(value.size());
        for (const json::Member member : value) node.elements.push_back(convert(member.value, lines));
        break;
    case json::Kind::object:
        node.kind = Kind::object;
        node.elements.reserve(value.size());
        node.names.reserve(value.size());
        for (const json::Member member : value) {
            node.names.push_back({std::string(member.name), lines.mark(member.name_offset)});
            node.elements.push_back(convert(member.value, lines));
        }
        break;
    }
    return node;
}

std::string sentence(const json::Problem& problem) {
    switch (problem.defect) {
    case json::Defect::duplicate_name: return "a name stands twice in one object";
    case json::Defect::invalid_utf8: return "not valid UTF-8";
    case json::Defect::trailing_data: return "text after the end of the JSON document";
    case json::Defect::too_deep: return "nested more than " + std::to_string(detail::kMaxDepth) + " levels deep";
    case json::Defect::too_large: return "more than " + std::to_string(detail::kMaxNodes) + " values";
    case json::Defect::none:
    case json::Defect::syntax: break;
    }
    std::string text = "not valid JSON";
    if (*problem.expected != '\0') text += std::string(": expected ") + problem.expected;
    return text;
}

Status check_octets(std::string_view text, const std::string& file) {
    if (text.size() > kMaxSize) {
        return detail::refuse(Fault::limit, "larger than " + std::to_string(kMaxSize >> 20) + " MiB", file, {},
                              "divide it into several files");
    }
    if (const std::size_t at = find_invalid_utf8(text); at != std::string_view::npos) {
        return detail::refuse(Fault::invalid, "not valid UTF-8", file, detail::mark_at(text, at));
    }
    const auto control = std::find_if(text.begin(), text.end(), [](char c) {
        return (c >= 0 && c < ' ' && c != '\t' && c != '\n' && c != '\r') || c == '\x7f';
    });
    if (control != text.end()) {
        return detail::refuse(Fault::invalid, "a control character", file,
                              detail::mark_at(text, static_cast<std::size_t>(control - text.begin())),
                              "is this a text file?");
    }
    return {};
}

bool ends_with(std::string_view text, std::string_view end) {
    return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

} // namespace

const Node* Node::find(std::string_view name) const {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].text == name) return &elements[i];
    }
    return nullptr;
}

Result<Node> parse_json(std::string_view text, const std::string& file) {
    if (auto status = check_octets(text, file); !status) return fail(status.error());
    json::Document document;
    const json::Limits limits{.depth = detail::kMaxDepth, .values = detail::kMaxNodes};
    if (const auto problem = document.parse(text, limits)) {
        const bool size = problem.defect == json::Defect::too_deep || problem.defect == json::Defect::too_large;
        return detail::refuse(size ? Fault::limit : Fault::invalid, sentence(problem), file,
                              detail::mark_at(text, problem.offset));
    }
    Lines lines(text);
    return convert(document.root(), lines);
}

Result<Node> parse(std::string_view text, const std::string& file) {
    if (ends_with(file, ".json")) return parse_json(text, file);
    if (auto status = check_octets(text, file); !status) return fail(status.error());
    auto documents = detail::parse_yaml(text, file, nullptr);
    if (!documents) return fail(documents.error());
    return documents->empty() ? Node{} : std::move(documents->front());
}

namespace {

void mark_all(Node& node, std::uint32_t source) {
    node.mark.source = source;
    for (Node::Name& name : node.names) name.mark.source = source;
    for (Node& inner : node.elements) mark_all(inner, source);
}

} // namespace

Result<std::vector<Node>> parse_stream(std::string_view text, const std::string& file, std::uint32_t source) {
    if (auto status = check_octets(text, file); !status) return fail(status.error());
    if (!ends_with(file, ".json")) {
        const detail::Stream stream{source, text};
        auto documents = detail::parse_yaml(text, file, &stream);
        if (documents) std::erase_if(*documents, [](const Node& each) { return each.kind == Kind::null; });
        return documents;
    }
    auto root = parse_json(text, file);
    if (!root) return fail(root.error());
    mark_all(*root, source);
    std::vector<Node> documents;
    documents.push_back(std::move(*root));
    return documents;
}

} // namespace jwtdomain::document
