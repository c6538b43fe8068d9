// The tokens that a probe sends: a good one changed in one thing each, so that an answer says what is checked and what
// is not. One table; names are public and stable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/jwt/ephemeral_keys.h"

namespace jwtdomain::probe {

// The good token, and what others are made with.
struct Control {
    std::string token;                        // compact serialization; the deployment is known to take it
    std::optional<PrivateKey> key = {};       // that signed it; without it, few others can be made
    std::optional<PublicKey> public_key = {}; // of it, as it is published
    std::string foreign_issuer, foreign_audience, foreign_domain, foreign_kid; // another domain's; empty: made up
    std::string domain_claim = {}, scope_claim = {};
    Time now = 0;
    std::string jku = {}, x5u = {}; // URLs where what Mutants says is served; empty: where nothing is
};

enum class Meaning : std::uint8_t {
    must_be_refused,   // whoever takes it leaves something unchecked
    informs,           // either answer is right: what it does is told
    must_not_be_taken, // as the first, but a refusal shows nothing: it may have another reason
};

struct Kind {
    std::string_view name;  // "aud-absent"
    std::string_view title; // "no audience"
    std::string_view check; // what is enforced if it is refused: "audience"
    std::string_view rule;  // that is broken if it is taken
    Meaning meaning = Meaning::must_be_refused;
    bool in_query = false;          // the good token itself, as access_token in the query (RFC 6750 2.3)
    bool dangerous = false;         // known to have ended a server: sent only if that is asked for
    std::string_view visit_of = {}; // not sent: whether somebody came to the URL in the token of that kind
};

std::span<const Kind> kinds(); // in the order in which they are sent
const Kind* find_kind(std::string_view name);

inline constexpr std::string_view kGarbage = "jwtdomain.garbage.token"; // no token at all

namespace detail {
class Forge;
}

// Makes the tokens of one control.
class Mutants {
public:
    // `strangers`: keys that nobody knows, for what they sign. Faults: invalid (the control is no signed token with
    // claims), internal.
    static Result<Mutants> of(Control control, EphemeralKeys& strangers);
    Mutants(Mutants&&) noexcept;
    ~Mutants();

    const Control& control() const { return *control_; }
    // The control with another audience, signed with its own key: not_found without one.
    Result<std::string> for_audience(const std::string& audience) const;
    // What is to be served at the URLs of the control: the key that the kinds jku and x5u are signed with, which nobody
    // knows, under the control's kid, as a key set, and as a certificate signed by itself, in PEM. Faults: internal.
    std::string key_set() const;
    Result<std::string> certificate() const;
    // Faults: not_found (it needs the private key, or a claim that the control does not have: the message says which),
    // invalid (a claim of the control has a type that cannot be changed so), internal.
    Result<std::string> make(const Kind& kind) const;

private:
    Mutants();
    std::unique_ptr<Control> control_;
    std::unique_ptr<detail::Forge> forge_;
};

} // namespace jwtdomain::probe
