// Internal: what the prover finds of one path and some sources, gathered into crossings: sources and services that fare
// alike are one.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "jwtdomain/audit/prove.h"

namespace jwtdomain::audit::detail {

using Domains = std::vector<std::size_t>; // in order, each once

class CrossingClasses {
public:
    // Runs the witness of a crossing that is only expected of the model; what comes out may be `unknown`.
    using Settle = std::function<void(Crossing&)>;

    // `found` has its service, path and source; its status may wait for a witness (Crossing::witness).
    void add(Crossing found);
    // The same for many: the path's own domain may be among them, and is no source. They must outlive this.
    void add(Crossing found, const Domains& sources);

    // Of each class that waits for its witnesses, the first few are run; if one is not as expected, all are. Nothing is
    // left in here.
    std::vector<Crossing> take(const Settle& settle);

private:
    // Sources of one service, some by their sets, which many services have in common and which may be large.
    struct Entry {
        Crossing crossing;
        Domains each;
        std::vector<const Domains*> sets;
    };
    using Key = std::tuple<std::size_t, const accept::Path*, Crossing::Status, Attacker, std::string>;
    // The last: of the paths of one service that let the same in, which it is.
    using Class =
        std::tuple<Crossing::Status, Attacker, std::string, Domains, std::vector<const Domains*>, std::size_t>;

    Entry& entry(Crossing found);
    static Class class_of(const Entry& entry);
    void run_witnesses(const Settle& settle);

    std::map<Key, Entry> found_;
};

} // namespace jwtdomain::audit::detail
