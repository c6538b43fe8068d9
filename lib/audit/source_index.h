// Internal: which tokens could a path take? So that a proof over thousands of domains looks at
// few pairs.
#pragma once

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

private:
    FieldIndex fields_;
    Numbers everything_;
};

} // namespace jwtdomain::audit::detail
