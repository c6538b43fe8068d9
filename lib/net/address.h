// Addresses that are not on the public internet: what a URL of somebody else's must not lead us to.
#pragma once

#include <string>

struct sockaddr;

namespace jwtdomain::net {

// Loopback, private, link-local, shared, reserved, multicast, documentation (RFC 6890 and the IANA special-purpose
// registries), also inside an IPv6 address that carries one of IPv4. All but IPv4 and IPv6 count as private.
bool is_private(const sockaddr& address);
bool is_loopback(const sockaddr& address);
std::string text_of(const sockaddr& address); // "127.0.0.1", "::1"; empty of other families

} // namespace jwtdomain::net
