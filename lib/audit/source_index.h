// Internal: which tokens could a path take, and who holds its keys? So that a proof over thousands of domains looks at
// few pairs.
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "jwtdomain/audit/field_index.h"

namespace jwtdomain::audit::detail {

// Tokens of one kind, by number: those that one domain's attackers can have, directly or through exchanges.
struct Tokens {
    std::size_t holder = 0;
    Mintable replay, insider;
};

class SourceIndex {
public:
    // `all` must outlive the index.
    SourceIndex(const Estate& estate, const std::vector<Tokens>& all);

    // Numbers of tokens, in order: those that the field of the path which lets the fewest through does not keep out.
    Numbers candidates(const accept::Path& path);

    // Domains that have a key with that identity (own or other reading), in order; nullptr: none.
    const std::vector<std::size_t>* holders(const std::string& key_id) const;
    // Domains of which it is not known which keys they have.
    const std::vector<std::size_t>& unresolved() const { return unresolved_; }

private:
    FieldIndex fields_;
    Numbers everything_;
    std::unordered_map<std::string, std::vector<std::size_t>> holders_;
    std::vector<std::size_t> unresolved_;
};

} // namespace jwtdomain::audit::detail
