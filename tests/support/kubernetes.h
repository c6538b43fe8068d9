// Objects of Kubernetes as text, and what an importer makes of them.
#pragma once

#include <string>
#include <vector>

#include "imported.h"

namespace jwtdomain::test::kubernetes {

using Names = std::vector<std::string>;
using test::claim;
using test::is_nothing;
using test::names;

inline std::string resource(const std::string& version, const std::string& kind, const std::string& metadata,
                            const std::string& spec) {
    return "---\napiVersion: " + version + "\nkind: " + kind + "\nmetadata: {" + metadata + "}\nspec: " + spec + "\n";
}

} // namespace jwtdomain::test::kubernetes
