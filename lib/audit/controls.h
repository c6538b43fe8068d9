// Which controls of published standards the rules are evidence for, group by group. A rule that did not fire supports a
// control for the inputs that were read; it never makes anybody compliant.
#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace jwtdomain::audit {

struct Control {
    std::string_view standard; // "OWASP ASVS 5.0"
    std::string_view numbers;  // "9.1.1, 9.1.2": sections or requirements of it
};

struct ControlGroup {
    std::string_view rules; // "KEY": the rules whose id begins so
    std::vector<Control> controls;
};

std::span<const ControlGroup> control_groups();

} // namespace jwtdomain::audit
