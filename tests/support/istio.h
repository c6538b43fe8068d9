// Istio's policies as text, and what the importer makes of them.
#pragma once

#include <string>
#include <vector>

#include "imported.h"

namespace jwtdomain::test::istio {

using Names = std::vector<std::string>;
using test::claim;
using test::is_nothing;
using test::names;

inline std::string document(const std::string& kind, const std::string& metadata, const std::string& spec) {
    return "---\napiVersion: security.istio.io/v1\nkind: " + kind + "\nmetadata: {" + metadata +
           "}\nspec:" + (spec.starts_with('{') ? " " + spec : "\n  " + spec) + "\n";
}

inline std::string authentication(const std::string& jwt_rules, const std::string& metadata = "namespace: prod",
                                  const std::string& more = "") {
    return document("RequestAuthentication", metadata, "jwtRules: [" + jwt_rules + "]" + more);
}

inline std::string authorization(const std::string& spec, const std::string& metadata = "namespace: prod") {
    return document("AuthorizationPolicy", metadata, spec);
}

inline std::vector<policy::DeclaredVerifier> read(const std::string& text, const gateway::Selection& selection = {}) {
    return imported("istio", "istio.yaml", text, selection);
}

inline policy::DeclaredVerifier one(const std::string& text) {
    const auto all = read(text);
    REQUIRE(all.size() == 1);
    return all.front();
}

} // namespace jwtdomain::test::istio
