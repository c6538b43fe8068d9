// Gathers what is found, in its order: each token is described once, and its places are counted.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cli/scan/sighting.h"

namespace jwtdomain::cli {

struct CollectOptions {
    // Told of every place as it comes: members of a line as members_text() has them. May be empty.
    std::function<void(std::string_view members, const Occurrence&, bool first)> told = {};
    // Told of each token that a Sighter gave as it was found, once. May be empty.
    std::function<void(const FoundToken&, std::string_view token)> whole = {};
    // Of each token that nothing accepts no more is held than counts it: there is no report but what was told.
    bool only_told = false;
    Severity fail_on = Severity::high;
};

class Collector {
public:
    explicit Collector(CollectOptions options) : options_(std::move(options)) {}

    void take(Sighting&& sighting);
    // What it says of its token is kept for others; its place is not one.
    void discard(Sighting&& sighting);

    // Moves the tokens, in order, and what was counted of them, into the report.
    void give(ScanReport& report);

private:
    struct Counted {
        Digest fingerprint;
        Rank rank;
        bool fails = false;
    };
    // Whether all is to be said of the token where it stands now.
    bool add(std::size_t index, bool is_new, FoundToken&& token);

    CollectOptions options_;
    std::vector<Counted> counted_;
    std::vector<FoundToken> tokens_;                       // of the same indices, unless only_told
    std::unordered_map<std::size_t, FoundToken> accepted_; // where only_told
    std::unordered_map<Digest, std::uint32_t, DigestHash> by_octets_, by_fingerprint_;
    std::unordered_map<Digest, std::unique_ptr<Judged>, DigestHash> spare_; // said of what was discarded
};

} // namespace jwtdomain::cli
