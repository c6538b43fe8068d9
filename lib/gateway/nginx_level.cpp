// A level of nginx's configuration, and what passes there.
#include <algorithm>
#include <array>
#include <cstdint>

#include "jwtdomain/gateway/nginx.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::nginx {
namespace {

constexpr std::int64_t kLongest = 100'000'000; // of a leeway: three years

// Parameters for what lies behind, and names of media types: they ask nothing of a request.
constexpr std::array<std::string_view, 7> kHarmless{
    "mime.types",   "fastcgi_params", "fastcgi.conf",          "scgi_params",
    "uwsgi_params", "proxy_params",   "options-ssl-nginx.conf"};

bool is_off(const Directive* directive) { return directive == nullptr || directive->word(1) == "off"; }

bool asks_otherwise(const std::string& name) {
    return name.starts_with("access_by_lua") || name == "auth_oidc" || name == "auth_digest" || name == "js_access" ||
           name == "auth_require" || name == "auth_pam" || name == "auth_ldap" || name == "auth_gss" ||
           name == "perl_access";
}

bool denies_all(const Level& level) {
    return std::any_of(level.addresses.begin(), level.addresses.end(),
                       [](const Directive* each) { return each->name() == "deny" && each->word(1) == "all"; }) &&
           std::none_of(level.addresses.begin(), level.addresses.end(),
                        [](const Directive* each) { return each->name() == "allow"; });
}

bool denies_some(const Level& level) {
    return std::any_of(level.addresses.begin(), level.addresses.end(),
                       [](const Directive* each) { return each->name() == "deny"; });
}

bool has_variable(const std::string& word) { return word.find('$') != word.npos || is_unresolved(word); }

// "60s", "1m30s", "90"; nullopt: it is not read here.
std::optional<std::int64_t> seconds_of(const std::string& word) {
    std::int64_t total = 0;
    for (std::size_t at = 0; at < word.size();) {
        const std::size_t end = std::min(word.find_first_not_of("0123456789", at), word.size());
        if (end == at || end - at > 8) return std::nullopt;
        const std::int64_t count = std::stoll(word.substr(at, end - at));
        std::size_t next = std::min(word.find_first_of("0123456789", end), word.size());
        const std::string unit = word.substr(end, next - end);
        if (unit == "ms")
            total += count / 1000 + 1;
        else if (unit.empty() || unit == "s")
            total += count;
        else if (unit == "m")
            total += count * 60;
        else if (unit == "h")
            total += count * 3600;
        else if (unit == "d")
            total += count * 86'400;
        else
            return std::nullopt;
        at = next;
    }
    if (word.empty() || total > kLongest) return std::nullopt;
    return total;
}

Node algorithms(Mark at) {
    std::vector<Node> out;
    for (const char* name : {"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256",
                             "PS384", "PS512", "EdDSA"})
        out.push_back(text(name, at));
    return list(std::move(out), at);
}

Node keys_of(const Level& level, const KeyPlaces& places, Mark at) {
    std::vector<Node> sources;
    for (const Directive* each : level.key_files) {
        const std::string file = each->word(1);
        const bool known = !file.empty() && !has_variable(file) && file.find_first_of("{}") == file.npos &&
                           file.find("://") == file.npos;
        sources.push_back(known ? text(file, each->mark())
                                : unread_keys("keys of a file that is put in later", each->mark()));
    }
    for (const Directive* each : level.key_requests) {
        const auto found = places.find(each->word(1));
        sources.push_back(found != places.end() ? found->second
                                                : unread_keys("keys of a request to " + each->word(1), each->mark()));
    }
    if (sources.empty()) sources.push_back(unread_keys("keys that are not said here", at));
    for (Node& each : sources) each = used_for(std::move(each), algorithms(at));
    return list(std::move(sources), at);
}

void put_leeway(const Level& level, Node& path, std::vector<Node>& dropped, Mark at) {
    const auto value = level.leeway == nullptr ? std::optional<std::int64_t>(0) : seconds_of(level.leeway->word(1));
    const Mark where = level.leeway != nullptr ? level.leeway->mark() : at;
    put(path, "leeway", number(value.value_or(kLongest), where));
    if (!value) dropped.push_back(text("auth_jwt_leeway: it is not read here", where));
}

Node path_of(const Level& level, const Variables& variables, const KeyPlaces& places) {
    const Mark at = level.auth_jwt->mark();
    std::vector<Node> dropped;
    const auto drop = [&](const Directive* what, const char* why) {
        if (what != nullptr) dropped.push_back(text(what->name() + ": " + why, what->mark()));
    };
    Node path = object(at);
    put(path, "name", text("auth_jwt", at));
    put(path, "keys", keys_of(level, places, at));
    put(path, "kid", text("ignored", at));
    put(path, "algorithms", algorithms(at));
    put(path, "issuer", text("any", at));
    put(path, "audience", text("any", at));
    put(path, "expiry", text("optional", at));
    put(path, "negative_expiry", text("accepted", at)); // nobody says what becomes of it
    put(path, "not_before", text("checked", at));
    put_leeway(level, path, dropped, at);
    Node dialect = object(at);
    put(dialect, "duplicates", text("last", at));
    put(dialect, "base64", text("lenient", at));
    put(dialect, "issuer_array", text("accepted", at));
    put(dialect, "crit", text("ignored", at));
    put(path, "dialect", std::move(dialect));
    for (const Directive* each : level.required) {
        for (std::size_t i = 1; i < each->words.size(); ++i) {
            if (!each->words[i].text.starts_with("error=")) require(variables, each->words[i], path, dropped);
        }
    }
    if (!is_off(level.auth_request)) drop(level.auth_request, "an external service must allow it, too");
    if (!is_off(level.auth_basic)) drop(level.auth_basic, "a password is asked for, too");
    drop(level.other, "another module must allow it, too");
    if (denies_some(level)) drop(level.addresses.front(), "it is about addresses of clients");
    put(path, "principal", list({text("sub", at)}, at));
    if (!dropped.empty()) put(path, "dropped", list(std::move(dropped), at));
    return path;
}

// Where no token is asked for.
Node without_token(const Level& level, const std::string& name, Mark at) {
    if (!is_off(level.auth_request))
        return opaque(name, "an external service decides (auth_request), and what it accepts is not written here",
                      level.auth_request->mark());
    if (level.other != nullptr)
        return opaque(name, level.other->name() + " decides, which is not read here", level.other->mark());
    if (!is_off(level.auth_basic))
        return opaque(name, "a password decides (auth_basic), for which a token is nothing", level.auth_basic->mark());
    if (denies_some(level)) return opaque(name, "the addresses of clients decide", level.addresses.front()->mark());
    return level.auth_jwt != nullptr ? open(name, "auth_jwt is off", level.auth_jwt->mark())
                                     : open(name, "no auth_jwt is in effect", at);
}

} // namespace

