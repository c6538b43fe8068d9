// What an expression of HAProxy (a fetch with its converters) comes to, as far as tokens are concerned.
// Internal: not installed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/haproxy_formula.h"
#include "jwtdomain/gateway/haproxy_text.h"

namespace jwtdomain::gateway::haproxy {

struct Value {
    enum class Kind : std::uint8_t {
        unknown,
        constant,     // `text`
        request,      // something of the request, which may be a token: `text` says what
        payload,      // the value of a token's claim, by `query`
        header,       // the same of its header
        verification, // what jwt_verify says of a token
        moment,       // a claim and the time of day: claims * the claim + nows * now + seconds
        life,         // exp - iat
    };
    Kind kind = Kind::unknown;
    std::string text = {};               // what it is, the same for all that are equal
    std::string token = {};              // which token of the request
    std::string query = {};              // "$.iss"
    bool whole = false;                  // read with 'int'
    bool several = false;                // in a condition each value of the header is tried; a variable takes the last
    std::string algorithm = {};          // of a verification; empty: not a fixed one
    bool of_header = false;              // ... but what the token's own header says
    std::optional<std::string> key = {}; // the argument, unless that is not known
    int claims = 0, nows = 0;
    std::int64_t seconds = 0;
};

// A variable, as far as the rules before have set it.
struct Variable {
    Value value;
    Formula when = Formula::always(); // otherwise it is not set
};

// What expressions depend on besides themselves. Rules change it, one after the other.
class State {
public:
    Value read(const Word& expression) const;

    // A variable keeps its value where the new one cannot be had: set twice, it is not known.
    void set(const std::string& name, Value value, Formula when);
    const Variable* variable(const std::string& name) const;
    // If it reads one variable and nothing else, that one.
    const Variable* variable_of(const Word& expression) const;
    void forget_variables();
    void forget_header(const std::string& name); // it has been changed; empty: all have
    void forget_place() { ++place_; }            // path, query, method
    void forget_everything();

private:
    struct Call {
        std::string name;
        std::vector<std::string> arguments;
    };
    static std::optional<std::vector<Call>> calls_of(std::string_view text);
    static bool is_elsewhere(const Call& call);
    Value fetched(const Call& call) const;
    Value converted(Value value, const Call& call) const;
    Value verified(const Value& token, const Call& call) const;
    Value moved(Value value, const std::string& by, int sign) const;
    std::string age_of_header(const std::string& name) const;

    std::map<std::string, Variable> variables_;
    std::map<std::string, unsigned> headers_; // how often each has been changed
    unsigned place_ = 0, all_headers_ = 0, all_variables_ = 0;
};

} // namespace jwtdomain::gateway::haproxy
