#include "jwtdomain/scan/gap.h"

namespace jwtdomain::scan {

std::string_view name_of(Gap gap) {
    switch (gap) {
    case Gap::unreadable: return "unreadable";
    case Gap::special: return "special-file";
    case Gap::too_deep: return "too-deep";
    case Gap::cut: return "shrank";
    case Gap::broken: return "broken";
    case Gap::encrypted: return "encrypted";
    case Gap::limit: return "limit";
    case Gap::git: return "git";
    case Gap::unsupported: return "unsupported";
    }
    return "";
}

Gap gap_of(Fault fault) {
    switch (fault) {
    case Fault::invalid: return Gap::broken;
    case Fault::limit: return Gap::limit;
    case Fault::unsupported: return Gap::unsupported;
    case Fault::usage:
    case Fault::no_input:
    case Fault::unreadable:
    case Fault::not_found:
    case Fault::conflict:
    case Fault::retry:
    case Fault::internal: return Gap::unreadable;
    }
    return Gap::unreadable;
}

} // namespace jwtdomain::scan
