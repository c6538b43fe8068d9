// What `jwtdomain rotate` has done, and what comes next.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/keygen/publication.h"
#include "jwtdomain/rotation/simulate.h"

namespace jwtdomain::cli {

struct RotateReport {
    struct Key {
        std::string kid; // the thumbprint
        std::string algorithm;
        rotation::KeyState state;
        bool private_here = false;
    };
    // What this run has done.
    struct Done {
        enum class Kind {
            prepared,  // a new key that signs from `time` on
            resumed,   // the same, of a run that was interrupted
            postponed, // it was not published as it should have been: it signs from `time` on
            ends,      // the record of the key says that it ends at `time`
            migrated,  // the same of a key of before there was rotation
            removed,
            cleaned, // a private half that an interrupted run left
        } kind = Kind::prepared;
        std::string kid;
        std::optional<Time> time = {};
    };
    enum class Mode { step, emergency, plan } mode = Mode::step;
    std::string domain;
    Time now = 0;
    rotation::Facts facts;
    std::vector<Done> done;
    std::vector<Key> keys;             // after it
    std::vector<rotation::Event> next; // after it; of a plan, from `now` on
    std::optional<Time> begins;        // the next rotation may; nullopt while one is under way
    std::string policy_set, private_file, removed_set;
    bool removed_set_unnamed = false; // the policy does not name it
    Publication publication;          // of a plan empty
    std::size_t rewritten = 0;        // files of it
    std::string reason;               // of an emergency

    std::optional<Time> run_again() const; // when the next step needs a run
    const Done* first(Done::Kind kind) const;
};

std::string_view name_of(RotateReport::Done::Kind kind);
std::string to_text(const RotateReport& report, bool color);
std::string to_json(const RotateReport& report);

struct SimulationReport {
    std::string domain;
    Time now = 0;
    rotation::Facts facts;
    rotation::Simulation simulation;
};
std::string to_text(const SimulationReport& report, bool color);
std::string to_json(const SimulationReport& report);

} // namespace jwtdomain::cli
