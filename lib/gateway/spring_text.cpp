// application.properties and application.yml as one kind of thing: properties with dotted names.
//
// As Spring Boot's own loaders read them (OriginTrackedPropertiesLoader, OriginTrackedYamlLoader): a comment of three
// hyphens alone divides properties into documents, unless a line beside it is a comment of its kind; properties are
// ISO 8859-1; YAML is of version 1.1, where `on` is a boolean and 1_000 a number.
#include <algorithm>
#include <array>

#include "jwtdomain/gateway/spring.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::spring {
namespace {

using document::Kind;

constexpr std::string_view kRoot = "spring";
constexpr std::size_t kLongestName = 256; // of what is of use here; a longer one is not looked at

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\f'; }

// One of `name` and "spring" begins with the other.
bool may_be_of_spring(std::string_view name) {
    const std::size_t common = std::min(name.size(), kRoot.size());
    return name.size() <= kLongestName && name.substr(0, common) == kRoot.substr(0, common) &&
           (name.size() <= kRoot.size() || name[kRoot.size()] == '.');
}

bool is_word_of_yaml_1_1(std::string_view text) {
    static constexpr std::array<std::string_view, 12> kWords{"yes", "Yes", "YES", "no",  "No",  "NO",
                                                             "on",  "On",  "ON",  "off", "Off", "OFF"};
    return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

// Digits with '_', ':' or '.' between them, or of another base.
bool is_number_of_yaml_1_1(std::string_view text) {
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    return !text.empty() && text.front() >= '0' && text.front() <= '9' &&
           text.find_first_not_of("0123456789abcdefABCDEFx_:.+-") == text.npos &&
           text.find_first_not_of("0123456789") != text.npos;
}

// The text of a scalar is as it is written, where YAML 1.1 reads no other thing than we do.
std::string doubt_of(const Node& scalar) {
    const std::string text = text_of(&scalar);
    const bool other = (scalar.kind == Kind::string && (is_word_of_yaml_1_1(text) || is_number_of_yaml_1_1(text))) ||
                       (scalar.kind == Kind::integer && scalar.text != std::to_string(scalar.integer)) ||
                       scalar.kind == Kind::real;
    return other ? "a value that YAML 1.1 may read as something else" : unknown_text(text);
}

void flatten(const Node& node, const std::string& name, Document& out) {
    if (!may_be_of_spring(name)) return;
    switch (node.kind) {
    case Kind::object:
        for (std::size_t i = 0; i < node.names.size(); ++i)
            flatten(node.elements[i], (name.empty() ? "" : name + ".") + relaxed(node.names[i].text), out);
        return;
    case Kind::array:
        if (node.elements.empty()) out.properties.push_back({name, {}, node.mark});
        for (std::size_t i = 0; i < node.elements.size(); ++i)
            flatten(node.elements[i], name + "[" + std::to_string(i) + "]", out);
        return;
    case Kind::null: out.properties.push_back({name, {}, node.mark}); return;
    case Kind::boolean:
    case Kind::integer:
    case Kind::real:
    case Kind::string: out.properties.push_back({name, text_of(&node), node.mark, doubt_of(node)}); return;
    }
}

// A logical line of properties: with its continuations, escapes taken away.
struct Line {
    std::string name, value;
    Mark mark; // of the value
    bool readable = true;
};

class PropertiesReader {
public:
    PropertiesReader(std::string_view text, std::uint32_t source) : text_(text), source_(source) {}

    bool at_end() const { return at_ >= text_.size(); }
    // '#' or '!' of a line that is a comment, else 0.
    char comment() {
        while (!at_end() && is_blank(text_[at_])) ++at_;
        return !at_end() && (text_[at_] == '#' || text_[at_] == '!') ? text_[at_] : '\0';
    }
    bool at_first_column() const { return at_ == start_; }
    std::string_view rest_of_line() {
        const std::size_t begin = at_;
        while (!at_end() && text_[at_] != '\n') ++at_;
        std::string_view rest = text_.substr(begin, at_ - begin);
        if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
        next_line();
        return rest;
    }

    Line line() {
        Line out;
        bool blank = false;
        for (; !at_end_of_line(); ++at_) {
            if (text_[at_] == '=' || text_[at_] == ':') {
                ++at_;
                break;
            }
            if (is_blank(text_[at_])) {
                blank = true;
                continue;
            }
            if (blank) break;
            take(out.name, out.readable);
        }
        while (!at_end_of_line() && is_blank(text_[at_])) ++at_;
        out.mark = {line_, static_cast<std::uint32_t>(at_ - start_ + 1), source_};
        for (; !at_end_of_line(); ++at_) take(out.value, out.readable);
        next_line();
        return out;
    }

private:
    bool at_end_of_line() const {
        return at_end() || text_[at_] == '\n' || (text_[at_] == '\r' && text_.substr(at_, 2) == "\r\n");
    }
    void next_line() {
        if (!at_end() && text_[at_] == '\r') ++at_;
        if (!at_end()) ++at_;
        ++line_;
        start_ = at_;
    }

    // One character, with what it escapes; `at_` stays on its last.
    void take(std::string& to, bool& readable) {
        if (text_[at_] != '\\') {
            to += text_[at_];
            return;
        }
        ++at_;
        if (at_end()) return;
        if (at_end_of_line()) {
            next_line();
            while (!at_end() && is_blank(text_[at_])) ++at_;
            --at_; // the caller goes on from here
            return;
        }
        const char c = text_[at_];
        if (c == 'u' || c == 't' || c == 'r' || c == 'n' || c == 'f')
            readable = false; // nothing of that is in an issuer or audience
        else
            to += c;
    }

    std::string_view text_;
    std::uint32_t source_, line_ = 1;
    std::size_t at_ = 0, start_ = 0;
};

bool divides(std::string_view comment) {
    if (!comment.substr(1).starts_with("---")) return false;
    return std::all_of(comment.begin() + 4, comment.end(), is_blank);
}

void add(Line line, Document& to) {
    const std::string name = relaxed(line.name);
    if (!may_be_of_spring(name) || name.size() < kRoot.size()) return;
    std::string unknown = line.readable ? unknown_text(line.value) : "a value with escapes that are not read here";
    if (std::any_of(line.value.begin(), line.value.end(), [](char c) { return (c & 0x80) != 0; }))
        unknown = "a value that is not ASCII";
    to.properties.push_back({name, std::move(line.value), line.mark, std::move(unknown)});
}

// application-prod.yml: "prod".
std::string profile_of(std::string_view file) {
    const std::size_t slash = file.find_last_of("/\\");
    std::string_view name = slash == file.npos ? file : file.substr(slash + 1);
    for (const std::string_view stem : {"application-", "bootstrap-"}) {
        const std::size_t dot = name.rfind('.');
        if (name.starts_with(stem) && dot != name.npos && dot > stem.size())
            return std::string(name.substr(stem.size(), dot - stem.size()));
    }
    return {};
}

} // namespace

bool Document::has(std::string_view prefix) const {
    return std::any_of(properties.begin(), properties.end(),
                       [&](const Property& each) { return std::string_view(each.name).starts_with(prefix); });
}

std::string relaxed(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (c == '-' || c == '_') continue;
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

// "${X}" of Spring, "{{ .X }}" of Helm, "@x@" of Maven.
std::string unknown_text(std::string_view text) {
    const std::size_t at = text.find('@'), again = at == text.npos ? at : text.find('@', at + 1);
    const bool filtered =
        again != text.npos && again > at + 1 && text.substr(at + 1, again - at - 1).find(' ') == text.npos;
    if (text.find("{tenant}") != text.npos) return "a placeholder is resolved elsewhere";
    if (is_unresolved(text) || filtered) return std::string(text) + " is resolved elsewhere";
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    if (!text.empty() && (blank(text.front()) || blank(text.back())) && !std::all_of(text.begin(), text.end(), blank))
        return "a value with blanks around it";
    return {};
}

std::vector<Document> properties_documents(std::string_view text, std::uint32_t number) {
    std::vector<Document> out(1);
    PropertiesReader reader(text, number);
    char last = '\0'; // the comment of the line before
    bool empty = true;
    while (!reader.at_end()) {
        const char comment = reader.comment();
        if (reader.at_end()) break;
        if (comment == '\0') {
            last = '\0';
            Line line = reader.line();
            empty = empty && line.name.empty();
            add(std::move(line), out.back());
            continue;
        }
        const bool first = reader.at_first_column();
        const std::string_view rest = reader.rest_of_line();
        if (first && last != comment && divides(rest)) {
            if (!empty) out.emplace_back();
            empty = true;
            last = '\0';
            continue;
        }
        if (empty && out.size() > 1) { // a comment behind the division undoes it
            out.pop_back();
            empty = false;
        }
        last = comment;
    }
    return out;
}

Result<std::vector<Document>> documents_of(const Source& source, std::uint32_t number) {
    std::vector<Document> out;
    const std::string_view file = source.file;
    if (file.ends_with(".properties")) {
        out = properties_documents(source.text, number);
        for (Document& each : out) each.preferred = true;
    } else {
        auto parsed = document::parse_stream(source.text, source.file, number);
        const bool named = file.substr(file.find_last_of("/\\") + 1).find('.') != file.npos; // npos + 1 is 0
        const bool objects = parsed && std::all_of(parsed->begin(), parsed->end(),
                                                   [](const Node& each) { return each.kind == Kind::object; });
        if (!objects && !named) {
            out = properties_documents(source.text, number);
        } else {
            if (!parsed) return tl::unexpected(parsed.error());
            for (const Node& each : *parsed) {
                Document document;
                if (each.kind == Kind::object) flatten(each, {}, document);
                out.push_back(std::move(document));
            }
        }
    }
    for (Document& each : out) {
        each.profile = profile_of(file);
        note_profiles(each);
    }
    return out;
}

} // namespace jwtdomain::gateway::spring
