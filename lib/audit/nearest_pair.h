// Internal: the pair that is nearest to falling, in estates with too many pairs to look at each.
//
// Of every path it is known which tokens a field that is decided by value does not keep out. Where these are few they
// are looked at one by one; each of the fields keeps all others out, so that their depth is at least the number of such
// fields, which mostly settles it.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "jwtdomain/audit/depth.h"

namespace jwtdomain::audit::detail {

class NearestPair {
public:
    // The estate must outlive it. `few`: so many tokens that one field lets through are looked at one by one.
    explicit NearestPair(const Estate& estate, std::size_t few = 32);

    // Depth::counted is false if it cannot be had without looking at more than `most` pairs.
    Depth find(std::size_t most);

private:
    using Numbers = std::vector<std::size_t>; // in tokens_

    // Tokens by a value that they can have. `any` may have every value.
    struct ByValue {
        std::unordered_map<std::string, Numbers> exact;
        Numbers any;
        void enter(const accept::Strings& values, bool absent_ok, std::size_t number);
    };
    // Tokens that one field of a path does not keep out for certain.
    struct LetThrough {
        bool keys_or_issuer = false;
        std::vector<const Numbers*> lists;
        std::size_t size() const;
        void add(const ByValue& index, const std::string& value);
    };

    const ByValue& by_claim(const std::string& name);
    std::vector<LetThrough> fields_of(const accept::Path& path);
    void look_at(std::size_t service, const accept::Path& path);
    void consider(std::size_t number, std::size_t service, const accept::Path& path);

    const Estate& estate_;
    const std::size_t few_;
    std::vector<Mintable> tokens_;
    ByValue by_key_, by_issuer_, by_audience_;
    std::unordered_map<std::string, ByValue> by_claim_;
    Depth best_;
    std::size_t left_ = 0; // pairs that may still be looked at
    bool exhausted_ = false;
};

} // namespace jwtdomain::audit::detail
