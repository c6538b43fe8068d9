#include <algorithm>
#include <filesystem>

#include "jwtdomain/policy/bind.h"
#include "jwtdomain/policy/names.h"
#include "jwtdomain/policy/schema.h"
#include "jwtdomain/policy/schema_words.h"

namespace jwtdomain::policy::bind {

using document::Kind;

std::string value_text(const Node& node) {
    switch (node.kind) {
    case Kind::boolean: return node.truth ? "true" : "false";
    case Kind::integer: return std::to_string(node.integer);
    case Kind::real:
    case Kind::string: return node.text;
    case Kind::null:
    case Kind::array:
    case Kind::object: break;
    }
    return {};
}

std::vector<std::string> texts(const Node& node) {
    std::vector<std::string> out;
    out.reserve(node.elements.size());
    for (const Node& element : node.elements) out.push_back(value_text(element));
    return out;
}

Seconds span(const Node& node) {
    return node.kind == Kind::integer ? node.integer : parse_duration(node.text).value_or(0);
}

Time time(const Node& node) { return node.kind == Kind::integer ? node.integer : parse_time(node.text).value_or(0); }

Location place(const std::string& file, document::Mark mark) { return {file, mark.line, mark.column}; }

std::size_t word_index(const Node& node, std::span<const std::string_view> words) {
    return static_cast<std::size_t>(std::find(words.begin(), words.end(), node.text) - words.begin());
}

std::vector<Algorithm> algorithms(const Node& node) {
    std::vector<Algorithm> out;
    const auto add = [&](Algorithm algorithm) {
        if (std::find(out.begin(), out.end(), algorithm) == out.end()) out.push_back(algorithm);
    };
    for (const Node& element : node.elements) {
        if (element.text == "EdDSA") {
            add(Algorithm::Ed25519);
            add(Algorithm::Ed448);
        } else if (const auto algorithm = find_algorithm(element.text)) {
            add(*algorithm);
        }
    }
    return out;
}

void set(const Node& object, std::string_view name, std::string& out) {
    if (const Node* node = object.find(name)) out = node->text;
}

void set(const Node& object, std::string_view name, bool& out) {
    if (const Node* node = object.find(name)) out = node->truth;
}

void set(const Node& object, std::string_view name, std::vector<std::string>& out) {
    if (const Node* node = object.find(name)) out = texts(*node);
}

void set_span(const Node& object, std::string_view name, Seconds& out) {
    if (const Node* node = object.find(name)) out = span(*node);
}

Result<std::vector<std::string>> types(const Node& node, const std::string& file) {
    if (node.kind == Kind::string) return std::vector<std::string>{node.text};
    for (const Node& element : node.elements) {
        if (element.text == "any") {
            return schema::refuse(file, element.mark, "'any' among types", "write types: any to accept every type");
        }
        if (!is_media_type(element.text)) {
            return schema::refuse(file, element.mark, "'" + element.text + "' is not a media type",
                                  "write the value of typ, such as at+jwt or JWT, or absent");
        }
    }
    return texts(node);
}

Result<std::vector<std::string>> claim_names(const Node& node, const std::string& file) {
    for (const Node& element : node.elements) {
        if (const auto path = parse_claim_path(element.text); !path) {
            return schema::refuse(file, element.mark, path.error().message, path.error().hint);
        }
    }
    return texts(node);
}

Result<std::vector<std::string>> top_claim_names(const Node& node, const std::string& file) {
    for (const Node& element : node.elements) {
        if (!element.text.empty() && element.text.front() == '/')
            return schema::refuse(file, element.mark,
                                  "a claim that stands in for aud is at the top, not inside another",
                                  "name it without a JSON Pointer");
    }
    return claim_names(node, file);
}

Result<std::vector<std::string>> scopes(const Node& node, const std::string& file) {
    for (const Node& element : node.elements) {
        if (!is_scope(element.text)) {
            return schema::refuse(file, element.mark, "'" + element.text + "' is not a scope",
                                  "a scope has no spaces, quotes or backslashes (RFC 6749 section 3.3)");
        }
    }
    return texts(node);
}

Result<KeyLocation> key_location(const Node& node, const std::string& issuer, const std::string& file) {
    if (node.text == "discovery") {
        if (is_fetchable_url(issuer)) return KeyLocation{KeyLocation::Kind::discovery, issuer};
        return schema::refuse(file, node.mark, "discovery needs an issuer that is an https URL",
                              "name a file or a URL");
    }
    if (node.text.find("://") == std::string::npos) // one file has one name, by which it is compared
        return KeyLocation{KeyLocation::Kind::file, std::filesystem::path(node.text).lexically_normal()};
    if (is_fetchable_url(node.text)) return KeyLocation{KeyLocation::Kind::url, node.text};
    return schema::refuse(file, node.mark, "keys can only be fetched from https URLs, not from " + node.text,
                          "use https, or a file");
}

} // namespace jwtdomain::policy::bind
