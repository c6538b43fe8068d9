// What stops a leaked token, in order. Made of what the report of it says alone, so that whoever reads reports back, to
// add them up, comes to the same.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/triage/report.h"

namespace jwtdomain::cli {

// In their order: what ends this token alone comes before what ends others with it.
enum class Stop : std::uint8_t { session, revoke, close, rotate, wait };
std::string_view name_of(Stop stop); // "revoke"

struct Step {
    Stop stop = Stop::wait;
    std::string subject; // what it is done to: an issuer, a domain, a service, a key; steps of several tokens that have
                         // both in common are one
    std::string item;    // of revoke: the jti
    std::string text;    // a sentence without a full stop; may hold untrusted text
};

// `others`: how many more live tokens the same key has signed, of those that were found with it. Empty where nothing
// is known to accept the token.
std::vector<Step> steps_of(const TriageReport& report, std::uint64_t others = 0);

// The row with the key that its step takes; null: none has one.
const TriageReport::Row* key_row(const TriageReport& report);
// The key by which its signature is good, the same for all tokens of that key; empty: none is known.
std::string key_that_verified(const TriageReport& report);

// The sentences of steps that several tokens have in common.
// `foreign`: the list is not signed by a key of the domain, which we do not have.
std::string revoke_text(const std::string& domain, bool foreign, const std::vector<std::string>& ids,
                        std::uint64_t more);
// `hanging`: "on which 3 other live tokens of this scan hang"; may be empty.
std::string rotate_text(const TriageReport::Row& row, bool last_resort, std::string_view hanging);
// How a session is ended at an issuer of this kind (the name of a preset; may be empty).
std::string_view end_at_issuer(std::string_view kind);

} // namespace jwtdomain::cli
