// Each importer's two functions; gateway.cpp has the table. No part of the interface.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/gateway.h"

namespace jwtdomain::gateway {

bool recognises_normal_form(const Content& content);
Verifiers read_normal_form(const Content& content);

bool recognises_envoy(const Content& content);
Verifiers read_envoy(const Content& content);

bool recognises_haproxy(const Content& content);
Verifiers read_haproxy(const Content& content);
bool recognises_apache(const Content& content);
Verifiers read_apache(const Content& content);
bool recognises_node(const Content& content);
Verifiers read_node(const Content& content);

} // namespace jwtdomain::gateway
