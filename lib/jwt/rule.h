// Rules: what can be wrong with domains as they are declared and deployed, as reasons are for one token. Ids and names
// are public and stable. One table; documentation and explain pages come out of it: a rule is added by one record.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace jwtdomain {

enum class Severity : std::uint8_t { critical, high, medium, low, info };

struct RuleInfo {
    std::string_view id;       // "ISS-07"
    std::string_view name;     // "look-alike-issuers"
    Severity severity;         // before it is weighed for a finding
    std::string_view sentence; // what is wrong, one sentence without a full stop
    std::string_view fix;      // what to do about it, likewise
    std::string_view source;   // where it is asked for; several are separated by "; "
};

std::span<const RuleInfo> rules(); // ordered by id

// By id or by name, exactly; nullptr if there is none.
const RuleInfo* find_rule(std::string_view id_or_name);

std::string_view name_of(Severity severity);

} // namespace jwtdomain
