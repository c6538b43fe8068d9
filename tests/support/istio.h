// Istio's policies as text, and what the importer makes of them.
#pragma once

#include <algorithm>
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include "jwtdomain/gateway/gateway.h"

namespace jwtdomain::test::istio {

using Names = std::vector<std::string>;

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
    const auto import = gateway::read({.file = "istio.yaml", .text = text}, {}, selection);
    if (!import) FAIL(describe(import.error()));
    CHECK(import->type == "istio");
    auto verifiers = gateway::verifiers_of(*import, "prod");
    if (!verifiers) FAIL(describe(verifiers.error()));
    return std::move(*verifiers);
}

inline policy::DeclaredVerifier one(const std::string& text) {
    const auto all = read(text);
    REQUIRE(all.size() == 1);
    return all.front();
}

inline bool is_nothing(const policy::DeclaredVerifier& verifier) {
    return verifier.accepts.size() == 1 && verifier.accepts.front().name == "nothing";
}

inline const accept::ClaimRule* claim(const policy::DeclaredPath& path, const Names& name) {
    const auto found = std::find_if(path.claims.begin(), path.claims.end(),
                                    [&](const accept::ClaimRule& rule) { return rule.path == name; });
    return found == path.claims.end() ? nullptr : &*found;
}

inline Names names(const std::vector<policy::DeclaredVerifier>& verifiers) {
    Names out;
    for (const auto& each : verifiers) out.push_back(each.name);
    return out;
}

} // namespace jwtdomain::test::istio
