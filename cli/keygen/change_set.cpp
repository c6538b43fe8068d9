#include <algorithm>

#include "cli/keygen/published.h"
#include "jwtdomain/base/json.h"

namespace jwtdomain::cli {
namespace {

// The key of the set that an element is; each is taken once.
std::optional<std::size_t> number_of(const JwkSet& set, std::string_view element, std::vector<bool>& taken) {
    const auto key = parse_jwk(element);
    for (std::size_t i = 0; key && i < set.keys.size(); ++i) {
        if (taken[i] || identity_of(set.keys[i].key) != identity_of(key->key)) continue;
        taken[i] = true;
        return i;
    }
    return std::nullopt;
}

void set_time(std::string& object, const char* name, const std::map<std::size_t, Time>& times, std::size_t number) {
    const auto found = times.find(number);
    if (found == times.end()) return;
    const std::string value = std::to_string(found->second);
    json::Document document;
    if (document.parse(object)) return; // it was parsed before
    if (const auto old = document.root().find(name)) {
        object.replace(old->offset(), old->raw().size(), value);
        return;
    }
    const std::size_t end = object.find_last_not_of(" \t\r\n", object.rfind('}') - 1) + 1;
    object.insert(end, std::string(",\"") + name + "\":" + value);
}

} // namespace

Result<std::string> change_set(const PublishedSet& published, const SetChange& change) {
    if (published.text.empty() && change.added) return write_jwks({*change.added});
    json::Document document;
    const json::Problem problem = document.parse(published.text);
    const auto keys = problem ? std::nullopt : document.root().find("keys");
    if (!keys || !keys->is(json::Kind::array)) {
        return fail(Error{.fault = Fault::invalid,
                          .message = "the file is not a set of keys",
                          .where = {published.path},
                          .hint = "a set is written {\"keys\": [...]}"});
    }
    std::vector<bool> taken(published.set.keys.size());
    std::string out = published.text.substr(0, keys->offset());
    std::size_t from = keys->offset();
    bool dropped = false;
    for (const json::Member& member : *keys) {
        std::string text(member.value.raw());
        const std::size_t at = member.value.offset(), end = at + text.size();
        const auto number = number_of(published.set, text, taken);
        const bool gone =
            number && std::find(change.removed.begin(), change.removed.end(), *number) != change.removed.end();
        if (number && !gone) {
            set_time(text, "nbf", change.starts, *number);
            set_time(text, "exp", change.ends, *number);
        }
        std::string before = published.text.substr(from, at - from); // a bracket or comma, and white space
        from = end;
        if (gone) {
            dropped = true;
            // The first of what stays takes its bracket over.
            if (out.size() == keys->offset()) out += "[";
            continue;
        }
        if (dropped && out.size() == keys->offset() + 1) before.erase(0, before.find(',') + 1);
        out += before + text;
    }
    out += published.text.substr(from);
    if (!change.added) return out;
    PublishedSet changed{.path = published.path, .text = std::move(out), .set = {}};
    return add_to_set(changed, *change.added);
}

} // namespace jwtdomain::cli
