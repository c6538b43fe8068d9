// Rules over an estate: what is wrong with it, each with its place. The rules themselves (sentence, fix, sources) are
// records of jwt/rule.h; what finds them is one file a rule in audit/rules/, and one line in its table.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/audit/prove.h"
#include "jwtdomain/jwt/rule.h"

namespace jwtdomain::audit {

// A token that was given along, to be looked at with the rest.
struct SampleToken {
    std::string text;  // compact serialization, white space trimmed
    std::string label; // where it is from, for reports

    // Reads it as leniently as anybody does. False: it is no token with claims, and no rule looks at it.
    bool read(UnverifiedToken& token, json::Duplicates duplicates = json::Duplicates::last) const;
};

struct RuleFinding {
    std::string_view rule;                  // "KEY-01"
    Severity severity = Severity::info;     // as weighed here: see weigh()
    std::vector<std::size_t> domains;       // those concerned, in order
    std::vector<std::size_t> services = {}; // likewise
    Location where = {};
    std::string message = {}; // what was found, one sentence without a full stop; may hold untrusted text
    std::string fix = {};     // what to do here; empty: what the rule says
    std::string subject = {}; // tells findings of one rule at the same domains apart: a thumbprint, a claim, a path
    std::optional<Attacker> attacker = {}; // the weakest that this lets through, if the prover has shown one
};

// Stable from run to run, and under changes elsewhere: SHA-256, in hexadecimal, over the rule, the names of domains and
// services and the subject, each with its length before it.
std::string fingerprint(const Estate& estate, const RuleFinding& finding);

// Of a crossing: over its status, attacker, path and the names of its sources and services, so that what is known does
// not cover a further domain that crosses in the same place.
std::string fingerprint(const Estate& estate, const Crossing& crossing);

struct RuleInput {
    const Estate& estate;
    const Findings& findings;
    std::span<const SampleToken> tokens = {};
};

using RuleCheck = void (*)(const RuleInput& input, std::vector<RuleFinding>& out);

struct RuleEntry {
    std::string_view id;
    RuleCheck check;
};
std::span<const RuleEntry> rule_checks(); // ordered by id

// All findings, worst first, then by rule, domains and place.
std::vector<RuleFinding> check_rules(const RuleInput& input);

// The severity of a finding that lets tokens of `sources` into `services` (both empty: any): critical where a witness
// crosses there for an outsider, a replay or an insider; high for a thief or a hostile issuer; else at most `latent`.
// Sets `attacker`.
Severity weigh(const RuleInput& input, const std::vector<std::size_t>& sources,
               const std::vector<std::size_t>& services, Severity latent, std::optional<Attacker>& attacker);

// The same for crossings from one of these domains into a service of another one of them.
Severity weigh_between(const RuleInput& input, const std::vector<std::size_t>& domains, Severity latent,
                       std::optional<Attacker>& attacker);

} // namespace jwtdomain::audit
