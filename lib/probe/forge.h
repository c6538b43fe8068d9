// Internal: the control taken apart, and put together again with something changed.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "jwtdomain/probe/kinds.h"

namespace jwtdomain::probe::detail {

using Json = nlohmann::ordered_json;

class Forge {
public:
    static Result<Forge> of(const Control& control, EphemeralKeys& keys);

    const Control& control() const { return *control_; }
    Json header, claims;   // of the control; a copy may be changed
    std::string signature; // of the control, as it stands there
    const std::string& text() const { return control_->token; }

    // With the control's own key. Faults: not_found.
    Result<std::string> sign(const Json& new_header, const Json& new_claims) const;
    Result<std::string> sign_text(const std::string& new_header, const std::string& new_claims) const;
    Result<std::string> resign(const Json& new_claims) const { return sign(header, new_claims); }
    // With a key that nobody knows, of the same type.
    Result<std::string> sign_by_stranger(const Json& new_header, const Json& new_claims) const;
    // What `key`, as octets, says as HMAC with SHA-256.
    static std::string hmac(const std::string& key, const Json& new_header, const Json& new_claims);
    static std::string attach(const Json& new_header, const Json& new_claims, std::string_view octets);

    const PrivateKey& stranger() const { return *stranger_; }
    std::string stranger_set() const;                 // under the control's kid
    Result<std::string> stranger_certificate() const; // DER
    Algorithm algorithm() const { return algorithm_; }

private:
    const Control* control_ = nullptr;
    Algorithm algorithm_ = Algorithm::ES256;
    std::optional<PrivateKey> stranger_;
};

// Of each kind how its token is made; kinds.cpp says what it is.
struct Maker {
    std::string_view kind;
    Result<std::string> (*make)(const Forge&);
};
std::span<const Maker> claim_makers();
std::span<const Maker> header_makers();
std::span<const Maker> shape_makers();

// "-----BEGIN CERTIFICATE-----", in lines of 64 characters.
std::string pem_of(const std::string& label, const std::string& der);

inline tl::unexpected<Error> lacks(const std::string& what) { return fail(Fault::not_found, what); }

} // namespace jwtdomain::probe::detail
