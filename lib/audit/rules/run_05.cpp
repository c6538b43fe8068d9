#include "jwtdomain/audit/rules/unsigned_inputs.h"

namespace jwtdomain::audit::rules {

void run_05(const RuleInput& input, std::vector<RuleFinding>& out) {
    find_unsigned_inputs(input, "RUN-05",
                         {accept::UnsignedInput::Decides::subject, accept::UnsignedInput::Decides::scope},
                         ", which whoever reaches it can write", out);
}

} // namespace jwtdomain::audit::rules
