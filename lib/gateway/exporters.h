// Each exporter's function; export.cpp has the table. No part of the interface.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/export.h"

namespace jwtdomain::gateway {

Result<Exported> write_apache(const Order& order);
Result<Exported> write_envoy(const Order& order);
Result<Exported> write_istio(const Order& order);
Result<Exported> write_kubernetes(const Order& order);
Result<Exported> write_spring(const Order& order);
Result<Exported> write_haproxy(const Order& order);
Result<Exported> write_node(const Order& order);

} // namespace jwtdomain::gateway
