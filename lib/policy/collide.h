// Which of the things that must tell domains apart do not; no part of the interface.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "jwtdomain/policy/plan.h"

namespace jwtdomain::policy::detail {

// Remembers the domains that are there; add() refuses one that collides with them. Domains are referred to, not copied.
class Collisions {
public:
    explicit Collisions(const Sharing& shared) : shared_(shared) {}

    void know(const Domain& domain); // one that is there already: not judged
    void know_key(const KeyOwner& key);
    Status add(const Domain& domain, const std::vector<KeyOwner>& keys);
    std::vector<std::string> take_warnings() { return std::move(warnings_); }

private:
    using Index = std::unordered_map<std::string, std::vector<const Domain*>>; // by skeleton

    Status check_name(const Domain& domain) const;
    Status check_issuer(const Domain& domain) const;
    bool kept_apart(const Domain& domain, const Domain& other, const std::vector<KeyOwner>& keys) const;
    Status check_audiences(const Domain& domain, const std::vector<KeyOwner>& keys);
    Status check_keys(const Domain& domain, const std::vector<KeyOwner>& keys) const;

    Sharing shared_;
    std::vector<std::string> warnings_;
    Index names_, issuers_, audiences_, neutral_;
    std::unordered_map<std::string, const Domain*> domains_;
    std::unordered_map<std::string, KeyOwner> keys_;
};

} // namespace jwtdomain::policy::detail
