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
    Door* home = nullptr;   // takes it: asked in between, so that a cache has seen the token; nullptr: not known
    bool handed_in = false; // make() gives the same one each time, which is also the control where it is at home
};

// One question and its answer, as it came.
struct Asked {
    const std::string& row; // a kind; "foreign-2"; "control", "control-garbage"
    const Door& door;       // of the target, or where a token is at home
    const std::string& token;
    bool in_query = false;
    const Answer& answer;
};

// Its functions are called by one thread, but those of several plans at the same time.
struct Plan {
    std::string domain, target;
    Door* door = nullptr;
    std::string origin = {};                  // of the door: see Crowd
    std::function<Result<Mutants>()> control; // a good token, as of now. Faults: why there is none
    std::vector<Foreign> foreign;
    std::function<Permitted(const std::string&)> permitted; // a token of the domain
    std::function<Permitted(const std::string&)> declared;  // a token of another
    std::function<Time()> clock;
    std::function<Modelled(const std::string&)> modelled = {}; // empty: nothing is known
    bool dangerous = false;
    std::function<void(std::size_t all)> on_sent = {}; // after each of so many tokens; those that are skipped count
    // How often somebody has come to the URL in the tokens of that kind; empty: nobody listens.
    std::function<std::size_t(std::string_view kind)> visits = {};
    std::function<std::string()> stopped = {}; // why nothing more is asked; empty: it is
    std::function<void(const Asked&)> told = {};
    // What an earlier run has been answered in that row; nullptr: it is to be asked. Controls always are, and what
    // somebody listens for.
    std::function<const std::vector<Answer>*(const std::string& row)> known = {};
    // All answers of a row, if each was clear: for a later run.
    std::function<void(const std::string& row, const std::vector<Answer>& answers)> keep = {};
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
    std::optional<Outcome> outcome = {}; // of its answers together; nullopt: it was not sent
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

// Asks one thing after the other. What is not refused is sent again, and what is clear only once a third time: answers
// that change are inconclusive.
Findings run(const Plan& plan);

// How many targets are asked beside each other.
struct Crowd {
    unsigned jobs = 1;
    unsigned of_one_origin = 1; // by Plan::origin
};

// All of them, in their order. What is found does not depend on the crowd: of a target one thing is asked after the
// other, and tokens that were handed in are sent cold everywhere before they are sent home by anybody.
std::vector<Findings> run_all(const std::vector<Plan>& plans, const Crowd& crowd);

} // namespace jwtdomain::probe
