// What was fetched, in JSON reports. For .cpp files that write JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "cli/app/fetched.h"

namespace jwtdomain::cli {

inline nlohmann::ordered_json json_of(const std::vector<FetchedLine>& lines) {
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const FetchedLine& line : lines)
        out.push_back(
            {{"url", line.url}, {"sha256", line.sha256}, {"fetched", format_time(line.confirmed)}, {"age", line.age}});
    return out;
}

} // namespace jwtdomain::cli
