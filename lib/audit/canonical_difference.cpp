#include "jwtdomain/audit/canonical_difference.h"

#include <map>

namespace jwtdomain::audit::canonical {
namespace {

// Every place where the two differ.
void compare(const Json& said, const Json& found, const std::string& place, std::size_t most,
             std::vector<std::string>& out) {
    if (out.size() >= most || said == found) return;
    const auto below = [&](const std::string& name) { return place.empty() ? name : place + "." + name; };
    if (said.is_object() && found.is_object()) {
        for (const auto& [name, value] : said.items()) {
            if (const auto other = found.find(name); other != found.end())
                compare(value, *other, below(name), most, out);
            else
                out.push_back(below(name) + ": only the certificate has it");
        }
        for (const auto& [name, value] : found.items()) {
            if (!said.contains(name)) out.push_back(below(name) + ": the certificate has none");
        }
        return;
    }
    if (said.is_array() && found.is_array() && said.size() == found.size()) {
        for (std::size_t i = 0; i < said.size(); ++i)
            compare(said[i], found[i], place + "[" + std::to_string(i) + "]", most, out);
        return;
    }
    if (said.is_array() && found.is_array())
        out.push_back(place + ": the certificate has " + std::to_string(said.size()) + ", the policy gives " +
                      std::to_string(found.size()));
    else
        out.push_back(place + ": the certificate says " + shown(said) + ", the policy gives " + shown(found));
}

// Changed files explain most of what differs below, and have names.
void compare_inputs(const Json& said, const Json& found, std::vector<std::string>& out) {
    const auto digests = [](const Json& list) {
        std::map<std::string, std::string> files;
        for (const Json& input : list) {
            if (!input.is_object() || !input.contains("path") || !input.contains("sha256")) continue;
            if (const Json& path = input["path"]; path.is_string())
                files[path.get<std::string>()] = shown(input["sha256"]);
        }
        return files;
    };
    const auto before = digests(said), now = digests(found);
    for (const auto& [path, digest] : before) {
        const auto same = now.find(path);
        if (same == now.end())
            out.push_back(path + " is not read any more");
        else if (same->second != digest)
            out.push_back(path + " has changed");
    }
    for (const auto& [path, digest] : now) {
        if (before.count(path) == 0) out.push_back(path + " was not there");
    }
}

} // namespace

std::string shown(const Json& json) {
    constexpr std::size_t kShown = 72;
    std::string text = canonical::text_of(json);
    if (text.size() > kShown) text = text.substr(0, kShown) + "...";
    return text;
}

std::vector<std::string> differences(const Json& said, const Json& found, std::size_t most) {
    std::vector<std::string> out;
    if (const auto inputs = said.find("inputs"); inputs != said.end() && inputs->is_array())
        compare_inputs(*inputs, found.at("inputs"), out);
    compare(said, found, "", most, out);
    return out;
}

} // namespace jwtdomain::audit::canonical
