// Files that are signed when the user gives a key, and checked when the user asks for one (jwt/envelope.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cli/app/session.h"
#include "jwtdomain/jwt/envelope.h"

namespace jwtdomain::cli {

struct SealingOptions {
    std::optional<std::string> key, passphrase; // as load_key_file takes them
};

// `payload`, in an envelope signed by the key if one is given. Faults: those of load_key_file and seal; usage (the file
// has no private key).
Result<std::string> sealed(Session& session, std::string payload, std::string_view type, const SealingOptions& options);

// What is known of who signed an envelope: bad if it is of none of the keys that were asked for.
enum class Signature { none, unchecked, good, bad };
std::string_view code_of(Signature signature); // "unchecked"

// `keys`: a file with the keys one of which must have signed it. Faults: those of load_verification_keys.
Result<Signature> signature_of(Session& session, const Envelope& envelope, const std::optional<std::string>& keys);

} // namespace jwtdomain::cli
