// Two policies made of texts, and their comparison as lines.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "audit_estate.h"
#include "jwtdomain/audit/policy_diff.h"

namespace jwtdomain::audit::test {

inline constexpr Direction kWeaker = Direction::weaker, kStronger = Direction::stronger,
                           kDifferent = Direction::different, kNeutral = Direction::neutral;

inline PolicyDiff diff(const AuditEstate& before, const AuditEstate& after) {
    const policy::Policy old_policy = before.policy(), new_policy = after.policy();
    const Estate old_estate = before.estate(old_policy), new_estate = after.estate(new_policy);
    EphemeralKeys keys;
    const Findings old_findings = prove(old_estate, keys), new_findings = prove(new_estate, keys);
    return diff_policies({old_estate, old_findings}, {new_estate, new_findings});
}

inline Direction flipped(Direction direction) {
    if (direction == kWeaker) return kStronger;
    return direction == kStronger ? kWeaker : direction;
}

// "weaker prod: leeway [30s] [1m]"
inline std::string line_of(const Change& change, bool flip = false) {
    return std::string(name_of(flip ? flipped(change.direction) : change.direction)) + " " + change.subject + ": " +
           change.what + " [" + (flip ? change.after : change.before) + "] [" + (flip ? change.before : change.after) +
           "]";
}

inline std::vector<std::string> ordered(std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    return lines;
}

inline std::string one_text(const std::vector<std::string>& lines) {
    std::string out;
    for (const std::string& line : ordered(lines)) out += line + "\n";
    return out;
}

inline std::string lines_of(const PolicyDiff& diff, bool proved, bool flip = false) {
    std::vector<std::string> out;
    for (const Change& change : diff.changes) {
        if (change.proved() == proved) out.push_back(line_of(change, flip));
    }
    return one_text(out);
}

// The only lines, and the same ones with their sides changed for the way back.
inline void check_declared(const AuditEstate& before, const AuditEstate& after, const std::vector<std::string>& lines) {
    CHECK(lines_of(diff(before, after), false) == one_text(lines));
    CHECK(lines_of(diff(after, before), false, true) == one_text(lines));
}

inline AuditEstate with_domain(const std::string& field, const std::string& value) {
    AuditEstate out;
    if (!field.empty()) out.domains["staging"][field] = value;
    return out;
}
inline AuditEstate with_path(const std::string& field, const std::string& value) {
    AuditEstate out;
    if (!value.empty()) out.path()[field] = value;
    return out;
}
inline AuditEstate with_policy(const std::string& further) {
    AuditEstate out;
    out.further = further;
    return out;
}

} // namespace jwtdomain::audit::test
