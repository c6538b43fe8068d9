// A configuration as the importer of its type reads it, for prod.
#pragma once

#include <algorithm>
#include <doctest/doctest.h>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/gateway/gateway.h"

namespace jwtdomain::test {

// It must be recognised, too.
inline std::vector<policy::DeclaredVerifier> imported(std::string_view type, const std::string& file,
                                                      const std::string& text,
                                                      const gateway::Selection& selection = {}) {
    const auto import = gateway::read({.file = file, .text = text}, {}, selection);
    if (!import) FAIL(describe(import.error()));
    CHECK(import->type == type);
    auto verifiers = gateway::verifiers_of(*import, "prod");
    if (!verifiers) FAIL(describe(verifiers.error()));
    return std::move(*verifiers);
}

// A file of tests/data/gateway.
inline std::string gateway_data(const std::string& name) {
    std::ifstream in(TEST_DATA "/gateway/" + name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

// Is something of this left out of the path?
inline bool dropped(const policy::DeclaredPath& path, std::string_view what) {
    return std::any_of(path.dropped.begin(), path.dropped.end(),
                       [&](const std::string& each) { return each.starts_with(what); });
}

// The first rule on that claim; nullptr: there is none.
inline const accept::ClaimRule* claim(const policy::DeclaredPath& path, const std::vector<std::string>& name) {
    const auto found = std::find_if(path.claims.begin(), path.claims.end(),
                                    [&](const accept::ClaimRule& rule) { return rule.path == name; });
    return found == path.claims.end() ? nullptr : &*found;
}

inline std::vector<std::string> names(const std::vector<policy::DeclaredVerifier>& verifiers) {
    std::vector<std::string> out;
    for (const policy::DeclaredVerifier& each : verifiers) out.push_back(each.name);
    return out;
}

// Does it take no token, whatever it says?
inline bool is_nothing(const policy::DeclaredVerifier& verifier) {
    return verifier.accepts.size() == 1 && verifier.accepts.front().name == "nothing";
}

} // namespace jwtdomain::test
