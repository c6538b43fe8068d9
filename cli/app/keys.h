// Keys from files that the user names.
#pragma once

#include <optional>
#include <string>

#include "cli/app/session.h"
#include "jwtdomain/jwt/jwk.h"
#include "jwtdomain/jwt/keyfile.h"

namespace jwtdomain::cli {

// The content of a key file of any format, or of standard input for "-". A file with a private key or a secret must be
// closed to others. `passphrase` is a secret source ("env:NAME"); without one, an encrypted key is asked for at the
// terminal. `kid` selects among several private keys. Faults: those of reading and of load_key; no_input if it is
// empty; invalid with the chmod to type.
Result<LoadedKey> load_key_file(Session& session, const std::string& path, const std::optional<std::string>& passphrase,
                                std::optional<std::string_view> kid = {});

// A key that others have got already need not be closed to them.
enum class Custody { ours, lost };

// The keys of a file that can verify: of a set all, of a private key its public half. Keys that were skipped are warned
// of.
Result<JwkSet> load_verification_keys(Session& session, const std::string& path, Custody custody = Custody::ours);

// The private key in a file. Faults: those of load_key_file; invalid (there is none in it).
Result<PrivateKey> load_private_key(Session& session, const std::string& path,
                                    const std::optional<std::string>& passphrase);

// The RFC 7638 thumbprint of the one public key in a file, or of the public half of a private one: how tokens are bound
// to a client's key (RFC 9449 section 6.1). Faults: those of load_verification_keys; usage (several keys, a secret).
Result<std::string> client_thumbprint(Session& session, const std::string& path);

} // namespace jwtdomain::cli
