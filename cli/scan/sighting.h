// What one thread makes of what it finds: everything that can be said of it before its place among the others is known.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "cli/scan/classify.h"
#include "jwtdomain/scan/stream.h"

namespace jwtdomain::cli {

using Digest = std::array<char, 32>; // of SHA-256
struct DigestHash {
    std::size_t operator()(const Digest& digest) const;
};

struct Judged {
    FoundToken token;
    std::string members; // members_text() of it, where lines are wanted
    std::string text;    // the token itself, where it was asked for
};

// One place where a token stands.
struct Sighting {
    Digest digest{}; // of the token's octets
    Occurrence occurrence;
    std::unique_ptr<Judged> judged; // nullptr: the same Sighter saw the same octets before
};

struct SightOptions {
    std::string only; // the beginning of a fingerprint; empty: all
    bool reveal = false;
    bool members = false; // lines are wanted
    bool texts = false;   // each whole JWS is wanted as it was found
    // What a baseline has of this fingerprint; asked by several threads. May be empty.
    std::function<std::optional<KnownToken>(const std::string& fingerprint)> known = {};
};

// Belongs to one thread.
class Sighter {
public:
    Sighter(Classifier classifier, SightOptions options)
        : classifier_(std::move(classifier)), options_(std::move(options)) {}

    // nullopt: it was not asked for. `path`: redacted. `git`: of a repository; may be null. `again`: what was said
    // before may have been thrown away, and all is to be said.
    std::optional<Sighting> look(const scan::Found& found, const scan::Place& place, const std::string& path,
                                 const scan::GitPlace* git, bool again = false);

private:
    std::unique_ptr<Judged> judge(const scan::Found& found, std::string fingerprint, const Digest& digest);

    Classifier classifier_;
    SightOptions options_;
    std::unordered_set<Digest, DigestHash> seen_; // the latest
};

} // namespace jwtdomain::cli
