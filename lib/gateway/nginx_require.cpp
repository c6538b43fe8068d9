// auth_jwt_require: variables that maps work out of claims.
//
// By its documentation: a map finds texts whatever their case, and before that of regular expressions nothing but texts
// decides; of an array a variable has its members, with commas between them; of a claim that is not there it is empty.
#include <algorithm>
#include <optional>

#include "jwtdomain/accept/automaton.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/nginx.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::nginx {
namespace {

using document::Kind;

constexpr std::size_t kMostValues = 1000;
constexpr std::string_view kClaim = "$jwt_claim_";

bool is_name(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    });
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The same text in any case of its letters.
std::string in_any_case(std::string_view text) {
    std::string out = "^";
    for (const char c : text) {
        if (is_letter(c))
            out += {'[', static_cast<char>(c | 0x20), static_cast<char>(c & ~0x20), ']'};
        else
            out += accept::quote_regex(std::string_view(&c, 1));
    }
    return out + "$";
}

// Texts that a number or a truth value would be, too, or several values with commas between them.
bool may_be_another(const std::string& text) {
    return text == "true" || text == "false" || text == "null" || text.find(',') != text.npos ||
           text.find_first_not_of("0123456789.eE+-") == text.npos;
}

bool is_off(const std::string& value) { return value.empty() || value == "0"; }

// What the variable may hold where the map gives something; nullopt: there are no words for it.
std::optional<std::vector<Node>> language_of(const Directive& map) {
    std::vector<Node> out;
    if (map.block.size() > kMostValues) return std::nullopt;
    for (const Directive& each : map.block) {
        const std::string& key = each.name();
        const std::string value = each.word(1);
        if (key == "volatile" && each.words.size() == 1) continue;
        if (key == "hostnames" || key == "include" || each.words.size() != 2 || each.has_block) return std::nullopt;
        if (is_off(value)) continue;
        if (key == "default" || key.empty()) return std::nullopt; // all but those that give nothing
        const bool escaped = key.starts_with('\\');
        if (key.starts_with('~') || is_unresolved(key)) return std::nullopt;
        const std::string text = escaped ? key.substr(1) : key;
        if (may_be_another(text) || text.size() > 500) return std::nullopt;
        Node pattern = object(each.mark());
        put(pattern, "regex", gateway::text(in_any_case(text), each.mark()));
        out.push_back(std::move(pattern));
    }
    return out;
}

void put_claim(const std::vector<std::string>& claim, Node test, Node& path, std::vector<Node>& dropped, Mark at) {
    Node claims = path.find("claims") != nullptr ? *path.find("claims") : object(at);
    const std::string name = free_claim_name(claims, claim);
    if (name.empty()) {
        dropped.push_back(text("auth_jwt_require: a further test of a claim", at));
        return;
    }
    put(claims, name, std::move(test));
    put(path, "claims", std::move(claims));
}

void put_language(const std::vector<std::string>& claim, std::vector<Node> values, Node& path,
                  std::vector<Node>& dropped, Mark at) {
    const bool first = claim.size() == 1 && text_of(path.find(claim.front() == "iss" ? "issuer" : "audience")) == "any";
    if (claim == std::vector<std::string>{"iss"} && first) {
        put(path, "issuer", list(std::move(values), at));
        return;
    }
    if (claim == std::vector<std::string>{"aud"} && first) {
        put(path, "audience", list(std::move(values), at));
        return;
    }
    Node test = object(at); // a list of one value is as good as the value
    put(test, "has_any", list(std::move(values), at));
    put_claim(claim, std::move(test), path, dropped, at);
}

} // namespace

void add_variables(const std::vector<Directive>& directives, Variables& out) {
    for (const Directive& each : directives) {
        if (each.name() == "map" && each.has_block) {
            const auto [at, is_new] = out.maps.emplace(lower_case(each.word(2)), &each);
            if (!is_new) at->second = nullptr;
        } else if (each.name() == "auth_jwt_claim_set" && each.words.size() >= 3) {
            std::vector<std::string> path;
            for (std::size_t i = 2; i < each.words.size(); ++i) path.push_back(each.words[i].text);
            const auto [at, is_new] = out.claims.emplace(lower_case(each.word(1)), std::move(path));
            if (!is_new) at->second.clear();
        }
        add_variables(each.block, out);
    }
}

std::size_t size_of(const Variables& variables, std::string_view variable) {
    const auto found = variables.maps.find(lower_case(variable));
    return 10 + (found == variables.maps.end() || found->second == nullptr ? 0 : 10 * found->second->block.size());
}

std::vector<std::string> claim_of(const Variables& variables, std::string_view variable) {
    const std::string name = lower_case(variable); // as nginx reads it
    const auto set = variables.claims.find(name);
    if (set != variables.claims.end()) return set->second;
    if (name != variable || !name.starts_with(kClaim) || !is_name(std::string_view(name).substr(kClaim.size())))
        return {}; // in which case the claim is then looked for, nobody says
    return {name.substr(kClaim.size())};
}

void require(const Variables& variables, const Node& value, Node& path, std::vector<Node>& dropped) {
    const Mark at = value.mark;
    if (const std::vector<std::string> claim = claim_of(variables, value.text); !claim.empty()) {
        Node present = object(at);
        put(present, "present", flag(true, at));
        put_claim(claim, std::move(present), path, dropped, at);
        return;
    }
    const auto found = variables.maps.find(lower_case(value.text));
    const Directive* const map = found == variables.maps.end() ? nullptr : found->second;
    const std::vector<std::string> claim =
        map != nullptr && map->words.size() == 3 ? claim_of(variables, map->word(1)) : std::vector<std::string>();
    std::optional<std::vector<Node>> language;
    if (!claim.empty()) language = language_of(*map);
    if (!language || language->empty()) { // of an empty one nothing passes
        dropped.push_back(text("auth_jwt_require: " + plain_name(value.text.substr(0, 80)) +
                                   (map == nullptr ? " is worked out elsewhere" : ": there are no words for its map"),
                               at));
        return;
    }
    put_language(claim, std::move(*language), path, dropped, at);
}

} // namespace jwtdomain::gateway::nginx
