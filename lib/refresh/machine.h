// What happens to a refresh token that is presented: a function of the family's record, of what was presented, and of
// the time. It changes nothing itself, and does not see any secret.
//
// A family is what one issue of a refresh token began: a line of generations, of which the newest is the head.
// RFC 6749 section 6; RFC 9700 sections 2.2.2 and 4.14.2; FAPI 2.0 section 5.3.2.1.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "jwtdomain/base/time.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::refresh {

constexpr int kMostRetries = 3;
constexpr Seconds kLongestGrace = 60;

// Why something was refused, or a family ended. Public and stable in the audit log. To whoever presented the token all
// of them look the same.
enum class Cause : std::uint8_t {
    none,
    malformed,
    other_domain,
    unknown,
    other_client,
    not_allowed,
    wider,
    off,
    unbound,
    expired,
    idle,
    revoked,
    reused,
    superseded,
    no_proof,
    bad_proof,
    other_key,
    newer_than_store,
};

struct CauseInfo {
    Cause cause;
    std::string_view code;     // "other-domain"
    std::string_view sentence; // one, without a full stop
};
std::span<const CauseInfo> causes();
const CauseInfo& info(Cause cause);
std::optional<Cause> find_cause(std::string_view code);

// Which token of the family it is: told by the keyed hashes in the record, and by a tag that every token of ours
// carries.
enum class Presented : std::uint8_t { head, predecessor, older, newer, unknown };

// What was sent with it to prove that a key is held (RFC 9449).
enum class Proof : std::uint8_t { none, good, other_key, bad };

// Of a family: what decides.
struct Standing {
    std::int64_t generation = 0; // of the head
    Time begun = 0, ends = 0;    // `ends` never moves
    Time used = 0;               // when the head was issued, or bound and last used
    Time rotated = 0;            // when the head replaced its predecessor
    Time rotated_before = 0;     // when that had replaced its own
    int retries = 0;             // answered to the predecessor
    bool bound = false;          // to a key
    std::optional<Cause> ended = {};
};

enum class Act : std::uint8_t {
    rotate, // the head is replaced by a successor
    renew,  // the head stays; it is bound to a key
    repeat, // the answer that was given before is given again
    refuse, // nothing changes
    end,    // refused, and recorded: for ever
    revoke, // a used token came back: refused, and the whole family ends
};

struct Decision {
    Act act = Act::refuse;
    Cause cause = Cause::none; // of refuse, end and revoke
};

// `presented` is of that family, domain and client.
Decision decide(const Standing& family, Presented presented, std::int64_t generation, Proof proof,
                const policy::RefreshRules& rules, Time now);

} // namespace jwtdomain::refresh
