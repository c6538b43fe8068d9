// A probe: which tokens go where, and what their answers show. A refusal counts only beside a control that was accepted
// and garbage that was refused, by the same door; else nothing is known.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "jwtdomain/probe/kinds.h"
#include "jwtdomain/probe/target.h"

namespace jwtdomain::probe {

// Does the policy itself let a token in at the target? One of another domain by a trust edge alone: where the domain's
// own rules take it, the policy leaks.
enum class Permitted : std::uint8_t { no, yes, unknown };

// What the verifiers that are known to guard the target would answer.
enum class Modelled : std::uint8_t { unknown, accepts, refuses };
std::string_view name_of(Modelled modelled);

// A token of another domain.
struct Foreign {
    std::string domain;
    std::string label;                         // "as its issuer mints it"
    std::function<Result<std::string>()> make; // a good one, as of now. Faults: why there is none
    Door* home = nullptr; // takes it: asked in between, so that a cache has seen the token; nullptr: not known
};

struct Plan {
    std::string domain, target;
    Door* door = nullptr;
    std::function<Result<Mutants>()> control; // a good token, as of now. Faults: why there is none
    std::vector<Foreign> foreign;
    std::function<Permitted(const std::string&)> permitted; // a token of the domain
    std::function<Permitted(const std::string&)> declared;  // a token of another
    std::function<Time()> clock;
    std::function<Modelled(const std::string&)> modelled = {}; // empty: nothing is known
    bool dangerous = false;
    std::function<bool()> stopped = {};
    std::function<void(std::size_t done, std::size_t all)> on_sent = {}; // of the tokens; those that are skipped count
};

enum class Conclusion : std::uint8_t {
    holds,        // refused beside good controls; of what informs: either
    broken,       // taken
    inconclusive, // neither
    skipped,      // could not be made
};
std::string_view name_of(Conclusion conclusion);

struct Sent {
    const Kind* kind = nullptr; // nullptr: a token of `domain`
    std::string domain, label;
    Conclusion conclusion = Conclusion::inconclusive;
    bool accepted = false;
    bool warmed = false;   // accepted only after it was at home
    bool declared = false; // skipped, since a trust edge wants it
    Modelled modelled = Modelled::unknown;
    std::string fix =
        {}; // of another domain's token that is taken: what of the configuration lets it in; empty: not known
    // The target takes what the model refuses, or refuses what the model takes: one of them is wrong.
    bool is_wider() const { return accepted && modelled == Modelled::refuses; }
    bool is_narrower() const;
    std::string_view
    rule() const;              // that is broken if it is taken; of another domain's token RUN-01, or RUN-02 if warmed
    std::string title() const; // the label, of another domain's token with "a token of staging, " before it
    std::string detail;        // of the answers, or why it was skipped: "401", "cold 401, warmed 200"
};

struct Findings {
    std::string domain, target;
    bool controlled = false; // both controls answered as they must, at the beginning and at the end
    std::string why;         // of not controlled
    std::vector<Sent> sent;
    std::size_t requests = 0;
};

// Asks one thing after the other. Each kind that is taken is sent once more: an answer that changes is inconclusive.
Findings run(const Plan& plan);

} // namespace jwtdomain::probe
