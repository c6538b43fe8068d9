// Gathers what is found: each token is judged once, and its places are counted.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>

#include "cli/scan/classify.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::cli {

struct CollectOptions {
    std::string only; // the beginning of a fingerprint; empty: all
    bool reveal = false;
    // Told of everything as it is found. May be empty.
    std::function<void(const FoundToken&, const Occurrence&, Told before)> told = {};
    // Told of each whole JWS once. May be empty.
    std::function<void(const FoundToken&, std::string_view token)> whole = {};
    // What a baseline has of this fingerprint. May be empty.
    std::function<std::optional<KnownToken>(const std::string& fingerprint)> known = {};
};

class Collector {
public:
    Collector(const Classifier& classifier, CollectOptions options)
        : classifier_(classifier), options_(std::move(options)) {}

    // `git`: of a repository; may be null.
    void take(const std::string& path, const scan::Found& found, const scan::Place& place,
              const scan::GitPlace* git = nullptr);

    // Moves the tokens, in order, and what was counted of them, into the report.
    void give(ScanReport& report);

private:
    const Classifier& classifier_;
    CollectOptions options_;
    std::vector<FoundToken> tokens_;
    std::unordered_map<std::string, std::size_t> by_octets_; // SHA-256 of a whole token
    std::unordered_map<std::string, std::size_t> by_fingerprint_;
};

} // namespace jwtdomain::cli
