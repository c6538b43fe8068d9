// Internal: who holds the keys of a path, in classes that it cannot tell apart: whoever steals a key of one gets in
// where a thief of another does.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "jwtdomain/audit/estate.h"

namespace jwtdomain::audit::detail {

class KeyHolders {
public:
    using Domains = std::vector<std::size_t>; // in order, each once

    explicit KeyHolders(const Estate& estate);

    struct Classes {
        // Domains of one class have, of the keys that may be among those asked for, the same ones, read alike, and of
        // all or of none it is known which keys they have. No domain is in two classes.
        std::vector<Domains> alike;
        Domains all; // those of every class
    };
    // By these readings (PathKeys::readings()). What is returned stays, and is the same for the same readings.
    const Classes& classes(const std::vector<std::string>& readings);

    // Domains of which it is not known which keys they have.
    const Domains& unresolved() const { return unresolved_; }

private:
    struct Held {
        std::size_t domain, key; // the key as a number: the same for the same key, of whichever domain
    };
    std::size_t number_of(const KeyIdentity& identity, bool certain);

    std::map<std::tuple<std::vector<std::string>, std::vector<std::string>, bool>, std::size_t> keys_;
    std::unordered_map<std::string, std::vector<Held>> by_reading_;
    Domains unresolved_;
    std::map<std::vector<std::string>, Classes> classes_;
};

} // namespace jwtdomain::audit::detail