const Directive* find(const std::vector<Directive>& directives, std::string_view name) {
    const auto found =
        std::find_if(directives.begin(), directives.end(), [&](const Directive& each) { return each.name() == name; });
    return found == directives.end() ? nullptr : &*found;
}

Level inherit(const Level& above, const std::vector<Directive>& directives) {
    Level out = above, own;
    for (const Directive& each : directives) {
        const std::string& name = each.name();
        if (name == "auth_jwt") out.auth_jwt = &each;
        if (name == "auth_jwt_leeway") out.leeway = &each;
        if (name == "auth_jwt_type") out.type = &each;
        if (name == "satisfy") out.satisfy = &each;
        if (name == "auth_request") out.auth_request = &each;
        if (name == "auth_basic") out.auth_basic = &each;
        if (asks_otherwise(name)) out.other = &each;
        if (name == "auth_jwt_key_file") own.key_files.push_back(&each);
        if (name == "auth_jwt_key_request") own.key_requests.push_back(&each);
        if (name == "auth_jwt_require") own.required.push_back(&each);
        if (name == "allow" || name == "deny") own.addresses.push_back(&each);
        if (name != "include") continue;
        const std::string file = each.word(1).substr(each.word(1).find_last_of('/') + 1);
        if (std::find(kHarmless.begin(), kHarmless.end(), file) == kHarmless.end()) out.include = &each;
    }
    if (!own.key_files.empty()) out.key_files = std::move(own.key_files);
    if (!own.key_requests.empty()) out.key_requests = std::move(own.key_requests);
    if (!own.required.empty()) out.required = std::move(own.required);
    if (!own.addresses.empty()) out.addresses = std::move(own.addresses);
    return out;
}

std::optional<Node> guard_of(const Level& level, const Variables& variables, const KeyPlaces& places,
                             const std::string& name, Mark at) {
    const bool any = level.satisfy != nullptr && level.satisfy->word(1) != "all";
    if (level.include != nullptr)
        return opaque(name, "what it includes is not here: " + plain_name(level.include->word(1)),
                      level.include->mark());
    if (!any && denies_all(level)) return std::nullopt;
    if (is_off(level.auth_jwt)) return without_token(level, name, at);
    if (any) return opaque(name, "another module may let it pass instead (satisfy any)", level.satisfy->mark());
    if (level.auth_jwt->word(1).starts_with('$') || is_unresolved(level.auth_jwt->word(1)))
        return opaque(name, "its realm is put in later, and off turns auth_jwt off", level.auth_jwt->mark());
    if (level.type != nullptr && level.type->word(1) != "signed")
        return opaque(name, "encrypted tokens (auth_jwt_type) are not read here", level.type->mark());
    return guarded(name, {path_of(level, variables, places)}, at);
}

} // namespace jwtdomain::gateway::nginx
