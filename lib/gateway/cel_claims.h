// Of a CEL expression over `claims`, what can be said as tests of claims. Kubernetes asks that it be true.
// Internal: not installed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jwtdomain::gateway::cel {

struct Test {
    enum class Kind : std::uint8_t {
        present, // has(claims.a)
        equal,   // claims.a == 'v', claims.a in ['v', 'w']
        truth,   // claims.a == true
        prefix,
        suffix,
        contains, // claims.a.startsWith('v')
        member,   // 'v' in claims.a: of a list, or the name of a member of an object
        life,     // claims.exp - claims.iat <= 600: the value is the number of seconds
    } kind = Kind::present;
    std::vector<std::string> claim = {}; // outermost first
    std::vector<std::string> values = {};
};

struct Conjunction {
    std::vector<Test> tests = {};
    bool whole = true; // else something of it is left out
};

Conjunction read(std::string_view expression);

// The claims without which an expression that joins strings has no value: "claims.a + ':' + claims.b". Nothing if it is
// anything else.
std::optional<std::vector<std::vector<std::string>>> read_text(std::string_view expression);

} // namespace jwtdomain::gateway::cel
