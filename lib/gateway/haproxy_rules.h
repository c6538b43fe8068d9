// HAProxy's rules as they are written: words in quotes, acls that are defined once, refusals.
// Internal: not installed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain::gateway::haproxy_rules {

// Could it be a word of a configuration? Control characters could not, and nothing compares with the empty one.
bool is_writable(std::string_view value);

// "'a b'", whatever else is in it.
std::string word(std::string_view value);

// "$.a.b" of jwt_payload_query; nothing if a name has something that HAProxy reads otherwise.
std::optional<std::string> query_of(const std::vector<std::string>& path);

// HAProxy compares letter by letter: media types as they are mostly spelled, with "application/" and without.
std::vector<std::string> spellings(const std::vector<std::string>& types);

// In the text of a token's claims: a time that is no number. HAProxy would take a text for one, and true for 1, and see
// neither null, nor a list, nor an object.
constexpr std::string_view kNoTime = R"re("(exp|nbf|iat)"[[:space:]]*:[[:space:]]*[^-0-9[:space:]])re";
constexpr std::string_view kClaimsText = "field(2,.),ub64dec"; // of a token, as converters

class Rules {
public:
    void line(const std::string& text) { text_ += "    " + text + "\n"; }

    // acl NAME TEST 'VALUE' ..., unless there is one. False: there is.
    bool define(const std::string& name, const std::string& test, const std::vector<std::string>& values);
    // The same by a name like KIND_1, which it gives.
    std::string name_of(const std::string& kind, const std::string& test, const std::vector<std::string>& values);

    void deny_unless(const std::vector<std::string>& alternatives, int status = 401);
    void deny_if(const std::string& condition, int status = 401);

    const std::string& text() const { return text_; }

private:
    std::string text_;
    std::map<std::string, std::string> names_; // by what they test
    std::map<std::string, int> counts_;        // of each kind
};

} // namespace jwtdomain::gateway::haproxy_rules
