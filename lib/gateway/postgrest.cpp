// PostgREST: its configuration file, or the variables PGRST_ that stand for it.
//
// By its own source (Auth/Jwt.hs, Config.hs) and that of jose-jwt: jwt-secret is a text for HS256 alone, or a JWK or a
// set of them in JSON, whose alg counts, or one of these in a file ("@file"), or in base64. kid selects where a token
// has one. The issuer is never looked at. jwt-aud must be aud, or in it; an absent aud passes, and so does an empty
// list. exp is looked at where it is there, with 30 seconds of leeway; so are nbf and iat, which count for nothing
// unless they are whole numbers. Of two names the first counts. Without a token a request has the role db-anon-role, if
// there is one; without that a token must name a role (jwt-role-claim-key).
#include <algorithm>
#include <array>

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/gateway/claim_name.h"
#include "jwtdomain/gateway/environment.h"
#include "jwtdomain/gateway/importers.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway {
namespace {

using document::Kind;

constexpr std::string_view kVariables = "PGRST_";
constexpr std::int64_t kSkew = 31; // 30, and the second that is just beginning

struct Api {
    std::string name;     // empty, or with ": " at its end
    Node settings = {};   // by the names of the configuration file
    bool partial = false; // other settings come from elsewhere
    std::string fault = {};
    Mark mark = {};
};

// "jwt-secret" of "PGRST_JWT_SECRET".
std::string setting_name(std::string_view variable) {
    std::string out = lower_case(variable.substr(kVariables.size()));
    std::replace(out.begin(), out.end(), '_', '-');
    return out;
}

// `name = "text"`, `name = word`, a line each.
Api file_of(const Source& source, std::uint32_t number) {
    Api out{.name = {}, .settings = object({.line = 1, .column = 1, .source = number})};
    out.mark = out.settings.mark;
    std::uint32_t line = 0;
    const auto refuse = [&](const char* why, Mark at) {
        if (!out.fault.empty()) return;
        out.fault = why;
        out.mark = at;
    };
    for (std::size_t at = 0; at < source.text.size();) {
        const std::size_t end = std::min(source.text.find('\n', at), source.text.size());
        const std::string_view text = trimmed(std::string_view(source.text).substr(at, end - at));
        at = end + 1;
        const Mark mark{.line = ++line, .column = 1, .source = number};
        if (text.empty() || text.front() == '#') continue;
        const std::size_t equal = text.find('=');
        std::string name = lower_case(trimmed(text.substr(0, std::min(equal, text.size()))));
        if (equal == text.npos || name.empty() || name.find_first_of(" \"'{}[]") != name.npos) {
            refuse("a line that is no setting", mark);
            continue;
        }
        const std::string_view written = trimmed(text.substr(equal + 1));
        std::string value;
        if (!written.starts_with('"')) {
            value = trimmed(written.substr(0, written.find('#')));
        } else {
            std::size_t i = 1;
            for (; i < written.size() && written[i] != '"'; ++i) {
                if (written[i] == '\\' && i + 1 < written.size()) ++i;
                value += written[i];
            }
            const std::string_view rest = i < written.size() ? trimmed(written.substr(i + 1)) : "without an end";
            if (!rest.empty() && rest.front() != '#') refuse("a text that is not read here", mark);
        }
        if (out.settings.find(name) != nullptr) refuse("a setting stands twice", mark);
        put(out.settings, std::move(name), gateway::text(std::move(value), mark));
    }
    return out;
}

bool is_file(const Source& source) {
    constexpr std::array<std::string_view, 3> kTelling{"db-uri", "db-anon-role", "jwt-secret"};
    const auto stands = [&](std::string_view name) { return source.text.find(name) != std::string::npos; };
    if (std::none_of(kTelling.begin(), kTelling.end(), stands)) return false;
    const Api read = file_of(source, 0);
    return std::any_of(kTelling.begin(), kTelling.end(),
                       [&](std::string_view name) { return read.settings.find(name) != nullptr; });
}

std::vector<Api> apis_of(const Source& source, std::uint32_t number) {
    std::vector<Api> out;
    for (Environment& each : environments_of(source, number, kVariables)) {
        Api api{.name = each.name.empty() ? "" : plain_name(each.name) + ": ",
                .settings = object(each.mark),
                .partial = each.partial,
                .mark = each.mark};
        for (std::size_t i = 0; i < each.values.names.size(); ++i) {
            const std::string& name = each.values.names[i].text;
            if (name.starts_with(kVariables) && each.values.elements[i].kind != Kind::null)
                put(api.settings, setting_name(name), std::move(each.values.elements[i]));
        }
        out.push_back(std::move(api));
    }
    if (out.empty() && is_file(source)) out.push_back(file_of(source, number));
    return out;
}

std::string unknown_of(const Node& settings) {
    constexpr std::array<std::string_view, 7> kHarmless{"db-",    "server-",         "openapi-", "log-",
                                                        "admin-", "raw-media-types", "app."};
    constexpr std::array<std::string_view, 9> kRead{"jwt-secret",
                                                    "jwt-aud",
                                                    "jwt-secret-is-base64",
                                                    "secret-is-base64",
                                                    "jwt-role-claim-key",
                                                    "role-claim-key",
                                                    "jwt-cache-max-lifetime",
                                                    "jwt-cache-max-entries",
                                                    "max-rows"};
    for (const Node::Name& each : settings.names) {
        const bool read = std::find(kRead.begin(), kRead.end(), each.text) != kRead.end();
        const bool harmless = std::any_of(kHarmless.begin(), kHarmless.end(),
                                          [&](std::string_view prefix) { return each.text.starts_with(prefix); });
        if (!read && !harmless && !each.text.starts_with("app-settings") && each.text != "pre-request" &&
            each.text != "client-error-verbosity" && each.text != "config")
            return each.text;
    }
    return {};
}

class Reader {
public:
    explicit Reader(const Api& api) : api_(api), path_(object(api.mark)) {}

