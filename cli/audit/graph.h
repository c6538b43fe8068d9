// The leak graph as a drawing: domains on a circle, an arrow for each pair where tokens of the one get into the other.
#pragma once

#include <string>

#include "cli/audit/report.h"

namespace jwtdomain::cli {

// An SVG element for a page whose style is html_style(); empty where there is nothing to draw, or too much to see. It
// says in words what it shows.
std::string leak_graph(const AuditReport& report);

} // namespace jwtdomain::cli
