// Internal: the pair that is nearest to falling, in estates with too many pairs to look at each.
//
// Where a field of a path lets few tokens through, they are looked at one by one; each of these fields keeps all others
// out, so that their depth is at least the number of such fields, which mostly settles it.
#pragma once

#include <cstddef>
#include <vector>

#include "jwtdomain/audit/depth.h"
#include "jwtdomain/audit/field_index.h"

namespace jwtdomain::audit::detail {

class NearestPair {
public:
    // The estate must outlive it. `few`: so many tokens that one field lets through are looked at one by one.
    explicit NearestPair(const Estate& estate, std::size_t few = 32);

    // Depth::counted is false if it cannot be had without looking at more than `most` pairs.
    Depth find(std::size_t most);

private:
    void look_at(std::size_t service, const accept::Path& path);
    void consider(std::size_t number, std::size_t service, const accept::Path& path);

    const Estate& estate_;
    const std::size_t few_;
    std::vector<Mintable> tokens_;
    FieldIndex fields_;
    Depth best_;
    std::size_t left_ = 0; // pairs that may still be looked at
    bool exhausted_ = false;
};

} // namespace jwtdomain::audit::detail
