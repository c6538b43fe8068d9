// What `inspect` has to say about one token: a value, printed elsewhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/base/time.h"
#include "jwtdomain/jwt/inspect.h"
#include "jwtdomain/jwt/unwrap.h"
#include "jwtdomain/policy/lower.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

// A domain of the policy that the token may belong to, going by what it says.
struct DomainMatch {
    std::string name;
    bool issuer = false, claim = false, audience = false;
    std::optional<bool> has_kid =
        {}; // the token's kid is that of one of its keys; nullopt: the token or the keys have none
};

struct InspectReport {
    inspect::Token token; // redacted, unless it is to be revealed
    std::vector<Seen> seen;
    std::size_t more = 0; // further tokens in the input
    bool policy_read = false;
    std::vector<DomainMatch> domains; // the best match first; only those whose issuer matches, if there is one
    Time now = 0;
};

// `policy` may be null; `keys` reads the keys of its domains. Without `reveal`, tokens and other credentials inside the
// token are redacted.
InspectReport make_report(const Unwrapped& input, const policy::Policy* policy, const policy::KeyReader& keys,
                          bool reveal, Time now);

// One value out of the header or the claims, as it is: a string without quotes, all else as JSON. `name` is that of
// a member, or a JSON Pointer (RFC 6901). Faults: not_found.
Result<std::string> get_value(const std::string& object, std::string_view name);

std::string to_text(const InspectReport& report, bool color);
std::string to_json(const InspectReport& report);

} // namespace jwtdomain::cli
