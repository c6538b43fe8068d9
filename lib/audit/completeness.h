// Completeness: what refuses everything isolates nothing, and is broken. Of each service one asks whether it takes a
// token of its own domain.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/audit/witness.h"

namespace jwtdomain::audit {

struct OwnTokens {
    enum class Answer : std::uint8_t {
        taken,     // by an exact path: one was made, signed with a key of its own, and run through the engine
        refused,   // none that the issuance profile permits
        unknown,   // neither was found
        not_asked, // no paths guard it, or the domain publishes no key any more, which revokes all tokens
    };
    Answer answer = Answer::not_asked;
    std::string why = {}; // of refused and unknown: what stands in the way on the path that is nearest
};
std::string_view name_of(OwnTokens::Answer answer);

OwnTokens own_tokens(const Estate& estate, const Service& service, EphemeralKeys& keys);

// Does it refuse them all for certain, so that nothing is proved by what it refuses? If so, what stands in the way on
// the path that is nearest. Cheap: nothing is signed.
std::optional<std::string> refuses_own(const Estate& estate, const Service& service);

} // namespace jwtdomain::audit
