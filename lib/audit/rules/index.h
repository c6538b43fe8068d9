// Internal: what rules look up about all domains, made once for a rule.
#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "jwtdomain/audit/estate.h"

namespace jwtdomain::audit::rules {

using Domains = std::vector<std::size_t>; // in order, each once

class Index {
public:
    explicit Index(const Estate& estate);

    std::map<std::string_view, Domains> issuers, audiences;
    std::unordered_map<std::string, Domains> key_owners; // by KeyIdentity::own of published keys
    std::unordered_map<std::string_view, std::size_t> names;

    // Is there a trust edge of tokens of `from` into `to`?
    bool trusts(std::size_t to, std::size_t from) const;

    // Domains whose issuer is in the language, which says so by values or patterns; none where it takes any.
    Domains issuers_in(const accept::Strings& language);

private:
    const Domains& issuers_in(const accept::Pattern& pattern);

    std::unordered_set<std::size_t> trusted_; // to * number of domains + from
    std::size_t count_;
    std::map<std::pair<accept::Match, std::string>, Domains> by_pattern_; // paths often share theirs
    std::size_t budget_ = std::size_t{1} << 20; // of matches: beyond it, patterns are left to the prover
};

void insert(Domains& domains, std::size_t domain);
// "a, b, c, d and 3 more"
std::string listed(const Estate& estate, const Domains& domains);

} // namespace jwtdomain::audit::rules
