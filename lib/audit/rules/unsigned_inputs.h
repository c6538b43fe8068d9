// Internal: findings about what services believe of a request beside its verified token.
#pragma once

#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {

// One for each input that is taken for one of these, that nothing signed is compared with, and that whoever sends a
// request can write. `why` ends the sentence: ", which ...".
void find_unsigned_inputs(const RuleInput& input, std::string_view rule,
                          std::initializer_list<accept::UnsignedInput::Decides> decided, std::string_view why,
                          std::vector<RuleFinding>& out);

} // namespace jwtdomain::audit::rules
