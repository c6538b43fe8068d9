// Directives of one place, read into its settings.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/apache_sections.h"

namespace jwtdomain::gateway::apache {

// Could it change who passes?
bool matters(const Directive& directive);
// Does it, or one inside of it?
bool holds_what_matters(const Directive& directive);

// A section that holds if something about the server is so. nullopt: it is none; true: it is taken to hold; false: not.
enum class Condition : std::uint8_t { none, holds, fails, unknown };
Condition condition_of(const Directive& directive);

void read_setting(const Directive& directive, const Methods& methods, Settings& out);

Settings merged(const Settings& base, const Settings& added);

} // namespace jwtdomain::gateway::apache