    void read(Verifiers& out) {
        if (const std::string what = unknown_of(api_.settings); !api_.fault.empty() || !what.empty()) {
            out.push_back(opaque(
                api_.name + "every request",
                !api_.fault.empty() ? api_.fault : "a setting that is not known here: " + plain_name(what), api_.mark));
            return;
        }
        read_anonymous(out);
        read_tokens();
        out.push_back(guarded(api_.name + "tokens", {std::move(path_)}, api_.mark));
    }

private:
    const Node* setting(std::string_view name, std::string_view older = "") const {
        for (const std::string_view each : {name, older}) {
            const Node* const found = api_.settings.find(each);
            if (found != nullptr && (found->kind != Kind::string || !found->text.empty())) return found;
        }
        return nullptr;
    }

    static bool is_known(const Node& value) {
        return value.kind != Kind::object && value.kind != Kind::array && !is_unresolved(value);
    }

    void drop(std::string why, Mark at) { dropped_.push_back(text(std::move(why), at)); }

    void read_anonymous(Verifiers& out) {
        const Node* const role = setting("db-anon-role");
        const std::string name = api_.name + "requests without a token";
        anonymous_ = role != nullptr || api_.partial;
        if (role != nullptr && is_known(*role))
            out.push_back(
                open(name, "they have the role " + plain_name(text_of(role)) + " (db-anon-role)", role->mark));
        else if (anonymous_)
            out.push_back(opaque(name, "whether there is a db-anon-role is said elsewhere",
                                 role != nullptr ? role->mark : api_.mark));
    }

    void read_tokens() {
        put(path_, "name", text("jwt", api_.mark));
        put(path_, "keys", keys());
        put(path_, "kid", text("hint", api_.mark));
        put(path_, "issuer", text("any", api_.mark));
        put_audience();
        put(path_, "expiry", text("optional", api_.mark));
        put(path_, "leeway", number(kSkew, api_.mark));
        drop("nbf, iat: that they are not yet to come, where they are whole numbers", api_.mark);
        put_role();
        Node dialect = object(api_.mark);
        put(dialect, "duplicates", text("first", api_.mark));
        put(dialect, "base64", text("lenient", api_.mark));
        put(dialect, "issuer_array", text("accepted", api_.mark));
        put(dialect, "crit", text("ignored", api_.mark));
        put(path_, "dialect", std::move(dialect));
        put(path_, "dropped", list(std::move(dropped_), api_.mark));
    }

