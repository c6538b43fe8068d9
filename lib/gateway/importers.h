// Each importer's two functions; gateway.cpp has the table. No part of the interface.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/gateway.h"

namespace jwtdomain::gateway {

bool recognises_normal_form(const Content& content);
Verifiers read_normal_form(const Content& content);

bool recognises_envoy(const Content& content);
Verifiers read_envoy(const Content& content);

bool recognises_spring(const Content& content);
Verifiers read_spring(const Content& content);

bool recognises_istio(const Content& content);
Verifiers read_istio(const Content& content);

bool recognises_kube_apiserver(const Content& content);
Verifiers read_kube_apiserver(const Content& content);

bool recognises_external(const Content& content);
Verifiers read_external(const Content& content);

} // namespace jwtdomain::gateway
