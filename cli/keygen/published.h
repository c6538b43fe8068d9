// The key set that a domain publishes: a file of the policy, with public keys only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::cli {

struct PublishedSet {
    std::string path;
    std::string text; // empty if there is no such file yet
    JwkSet set;
};

// Faults: unsupported if the domain's keys are not in a file of the policy; those of reading and parsing.
Result<PublishedSet> read_published(const policy::Policy& policy, const policy::Domain& domain);

// The text of the set with one key more. All that was there stays as it was written, in its place: keys that we do not
// know, members that we do not know, white space. Faults: invalid.
Result<std::string> add_to_set(const PublishedSet& published, const PublicJwk& key);

// By the numbers of keys in PublishedSet::set.
struct SetChange {
    std::vector<std::size_t> removed = {};
    std::map<std::size_t, Time> starts = {}, ends = {}; // the members nbf and exp
    std::optional<PublicJwk> added = {};
};
// The text of the set after the change. What is not named stays as it was written. Faults: invalid.
Result<std::string> change_set(const PublishedSet& published, const SetChange& change);

// "no key yet", with the command that makes one.
Error no_key_yet(const policy::Domain& domain);

} // namespace jwtdomain::cli
