// The parts of `probe`'s JSON, each an object: what `json` puts into one document stands in `jsonl` on a line each.
#pragma once

#include <nlohmann/json.hpp>

#include "cli/app/issues.h"
#include "cli/probe/report.h"

namespace jwtdomain::cli {

using ProbeJson = nlohmann::ordered_json;

void put_summary(ProbeJson& out, const ProbeReport& report);
void put_target(ProbeJson& out, const ProbeReport::Row& row); // without its tokens
ProbeJson json_of(const probe::Sent& sent);
ProbeJson json_of(const Issue& issue);

} // namespace jwtdomain::cli
