// What the libraries of Node share: values as JavaScript takes them, and a path of the normal form as it grows.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::javascript {

// What `if (value)` asks; what is not there is undefined.
bool is_truthy(const Node* value);

// is_unresolved(), and what stands for an environment variable in JavaScript.
bool is_placeholder(std::string_view text);

// Strings and regular expressions, as an option names them: a value, or a list of values.
struct Language {
    std::vector<Node> members = {}; // of the normal form's language
    std::string unread = {};        // why there are more than these; empty: there are none
    bool matches_undefined = false; // a regular expression finds itself in the word "undefined"
    bool has_empty = false;         // the empty string is among them
    bool empty() const { return members.empty() && unread.empty(); }
};

// A RegExp is {"pattern": "^a", "flags": "i"} in the file, or a string "/^a/i", which may also be meant as it stands.
struct Reading {
    bool expressions = false;  // does the library take any?
    bool leaves_falsy = false; // are empty strings and the like left out of a list?
};
Language language_of(const Node& option, Reading reading = {});

// One way in which a token is accepted. What is not said is not looked at.
class Path {
public:
    Path(std::string name, Mark at);

    void put(std::string field, Node value) { gateway::put(node_, std::move(field), std::move(value)); }
    void say(std::string field, std::string word, Mark at) { put(std::move(field), text(std::move(word), at)); }
    void dialect(std::string field, std::string word);
    void drop(const std::string& option, const std::string& why, Mark at);

    // Any issuer, though it may have to be there; of any type, unless a string is asked for.
    void any_issuer(bool required, bool strings_alone, Mark at);
    void issuer(const Language& allowed, bool required, Mark at);
    void audience(const Language& allowed, bool required, Mark at, bool string_only = false);
    // That a claim at the top is one of these; `test` is in, has_any or has_all.
    void claim(const std::string& name, const Language& allowed, bool required, Mark at, const std::string& test = "in",
               const std::string& shape = "");
    void require(const std::string& claim, Mark at); // at the top
    void leeway(std::int64_t seconds, Mark at) { put("leeway", number(seconds, at)); }
    void type(const Node& option);

    Node done() &&;

private:
    Node node_, dialect_, claims_;
    std::vector<Node> required_, dropped_;
};

// What an options file comes to: paths, or the reason why there are none.
struct Guard {
    std::vector<Node> paths = {};
    std::string opaque = {}, open = {};
    Mark at = {};

    void refuse(std::string why, Mark where) {
        if (opaque.empty()) opaque = std::move(why), at = where;
    }
    void let_pass(std::string why, Mark where) {
        if (open.empty() && opaque.empty()) open = std::move(why), at = where;
    }
};

// One API's options: which library they are for, and what stands beside them.
struct Service {
    const Node& node;
    const Node& options; // an object; or, of aws-jwt-verify, a list
    std::string library;
    unsigned major = 0;

    const Node* beside(std::string_view name) const { return node.find(name); }
};

// --- Keys and algorithms ------------------------------------------------------------------------------------------

struct Keys {
    std::vector<Node> sources = {}; // of the normal form
    bool sets = false;              // all of them are sets, by the look of it
    Mark at = {};
    bool none = false; // there is no key at all
};

// "keys" beside the options, else what an option holds: PEM, a JWK or a set, or a secret, which is not read; else keys
// that nobody has named.
Keys keys_of(const Service& service, const Node* option = nullptr);
Keys keys_at(const Node& places); // a file, a URL, or the keys themselves; or a list of those
bool is_pem(const Node* value);
void put_keys(Path& path, const Service& service, const Keys& keys, const char* kid);

// The names that a library takes by itself; in the words of the normal form.
using Algorithms = std::vector<std::string>;
const Algorithms& rsa_algorithms();
Algorithms joined(std::initializer_list<Algorithms> lists);

// An option's list. nullopt: refused, with the reason in `guard`. `none` says whether it is among them.
struct Listed {
    Algorithms names = {};
    bool none = false;
};
std::optional<Listed> algorithms_of(const Node& option, const Algorithms& supported, Guard& guard);

// As a list of the normal form: of the path, where the keys have a say too, or of the keys whatever they say.
void put_algorithms(Path& path, const Algorithms& names, Mark at);
Keys used_for(Keys keys, const Algorithms& names, Mark at);

// --- The libraries ------------------------------------------------------------------------------------------------

Guard read_jose(const Service& service);
Guard read_jsonwebtoken(const Service& service);
Guard read_express_jwt(const Service& service);
Guard read_express_oauth2_jwt_bearer(const Service& service);
Guard read_fastify_jwt(const Service& service);
Guard read_aws_jwt_verify(const Service& service);

} // namespace jwtdomain::gateway::javascript
