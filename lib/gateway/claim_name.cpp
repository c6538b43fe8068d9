#include "jwtdomain/gateway/claim_name.h"

#include "jwtdomain/policy/names.h"

namespace jwtdomain::gateway {
namespace {

std::string pointer(const std::vector<std::string>& path) {
    std::string out;
    for (const std::string& name : path) {
        out += '/';
        for (const char c : name) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    }
    return out;
}

} // namespace

std::string free_claim_name(const Node& claims, const std::vector<std::string>& path) {
    const bool plain = path.size() == 1 && !path[0].empty() && path[0].front() != '/';
    if (plain && claims.find(path[0]) == nullptr) return path[0];
    const std::string other = pointer(path);
    return claims.find(other) == nullptr && policy::parse_claim_path(other) ? other : "";
}

} // namespace jwtdomain::gateway
