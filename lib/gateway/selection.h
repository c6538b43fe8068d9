// Which part of a configuration guards a domain: one stream often holds those of many.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "jwtdomain/base/result.h"

namespace jwtdomain::gateway {

struct Selection {
    std::string name_space;                                  // of Kubernetes' objects
    std::string host;                                        // that requests are for
    std::vector<std::pair<std::string, std::string>> labels; // of the workload; all of them

    bool empty() const { return name_space.empty() && host.empty() && labels.empty(); }
};

struct Place {
    std::string path;
    Selection selection;
};

// "k8s/all.yaml#namespace=prod&host=api.example.com&label=app=orders". A '#' that none of these words follows is part
// of the path. Faults: usage (an unknown word beside a known one, an empty value, a word twice but for label).
Result<Place> parse_place(std::string_view written);

} // namespace jwtdomain::gateway
