// Internal: which tokens could a path take? By key, then issuer, then audience, so that a proof over thousands of
// domains looks at few pairs. What the index leaves out is separated by one of these three for certain.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "jwtdomain/audit/mintable.h"

namespace jwtdomain::audit::detail {

// Is the audience decided by a list of values of `aud` alone?
bool by_value(const accept::AudienceRule& rule);

// Every reading of these keys.
std::set<std::string> ids_of(const std::vector<KeyIdentity>& keys);

// Tokens of one kind, by number: those that one domain's attackers can have, directly or through exchanges.
struct Tokens {
    std::size_t holder = 0;
    Mintable replay, insider;
};

class SourceIndex {
public:
    // `all` must outlive the index.
    SourceIndex(const Estate& estate, const std::vector<Tokens>& all);

    // Numbers of tokens, in order, that a key, the issuer and the audience do not keep out of the path.
    std::vector<std::size_t> candidates(const accept::Path& path) const;

    // Domains that have a key with that identity (own or other reading), in order; nullptr: none.
    const std::vector<std::size_t>* holders(const std::string& key_id) const;
    // Domains whose keys could not be read.
    const std::vector<std::size_t>& unresolved() const { return unresolved_; }

private:
    using Numbers = std::vector<std::size_t>;
    struct ByAudience {
        std::unordered_map<std::string, Numbers> exact;
        Numbers any; // may have every audience, or none
    };
    struct Bucket {
        std::unordered_map<std::string, ByAudience> by_issuer;
        ByAudience any; // of any issuer, or none
    };

    void enter(Bucket& bucket, std::size_t number);
    static void enter(ByAudience& index, const Mintable& tokens, std::size_t number);
    void collect(const Bucket& bucket, const accept::Path& path, Numbers& out) const;
    static void collect(const ByAudience& index, const accept::Path& path, Numbers& out);

    const Estate& estate_;
    const std::vector<Tokens>& all_;
    Bucket everything_, without_keys_;
    std::unordered_map<std::string, Bucket> by_key_;
    std::unordered_map<std::string, std::vector<std::size_t>> holders_;
    std::vector<std::size_t> unresolved_;
};

} // namespace jwtdomain::audit::detail
