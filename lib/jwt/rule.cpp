#include "jwtdomain/jwt/rule.h"

#include <array>

namespace jwtdomain {
namespace {

using enum Severity;

// clang-format off
constexpr auto kRules = std::to_array<RuleInfo>({
    {"AUD-01", "audience-unchecked", critical,
     "A verifier does not look at the audience, so that it takes tokens that were minted for another service",
     "Require the audience that names this service", "RFC 8725 3.9; RFC 9068 4"},
    {"AUD-03", "shared-audience", critical,
     "Two domains share an audience, so that the audience no longer says which of the two a token is for",
     "Give each domain an audience of its own, for example the URL of its API", "RFC 9068 5; RFC 8725 3.9"},
    {"CLM-01", "tenant-not-bound-to-issuer", critical,
     "The domain claim does not say for certain which domain a token is of: nothing ties its value to the issuer and the key, or it looks like "
     "the value of another domain",
     "Let every acceptance path ask for exactly the value of its own domain, and choose values that nobody takes for one another", "RFC 8725 3.8"},
    {"ISS-01", "issuer-unchecked", critical,
     "A verifier takes tokens of every issuer, or without one, so that only the key says whose token it is",
     "Require the issuer, octet by octet", "RFC 9068 4; RFC 8725 3.8"},
    {"ISS-07", "look-alike-issuers", medium,
     "The issuers of two domains differ only in what somebody's comparison ignores: case, a trailing slash, a default port, "
     "percent-encoding or letters that look alike",
     "Choose issuers that differ in a host name or a path segment", "RFC 7519 2; RFC 8725 3.8"},
    {"ISS-08", "one-issuer-two-domains", high,
     "Two domains have the same issuer, so that only the audience or another claim keeps their tokens apart",
     "Give each domain an issuer of its own, or make sure that both require disjoint audiences", "RFC 9068 5"},
    {"KEY-01", "shared-signing-key", critical,
     "One key is published for two domains, so that whoever signs for the one signs for the other",
     "Make a new key for one of them with `jwtdomain keygen --domain NAME`, and take the shared one out of its key set",
     "SPIFFE Trust Domain and Bundle 6.2; RFC 8725 3.8"},
    {"KEY-07", "private-material-published", critical,
     "A key set that is published, or is to be, holds a private or a symmetric key, so that whoever reads it can sign",
     "Take the key for stolen: make a new one, publish its public half (`jwtdomain jwks` writes no other), and revoke the old one",
     "OWASP ASVS 5.0 13.3.1"},
});
// clang-format on

constexpr bool in_order() {
    for (std::size_t i = 1; i < kRules.size(); ++i) {
        if (!(kRules[i - 1].id < kRules[i].id)) return false;
    }
    return true;
}
static_assert(in_order(), "the table is ordered by id, each once");

} // namespace

std::span<const RuleInfo> rules() { return kRules; }

const RuleInfo* find_rule(std::string_view id_or_name) {
    for (const RuleInfo& rule : kRules) {
        if (rule.id == id_or_name || rule.name == id_or_name) return &rule;
    }
    return nullptr;
}

std::string_view name_of(Severity severity) {
    switch (severity) {
    case critical: return "critical";
    case high: return "high";
    case medium: return "medium";
    case low: return "low";
    case info: return "info";
    }
    return {};
}

} // namespace jwtdomain