    // Of octets that are no JSON.
    static Node secret(const std::string& octets, Mark at) {
        Node key = inline_keys(R"({"keys":[{"kty":"oct","k":")" + base64url_encode(octets) + "\"}]}", at);
        return used_for(std::move(key), list({text("HS256", at)}, at));
    }

    Node keys() const {
        const Node* const written = setting("jwt-secret");
        if (written == nullptr) return unread_keys("keys that are not said here (jwt-secret)", api_.mark);
        const Node* const encoded = setting("jwt-secret-is-base64", "secret-is-base64");
        const std::string answer = encoded == nullptr ? "false" : lower_case(text_of(encoded));
        const Mark at = written->mark;
        if (!is_known(*written) || written->kind != Kind::string || (answer != "true" && answer != "false"))
            return unread_keys("keys that are put in later (jwt-secret)", at);
        std::string octets = written->text;
        if (octets.starts_with('@')) {
            const bool file = answer == "false" && octets.size() > 1 && octets.find_first_of("{}") == octets.npos &&
                              octets.find("://") == octets.npos;
            return file ? text(octets.substr(1), at) : unread_keys("keys of a file in base64 (jwt-secret)", at);
        }
        if (answer == "true") {
            std::replace(octets.begin(), octets.end(), '.', '=');
            std::string decoded;
            if (!base64_decode_lenient(octets, decoded)) return unread_keys("a jwt-secret that is no base64", at);
            octets = std::move(decoded);
        }
        return trimmed(octets).starts_with('{') ? inline_keys(octets, at) : secret(octets, at);
    }

    void put_audience() {
        const Node* const audience = setting("jwt-aud");
        if (audience == nullptr || !is_known(*audience)) {
            put(path_, "audience", text("any", audience != nullptr ? audience->mark : api_.mark));
            if (audience != nullptr) drop("jwt-aud: it is put in later", audience->mark);
            if (audience == nullptr && api_.partial) drop("jwt-aud: it may be said elsewhere", api_.mark);
            return;
        }
        Node rule = object(audience->mark);
        put(rule, "any_of", one_of({text(text_of(audience), audience->mark)}, audience->mark));
        put(rule, "optional", flag(true, audience->mark));
        put(rule, "empty_ok", flag(true, audience->mark));
        put(path_, "audience", std::move(rule));
    }

    // Without an anonymous role a token must name one.
    void put_role() {
        const Node* const key = setting("jwt-role-claim-key", "role-claim-key");
        std::string name = key == nullptr ? ".role" : text_of(key);
        const bool plain =
            name.size() > 1 && name.front() == '.' &&
            name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", 1) == name.npos;
        if (anonymous_) return;
        if (!plain) return drop("jwt-role-claim-key: that the token names a role", key->mark);
        const Mark at = key != nullptr ? key->mark : api_.mark;
        Node present = object(at), claims = object(at);
        put(present, "present", flag(true, at));
        put(claims, name.substr(1), std::move(present));
        put(path_, "claims", std::move(claims));
    }

    const Api& api_;
    Node path_;
    std::vector<Node> dropped_ = {};
    bool anonymous_ = false; // a request without a token may pass
};

} // namespace

bool recognises_postgrest(const Content& content) {
    return std::any_of(content.sources.begin(), content.sources.end(),
                       [](const Source& each) { return !apis_of(each, 0).empty(); });
}

Verifiers read_postgrest(const Content& content) {
    Verifiers out;
    for (std::uint32_t i = 0; i < content.sources.size(); ++i) {
        for (Api& each : apis_of(content.sources[i], i)) {
            if (content.sources.size() > 1 && each.name.empty()) each.name = plain_name(content.sources[i].file) + ": ";
            Reader(each).read(out);
        }
    }
    return out;
}

} // namespace jwtdomain::gateway
