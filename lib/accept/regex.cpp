#include "jwtdomain/accept/regex.h"
#include "jwtdomain/accept/automaton_builder.h"
namespace jwtdomain::accept {
Status AutomatonBuilder::regex(std::string_view) { return fail(Fault::unsupported, "not yet"); }
} // namespace jwtdomain::accept
