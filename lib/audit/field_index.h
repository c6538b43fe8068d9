// Internal: which tokens does a field of a path not keep out? For fields that are decided by the value of one thing:
// the key, the issuer, the audience, a claim. What a field does not let through here, check() separates by it for
// certain, so that proofs over thousands of domains look at few pairs.
#pragma once

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "jwtdomain/audit/mintable.h"

namespace jwtdomain::audit::detail {

using Numbers = std::vector<std::size_t>; // of tokens

struct LetThrough {
    bool keys_or_issuer = false; // is it one of these two fields?
    std::vector<const Numbers*> lists = {};

    std::size_t size() const; // of all lists; a number may stand in several
    Numbers numbers() const;  // in order, each once
    void append_to(Numbers& out) const;
};

class FieldIndex {
public:
    // Tokens that insiders have, by number; they and the estate must outlive the index.
    FieldIndex(const Estate& estate, std::vector<const Mintable*> tokens);

    // One for each field of the path that is decided so. They hold until the next path is asked for.
    std::vector<LetThrough> fields_of(const accept::Path& path);

private:
    // Tokens by a value that they can have. `any` may have every value.
    struct ByValue {
        std::unordered_map<std::string, Numbers> exact;
        Numbers any;
        void enter(const accept::Strings& values, bool absent_ok, std::size_t number);
        LetThrough having(const accept::Strings& values) const;
        LetThrough having(const std::vector<std::string>& values) const;
    };
    const ByValue& by_claim(const std::string& name);

    const Estate& estate_;
    std::vector<const Mintable*> tokens_;
    ByValue by_key_, by_issuer_, by_audience_;
    std::unordered_map<std::string, ByValue> by_claim_;
};

} // namespace jwtdomain::audit::detail
