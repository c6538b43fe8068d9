// What is revoked, until when that matters (RFC 7009 has no offline form; this is ours: see parse_revocations).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jwtdomain/base/json.h"
#include "jwtdomain/base/result.h"
#include "jwtdomain/base/time.h"

namespace jwtdomain::accept {

enum class Revoked : std::uint8_t { jti, family, subject, key, domain };
std::string_view name_of(Revoked kind);

struct Revocation {
    Revoked kind;
    std::string value;               // of key: an RFC 7638 thumbprint or a kid
    std::string domain = {};         // the entry holds only there; empty: in every domain that the signer speaks for
    std::optional<Time> before = {}; // only tokens issued before then (a token without iat counts as issued before)
    std::optional<Time> until = {};  // the entry matters until then; nullopt: for ever
    std::string reason = {};         // for people; untrusted
};

// What identifies a token here. Empty views match nothing.
struct RevocationSubject {
    std::string_view jti, family, subject, kid, thumbprint, domain;
    std::optional<Time> issued_at;
};

class Revocations {
public:
    void add(Revocation entry);
    std::size_t size() const { return entries_.size(); }
    bool empty() const { return entries_.empty(); }
    const std::vector<Revocation>& entries() const { return entries_; }
    // The first entry that hits, or nullptr.
    const Revocation* find(const RevocationSubject& token, Time now) const;

private:
    const Revocation* find(Revoked kind, std::string_view value, const RevocationSubject& token, Time now) const;
    std::vector<Revocation> entries_;
    std::unordered_multimap<std::string, std::size_t> index_; // kind and value -> entry
};

// The payload of a revocation file, which is a compact JWS of type `revocations+jwt`:
//   {"version": 1, "iat": 1700000000, "revoked": [{"jti": "...", "domain": "prod", "until": 1700003600, "reason":
//   "leaked"},
//    {"subject": "alice", "before": 1700000000}, {"key": "THUMBPRINT"}, {"family": "..."}, {"domain": "staging"}]}
// Each entry has exactly one of jti, family, subject, key; or `domain` alone, which revokes the whole domain. Unknown
// members are errors: what we do not understand may revoke something. Faults: invalid.
Result<Revocations> parse_revocations(std::string_view payload, const std::string& file);
std::string write_revocations(const Revocations& revocations, Time issued_at);

// Whether everything that `b` revokes at that time or later is revoked by `a`, too.
bool includes(const Revocation& a, const Revocation& b, Time now);

} // namespace jwtdomain::accept
