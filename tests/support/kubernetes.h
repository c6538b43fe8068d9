// Objects of Kubernetes as text, and what an importer makes of them.
#pragma once

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "imported.h"

namespace jwtdomain::test::kubernetes {

using Names = std::vector<std::string>;

inline std::string resource(const std::string& version, const std::string& kind, const std::string& metadata,
                            const std::string& spec) {
    return "---\napiVersion: " + version + "\nkind: " + kind + "\nmetadata: {" + metadata + "}\nspec: " + spec + "\n";
}

inline Names names(const std::vector<policy::DeclaredVerifier>& verifiers) {
    Names out;
    for (const policy::DeclaredVerifier& each : verifiers) out.push_back(each.name);
    return out;
}

inline bool is_nothing(const policy::DeclaredVerifier& verifier) {
    return verifier.accepts.size() == 1 && verifier.accepts.front().name == "nothing";
}

inline const accept::ClaimRule* claim(const policy::DeclaredPath& path, const Names& name) {
    const auto found = std::find_if(path.claims.begin(), path.claims.end(),
                                    [&](const accept::ClaimRule& rule) { return rule.path == name; });
    return found == path.claims.end() ? nullptr : &*found;
}

} // namespace jwtdomain::test::kubernetes
