#include "jwtdomain/audit/rules/unsigned_inputs.h"

namespace jwtdomain::audit::rules {

void clm_02(const RuleInput& input, std::vector<RuleFinding>& out) {
    find_unsigned_inputs(input, "CLM-02", {accept::UnsignedInput::Decides::domain},
                         ", which no claim of the verified token is compared with", out);
}

} // namespace jwtdomain::audit::rules
