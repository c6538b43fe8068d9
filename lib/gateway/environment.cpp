#include "jwtdomain/gateway/environment.h"

#include <algorithm>

#include "jwtdomain/base/text.h"

namespace jwtdomain::gateway {

using document::Kind;

namespace {

constexpr std::size_t kMost = 1000; // environments of a text

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

// Lines of NAME=VALUE, perhaps with `export` before and quotes about the value; others make it something else.
bool read_lines(std::string_view source, std::uint32_t number, Environment& out) {
    std::uint32_t line = 0;
    for (std::size_t at = 0; at < source.size();) {
        const std::size_t end = std::min(source.find('\n', at), source.size());
        std::string_view text = trimmed(source.substr(at, end - at));
        at = end + 1;
        ++line;
        if (text.empty() || text.front() == '#') continue;
        if (text.starts_with("export ")) text = trimmed(text.substr(7));
        const std::size_t equal = text.find('=');
        if (equal == text.npos || !is_name(text.substr(0, equal))) return false;
        std::string_view value = trimmed(text.substr(equal + 1));
        const bool quoted =
            value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
        const bool plain = quoted && (value.front() == '\'' || value.find('\\') == value.npos);
        if (quoted) value = value.substr(1, value.size() - 2);
        std::string read(value);
        if (quoted && !plain) { // \" in a JSON text
            for (std::size_t i = read.find('\\'); i != read.npos; i = read.find('\\', i + 1)) read.erase(i, 1);
        }
        const Mark mark{.line = line, .column = 1, .source = number};
        put(out.values, std::string(text.substr(0, equal)), gateway::text(std::move(read), mark));
    }
    return true;
}

class Walk {
public:
    explicit Walk(std::string_view prefix) : prefix_(prefix) {}

    void walk(const Node& node, const std::string& name, bool partial) {
        if (out.size() >= kMost) return;
        if (node.kind == Kind::array) walk_list(node, name, partial);
        if (node.kind != Kind::object) return;
        Environment found{.name = name, .values = object(node.mark), .partial = partial, .mark = node.mark};
        for (std::size_t i = 0; i < node.names.size(); ++i) {
            if (node.names[i].text.starts_with(prefix_)) put(found.values, node.names[i].text, node.elements[i]);
        }
        if (!found.values.names.empty()) out.push_back(std::move(found));
        std::string own = text_of(node.find("name"));
        if (own.empty()) own = text_of(member(node.find("metadata"), "name"));
        const bool more = text_of(node.find("kind")) == "ConfigMap" || node.find("envFrom") != nullptr ||
                          node.find("env_file") != nullptr || (partial && name.empty());
        for (std::size_t i = 0; i < node.elements.size(); ++i) {
            const bool service = name == "services";
            walk(node.elements[i],
                 service                            ? node.names[i].text
                 : node.names[i].text == "services" ? "services"
                 : own.empty()                      ? name
                                                    : own,
                 more || (partial && !service));
        }
    }

    std::vector<Environment> out = {};

private:
    void walk_list(const Node& node, const std::string& name, bool partial) {
        Environment found{.name = name, .values = object(node.mark), .partial = partial, .mark = node.mark};
        for (const Node& each : node.elements) {
            const std::string called = text_of(member(&each, "name"));
            const std::size_t equal = each.kind == Kind::string ? each.text.find('=') : std::string::npos;
            if (called.starts_with(prefix_)) {
                const Node* const value = each.find("value");
                put(found.values, called, value != nullptr ? *value : object(each.mark));
            } else if (equal != std::string::npos && each.text.starts_with(prefix_)) {
                put(found.values, each.text.substr(0, equal), text(each.text.substr(equal + 1), each.mark));
            } else {
                walk(each, name, partial);
            }
        }
        if (!found.values.names.empty()) out.push_back(std::move(found));
    }

    std::string_view prefix_;
};

} // namespace

std::vector<Environment> environments_of(const Source& source, std::uint32_t number, std::string_view prefix) {
    if (source.text.find(prefix) == std::string::npos) return {};
    Environment lines{.name = {}, .values = object({.line = 1, .column = 1, .source = number})};
    lines.mark = lines.values.mark;
    const bool all = read_lines(source.text, number, lines);
    const bool some = std::any_of(lines.values.names.begin(), lines.values.names.end(),
                                  [&](const auto& name) { return name.text.starts_with(prefix); });
    if (all && some) return {std::move(lines)};
    if (all) return {};
    const auto documents = document::parse_stream(source.text, source.file, number);
    if (!documents) return {};
    Walk walk(prefix);
    for (const Node& each : *documents) walk.walk(each, "", false);
    return std::move(walk.out);
}

const Node* variable(const Environment& environment, std::string_view name) {
    const Node* const found = environment.values.find(name);
    if (found == nullptr || found->kind == Kind::null || (found->kind == Kind::string && found->text.empty()))
        return nullptr;
    return found;
}

} // namespace jwtdomain::gateway
