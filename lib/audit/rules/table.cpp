#include "jwtdomain/audit/rules/table.h"

#include <array>

namespace jwtdomain::audit {
namespace {

// clang-format off
constexpr std::array kChecks{
    RuleEntry{"AUD-01", rules::aud_01},
    RuleEntry{"ISS-01", rules::iss_01},
    RuleEntry{"KEY-01", rules::key_01},
};
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 1; i < kChecks.size(); ++i) {
        if (!(kChecks[i - 1].id < kChecks[i].id)) return false;
    }
    return true;
}
static_assert(in_order(), "the table is ordered by id, each once");

} // namespace

std::span<const RuleEntry> rule_checks() { return kChecks; }

} // namespace jwtdomain::audit
