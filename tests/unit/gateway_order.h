// An order as policy::lower() gives it, for the tests of exporters.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "jwtdomain/gateway/export.h"

namespace jwtdomain::test_order {

inline accept::Path& own(gateway::Order& order) { return order.entries.front().paths.front(); }

inline gateway::Order order_for(Algorithm algorithm) {
    const auto key = PrivateKey::generate(info(algorithm).key);
    REQUIRE(key);
    const PublicKey known = key->public_key();
    accept::Path path;
    path.name = "prod";
    path.signing.keys.push_back({.key = known, .algorithms = {algorithm}, .kid = "k1", .owner = "prod"});
    path.type.allowed = {"at+jwt"};
    path.issuer.allowed.exact = {"https://auth.example.com"};
    path.audience.any_of.exact = {"https://api.example.com"};
    path.audience.subset_of = path.audience.any_of.exact;
    path.time.leeway = 30;
    path.time.longest_life = 600;
    accept::ClaimRule domain;
    domain.path = {"domain"};
    domain.test = accept::ClaimTest::in;
    domain.values.exact = {"prod"};
    domain.role = accept::ClaimRule::Role::domain;
    accept::ClaimRule sub;
    sub.path = {"sub"};
    sub.role = accept::ClaimRule::Role::required;
    path.claims = {domain, sub};
    accept::Entry entry;
    entry.paths = {path};
    gateway::Order order;
    order.domain = "prod";
    order.entries = {entry};
    order.keys = {{known, {}}};
    order.keys.front().metadata.kid = "k1";
    return order;
}

inline void add_resource(gateway::Order& order, const std::string& uri, std::vector<std::string> methods,
                         std::vector<std::string> scopes) {
    accept::Entry entry = order.entries.front();
    entry.resource = uri;
    entry.methods = std::move(methods);
    if (!scopes.empty()) {
        accept::ClaimRule rule;
        rule.path = {"scope"};
        rule.shape = accept::ClaimShape::words;
        rule.test = accept::ClaimTest::has_all;
        rule.values.exact = std::move(scopes);
        rule.role = accept::ClaimRule::Role::scope;
        entry.paths.front().claims.push_back(rule);
    }
    order.entries.push_back(entry);
}

inline gateway::Exported written(const gateway::Order& order, const char* target) {
    auto out = gateway::write(order, target);
    if (!out) FAIL(describe(out.error()));
    return std::move(*out);
}

inline std::string failure(const gateway::Order& order, const char* target) {
    const auto out = gateway::write(order, target);
    REQUIRE_FALSE(out);
    return out.error().message + "\n" + out.error().hint;
}

inline std::string words(const gateway::Exported& made) {
    std::string out;
    for (const gateway::Loss& loss : made.losses) out += (out.empty() ? "" : " ") + std::string(loss.field);
    return out;
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace jwtdomain::test_order
