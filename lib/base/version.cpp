#include "jwtdomain/base/version.h"

namespace jwtdomain {

std::string_view version() { return JWTDOMAIN_VERSION; }

} // namespace jwtdomain
