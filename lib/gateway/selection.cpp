#include "jwtdomain/gateway/selection.h"

#include <algorithm>
#include <array>

namespace jwtdomain::gateway {
namespace {

constexpr std::array<std::string_view, 3> kWords{"namespace=", "host=", "label="};

bool begins_selection(std::string_view text) {
    return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return text.starts_with(word); });
}

tl::unexpected<Error> refuse(std::string message) {
    return fail(Fault::usage, std::move(message),
                "write PATH#namespace=NAME&host=NAME&label=NAME=VALUE, as much of it as is needed");
}

Status set_once(std::string& field, std::string_view word, std::string_view value) {
    if (!field.empty()) return refuse("two selections by " + std::string(word));
    field = value;
    return {};
}

Status add(Selection& selection, std::string_view part) {
    const std::size_t at = part.find('=');
    const std::string_view word = part.substr(0, at), value = at == part.npos ? "" : part.substr(at + 1);
    if (!begins_selection(part)) return refuse("\"" + std::string(part) + "\" selects nothing that is known here");
    if (value.empty()) return refuse("a selection by " + std::string(word) + " without a value");
    if (word == "namespace") return set_once(selection.name_space, word, value);
    if (word == "host") return set_once(selection.host, word, value);
    const std::size_t equals = value.find('=');
    if (equals == value.npos || equals == 0) return refuse("\"" + std::string(value) + "\" is no label with a value");
    selection.labels.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    return {};
}

} // namespace

Result<Place> parse_place(std::string_view written) {
    const std::size_t at = written.rfind('#');
    if (at == written.npos || !begins_selection(written.substr(at + 1))) return Place{std::string(written), {}};
    Place out{.path = std::string(written.substr(0, at)), .selection = {}};
    std::string_view rest = written.substr(at + 1);
    for (;;) {
        const std::size_t end = rest.find('&');
        if (const Status added = add(out.selection, rest.substr(0, end)); !added) return fail(added.error());
        if (end == rest.npos) return out;
        rest.remove_prefix(end + 1);
    }
}

} // namespace jwtdomain::gateway
