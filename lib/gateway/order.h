// What is to be exported: a domain of a policy as an order for an exporter.
#pragma once

#include <string>

#include "jwtdomain/gateway/export.h"
#include "jwtdomain/policy/lower.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::gateway {

struct OrderOptions {
    std::string resource = {};      // empty: all of the domain's
    std::string keys_url = {};      // empty: the policy's, if it has one
    std::string key_directory = {}; // as Order::key_directory
};

// Faults: those of reading the keys; not_found (no such resource, no key), unsupported (a shared secret).
Result<Order> make_order(const policy::Policy& policy, const policy::Domain& domain, const policy::KeyReader& reader,
                         const OrderOptions& options = {});

} // namespace jwtdomain::gateway
