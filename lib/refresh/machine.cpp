#include "jwtdomain/refresh/machine.h"

#include <algorithm>
#include <array>

namespace jwtdomain::refresh {
namespace {

using Mode = policy::RefreshRules::Mode;

constexpr std::array kCauses{
    CauseInfo{Cause::none, "none", "Nothing speaks against it"},
    CauseInfo{Cause::malformed, "malformed", "It is no refresh token of jwtdomain, or not all of it"},
    CauseInfo{Cause::other_domain, "other-domain", "It is a refresh token of another domain"},
    CauseInfo{Cause::unknown, "unknown", "No family here has given out such a token"},
    CauseInfo{Cause::other_client, "other-client", "It was given to another client than the one that presents it"},
    CauseInfo{Cause::not_allowed, "not-allowed", "The policy no longer allows what the family was granted"},
    CauseInfo{Cause::wider, "wider", "It asks for more than the family was granted"},
    CauseInfo{Cause::off, "off", "The domain's policy gives no refresh tokens"},
    CauseInfo{Cause::unbound, "unbound", "The policy asks for tokens that are bound to a key, and this one is not"},
    CauseInfo{Cause::expired, "expired", "The family has reached the end that it was given at its beginning"},
    CauseInfo{Cause::idle, "idle", "The family was not used for longer than the policy allows"},
    CauseInfo{Cause::revoked, "revoked", "The family was revoked"},
    CauseInfo{Cause::reused, "reused", "A token that had been replaced was presented again: it is in two hands"},
    CauseInfo{Cause::superseded, "superseded", "A late retry: the token's successor has been used already"},
    CauseInfo{Cause::no_proof, "no-proof", "The family is bound to a key, and no proof of it came"},
    CauseInfo{Cause::bad_proof, "bad-proof",
              "The proof of the key is malformed, stale, replayed, or for other requests"},
    CauseInfo{Cause::other_key, "other-key", "The proof is by another key than the family is bound to"},
    CauseInfo{Cause::newer_than_store, "newer-than-store",
              "The token is newer than what the store knows: an old copy of the store was put back"},
};

Decision refuse(Cause cause) { return {Act::refuse, cause}; }

Cause cause_of(Proof proof) {
    switch (proof) {
    case Proof::none: return Cause::no_proof;
    case Proof::bad: return Cause::bad_proof;
    case Proof::other_key: return Cause::other_key;
    case Proof::good: break;
    }
    return Cause::none;
}

Decision of_used(const Standing& family, Presented presented, std::int64_t generation, Proof proof, bool rotates,
                 Seconds grace, Time now) {
    // Who holds neither key nor a current token must not be able to end the family of somebody else.
    if (family.bound && (proof == Proof::none || proof == Proof::bad)) return refuse(cause_of(proof));
    const bool good = !family.bound || proof == Proof::good;
    if (rotates && good && presented == Presented::predecessor && now <= family.rotated + grace &&
        family.retries < kMostRetries)
        return {Act::repeat, Cause::none};
    if (rotates && good && generation == family.generation - 2 && now <= family.rotated_before + grace)
        return refuse(Cause::superseded);
    return {Act::revoke, Cause::reused};
}

} // namespace

std::span<const CauseInfo> causes() { return kCauses; }

const CauseInfo& info(Cause cause) { return kCauses[static_cast<std::size_t>(cause)]; }

std::optional<Cause> find_cause(std::string_view code) {
    for (const CauseInfo& each : kCauses) {
        if (each.code == code) return each.cause;
    }
    return std::nullopt;
}

Decision decide(const Standing& family, Presented presented, std::int64_t generation, Proof proof,
                const policy::RefreshRules& rules, Time now) {
    if (presented == Presented::unknown) return refuse(Cause::unknown);
    if (family.ended) return refuse(*family.ended);
    if (presented == Presented::newer) return refuse(Cause::newer_than_store);
    if (rules.mode == Mode::off) return refuse(Cause::off);
    // The policy may shorten what the family was promised; it does not lengthen it.
    if (now >= std::min(family.ends, family.begun + rules.absolute)) return {Act::end, Cause::expired};
    if (now >= family.used + rules.idle) return {Act::end, Cause::idle};
    const bool binds = rules.mode == Mode::bind || rules.mode == Mode::bind_retry;
    if (binds && !family.bound) return refuse(Cause::unbound);
    const bool rotates = rules.mode != Mode::bind;
    if (presented != Presented::head)
        return of_used(family, presented, generation, proof, rotates, std::min(rules.grace, kLongestGrace), now);
    if (family.bound && proof != Proof::good) return refuse(cause_of(proof));
    return {rotates ? Act::rotate : Act::renew, Cause::none};
}

} // namespace jwtdomain::refresh
