#include "cli/rotate/event.h"

namespace jwtdomain::cli {

Status record_rotation(Session&, const RotationEvent&) { return {}; }

} // namespace jwtdomain::cli
