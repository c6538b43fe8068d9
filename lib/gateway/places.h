// An order by where its rules hold on a host, for exporters that look at each request's path and method.
// Internal: not installed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/export.h"

namespace jwtdomain::gateway {

struct Stretch {
    std::string path;                          // "/orders", which holds for all below it; empty: the whole host
    std::vector<const accept::Entry*> entries; // each for other methods
};

// The longest path first, the whole host last. Faults: unsupported (the resources lie on several hosts).
Result<std::vector<Stretch>> places_of(const Order& order);

// Which of these an exporter has words for: any value of the policy that the target would have to compare with, and the
// names of methods and paths, all of which somebody may have chosen who means harm.
std::optional<std::string> unwritable(const Order& order, bool (*writable)(std::string_view));

// What a gateway refuses that asks for a string in `iss` and for `aud`, though the policy would not.
void add_refusals(const Order& order, std::vector<Loss>& losses);

// Nobody could name an audience: the policy takes only tokens without one.
bool wants_no_audience(const Order& order);

// The domain's name, of letters, digits and "-_." alone.
std::string plain_name(const Order& order);

} // namespace jwtdomain::gateway
