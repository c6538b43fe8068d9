#include "cli/inspect/report.h"
#include "jwtdomain/base/json.h"
#include "jwtdomain/base/suggest.h"

namespace jwtdomain::cli {
namespace {

// One reference token of a JSON Pointer, unescaped (RFC 6901 section 4).
std::string unescaped(std::string_view token) {
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const bool escape = token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
        out += escape ? (token[++i] == '0' ? '~' : '/') : token[i];
    }
    return out;
}

std::optional<json::Value> child(json::Value value, const std::string& name) {
    if (value.is(json::Kind::object)) return value.find(name);
    if (!value.is(json::Kind::array)) return std::nullopt;
    std::size_t index = 0;
    for (const json::Member& element : value) {
        if (std::to_string(index++) == name) return element.value;
    }
    return std::nullopt;
}

std::optional<json::Value> follow(json::Value root, std::string_view pointer) {
    std::optional<json::Value> at = root;
    while (at && !pointer.empty()) {
        const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
        at = child(*at, unescaped(pointer.substr(1, end - 1)));
        pointer.remove_prefix(end);
    }
    return at;
}

} // namespace

Result<std::string> get_value(const std::string& object, std::string_view name) {
    json::Document document;
    const json::Limits limits{.depth = 32, .values = 100000, .duplicates = json::Duplicates::last};
    if (object.empty() || document.parse(object, limits)) return fail(Fault::not_found, "nothing of it can be read");
    const json::Value root = document.root();
    auto value = root.find(name);
    if (!value && !name.empty() && name.front() == '/') value = follow(root, name);
    if (value) return std::string(value->is(json::Kind::string) ? value->text() : value->raw());
    std::vector<std::string_view> names;
    for (const json::Member& member : root) names.push_back(member.name);
    const std::string_view near = nearest(name, names);
    return fail(Fault::not_found, "there is no \"" + std::string(name) + "\" in it",
                near.empty() ? "" : "did you mean " + std::string(near) + "?");
}

} // namespace jwtdomain::cli
