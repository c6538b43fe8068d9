// Redaction: taking out of a text what would let its reader use the tokens and other credentials in it. Headers and
// claims stay readable.
#pragma once

#include <string>
#include <string_view>

namespace jwtdomain {

constexpr std::string_view kRedacted = "[redacted]";

// Every compact token in `text` without what makes it valid: of a JWS the signature, of a JWE all but the header, of an
// SD-JWT also the disclosures and the key binding.
std::string redact_text(std::string_view text);

// The same for the strings, names too, of a JSON text, whatever escapes they are written with, and in base64 within
// one; and the signatures of JWSs in JSON serialization, private members of keys, and what is called a password or
// looks like a credential (jwt/credential.h; `name` is that under which the whole text stands). All else keeps its
// octets. What is not JSON is treated as text.
std::string redact_json(std::string_view json, std::string_view name = {});

} // namespace jwtdomain
