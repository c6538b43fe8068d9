// Keys and algorithms of the libraries of Node.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "jwtdomain/crypto/algorithm.h"
#include "jwtdomain/gateway/node_path.h"
#include "jwtdomain/gateway/values.h"
#include "jwtdomain/policy/names.h"

namespace jwtdomain::gateway::javascript {
namespace {

using document::Kind;

nlohmann::json json_of(const Node& value) {
    switch (value.kind) {
    case Kind::null: return nullptr;
    case Kind::boolean: return value.truth;
    case Kind::integer: return value.integer;
    case Kind::real:
    case Kind::string: return value.text;
    case Kind::array: {
        auto out = nlohmann::json::array();
        for (const Node& each : value.elements) out.push_back(json_of(each));
        return out;
    }
    case Kind::object: {
        auto out = nlohmann::json::object();
        for (std::size_t i = 0; i < value.names.size(); ++i) out[value.names[i].text] = json_of(value.elements[i]);
        return out;
    }
    }
    return nullptr;
}

// Nobody has such a file, so that keys of this name are never read.
Node unread(const char* what, Mark at) { return text(std::string("keys that are not read here, ") + what, at); }

bool looks_like_text(std::string_view keys) {
    const std::size_t first = keys.find_first_not_of(" \t\r\n");
    return keys.find("-----BEGIN ") != std::string_view::npos ||
           (first != std::string_view::npos && (keys[first] == '{' || keys[first] == '['));
}

Node placed(const Node& value, bool& set) {
    const std::string& place = value.text;
    if (is_placeholder(place)) return unread("since their place is put in elsewhere", value.mark);
    if (looks_like_text(place)) {
        set = place.find("-----BEGIN ") == std::string::npos && place.find("\"keys\"") != std::string::npos;
        if (place.find("PRIVATE KEY-----") != std::string::npos) return unread("a private key", value.mark);
        return inline_keys(place, value.mark);
    }
    if (place.empty() || place == "none" || place == "discovery" || place.find_first_of("{}") != std::string::npos)
        return unread("by their name", value.mark);
    if (place.find("://") != std::string::npos) {
        set = true;
        const bool fetched = policy::is_fetchable_url(place) || place.rfind("http://", 0) == 0;
        return fetched ? text(place, value.mark) : unread("from a place of another kind", value.mark);
    }
    set = place.ends_with(".json") || place.ends_with(".jwks");
    return text(place, value.mark);
}

// An object that JSON.stringify would give back; one with the members of a secret or a private key is not repeated.
bool has_secrets(const Node& value) {
    for (const char* name : {"d", "k", "p", "q", "oth", "dp", "dq", "qi", "priv"}) {
        if (value.find(name) != nullptr) return true;
    }
    const Node* const keys = value.find("keys");
    return is(keys, Kind::array) &&
           std::any_of(keys->elements.begin(), keys->elements.end(), [](const Node& key) { return has_secrets(key); });
}

Node source_of(const Node& value, bool& set) {
    set = false;
    if (value.kind == Kind::string) return placed(value, set);
    if (value.kind != Kind::object) return unread("since they are of no kind that is known", value.mark);
    set = is(value.find("keys"), Kind::array);
    const bool key = is(value.find("kty"), Kind::string);
    if (has_secrets(value)) return unread("a secret or a private key", value.mark);
    return set || key
               ? inline_keys(json_of(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace), value.mark)
               : unread("since they are code", value.mark);
}

const Node* keys_beside(const Service& service) { return service.beside("keys"); }

} // namespace

Keys keys_at(const Node& value) {
    Keys out{.sources = {}, .sets = true, .at = value.mark};
    const bool several = value.kind == Kind::array && !value.elements.empty();
    const Node* const begin = several ? value.elements.data() : &value;
    for (const Node* each = begin; each != begin + (several ? value.elements.size() : 1); ++each) {
        bool set = false;
        out.sources.push_back(source_of(*each, set));
        out.sets = out.sets && set;
    }
    return out;
}

bool is_pem(const Node* value) {
    return is(value, Kind::string) && value->text.find("-----BEGIN ") != std::string::npos;
}

Keys keys_of(const Service& service, const Node* option) {
    if (const Node* const beside = keys_beside(service)) return keys_at(*beside);
    if (is(option, Kind::object) || (is(option, Kind::string) && looks_like_text(option->text)))
        return keys_at(*option);
    if (option != nullptr)
        return {.sources = {unread("a secret or code", option->mark)}, .sets = false, .at = option->mark};
    return {.sources = {unread("since nothing names them", service.node.mark)},
            .sets = false,
            .at = service.node.mark,
            .none = true};
}

void put_keys(Path& path, const Service& service, const Keys& keys, const char* kid) {
    path.put("keys", list(keys.sources, keys.at));
    const Node* const said = service.beside("kid");
    path.say("kid", said != nullptr ? said->text : kid, said != nullptr ? said->mark : keys.at);
}

const Algorithms& rsa_algorithms() {
    static const Algorithms names{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"};
    return names;
}

Algorithms joined(std::initializer_list<Algorithms> lists) {
    Algorithms out;
    for (const Algorithms& each : lists) out.insert(out.end(), each.begin(), each.end());
    return out;
}

std::optional<Listed> algorithms_of(const Node& option, const Algorithms& supported, Guard& guard) {
    Listed out;
    const auto add = [&](const Node& name) {
        if (name.kind != Kind::string || is_placeholder(name.text)) return false;
        if (name.text == "none") out.none = true;
        if (std::find(supported.begin(), supported.end(), name.text) != supported.end()) out.names.push_back(name.text);
        return name.text == "none" || name.text == "EdDSA" || find_algorithm(name.text).has_value();
    };
    if (option.kind != Kind::array) {
        guard.refuse("algorithms that are not a list", option.mark);
        return std::nullopt;
    }
    for (const Node& name : option.elements) {
        if (add(name)) continue;
        guard.refuse("an algorithm that is not known here: " + plain_name(text_of(&name)), name.mark);
        return std::nullopt;
    }
    if (out.names.empty() && !out.none) {
        guard.refuse("its list has no algorithm that the library could take, so that it takes nothing", option.mark);
        return std::nullopt;
    }
    return out;
}

namespace {

Node listed(const Algorithms& names, Mark at) {
    std::vector<Node> out;
    for (const std::string& name : names) out.push_back(text(name, at));
    return list(std::move(out), at);
}

} // namespace

void put_algorithms(Path& path, const Algorithms& names, Mark at) { path.put("algorithms", listed(names, at)); }

Keys used_for(Keys keys, const Algorithms& names, Mark at) {
    for (Node& source : keys.sources) {
        if (source.kind == Kind::string) {
            Node place = object(source.mark);
            put(place, "jwks", std::move(source));
            source = std::move(place);
        }
        put(source, "algorithms", listed(names, at));
    }
    return keys;
}

} // namespace jwtdomain::gateway::javascript
