// Each importer's two functions; gateway.cpp has the table. No part of the interface.
// Internal: not installed.
#pragma once

#include "jwtdomain/gateway/gateway.h"

namespace jwtdomain::gateway {

bool recognises_normal_form(const Content& content);
Verifiers read_normal_form(const Content& content);

bool recognises_envoy(const Content& content);
Verifiers read_envoy(const Content& content);

bool recognises_apache(const Content& content);
Verifiers read_apache(const Content& content);

bool recognises_aws(const Content& content);
Verifiers read_aws(const Content& content);

bool recognises_spring(const Content& content);
Verifiers read_spring(const Content& content);

bool recognises_istio(const Content& content);
Verifiers read_istio(const Content& content);

bool recognises_kube_apiserver(const Content& content);
Verifiers read_kube_apiserver(const Content& content);

bool recognises_external(const Content& content);
Verifiers read_external(const Content& content);

bool recognises_haproxy(const Content& content);
Verifiers read_haproxy(const Content& content);

bool recognises_node(const Content& content);
Verifiers read_node(const Content& content);

bool recognises_contour(const Content& content);
Verifiers read_contour(const Content& content);

bool recognises_envoy_gateway(const Content& content);
Verifiers read_envoy_gateway(const Content& content);

bool recognises_oauth2_proxy(const Content& content);
Verifiers read_oauth2_proxy(const Content& content);

bool recognises_vault(const Content& content);
Verifiers read_vault(const Content& content);

bool recognises_kong(const Content& content);
Verifiers read_kong(const Content& content);

bool recognises_aspnet(const Content& content);
Verifiers read_aspnet(const Content& content);

bool recognises_oathkeeper(const Content& content);
Verifiers read_oathkeeper(const Content& content);

bool recognises_nginx(const Content& content);
Verifiers read_nginx(const Content& content);

bool recognises_postgrest(const Content& content);
Verifiers read_postgrest(const Content& content);

bool recognises_hasura(const Content& content);
Verifiers read_hasura(const Content& content);

bool recognises_krakend(const Content& content);
Verifiers read_krakend(const Content& content);

bool recognises_traefik_hub(const Content& content);
Verifiers read_traefik_hub(const Content& content);

bool recognises_apisix(const Content& content);
Verifiers read_apisix(const Content& content);

bool recognises_tyk(const Content& content);
Verifiers read_tyk(const Content& content);

} // namespace jwtdomain::gateway
