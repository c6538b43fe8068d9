// Certificates of isolation: for each service that was proved, what keeps out the tokens of each other domain, written
// so that another run, elsewhere and later, can work it out again and refuse it when anything differs.
//
// Making and checking one goes over all sources and paths by itself. It shares with the prover how the policy is
// lowered, what an attacker can have, and check(); not the index nor the classes. Making one holds it against the
// prover's findings: where they disagree, neither is believed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/audit/prove.h"

namespace jwtdomain::audit {

// A file that the verdict was made from, or a document that was fetched for it.
struct Input {
    std::string path;                 // relative to the policy's directory; or the URL
    std::string sha256;               // in hexadecimal
    std::optional<Time> fetched = {}; // of a document: when its origin last said that this is it
    auto operator<=>(const Input&) const = default;
};

// Under which a proof holds: each a sentence without a full stop.
std::vector<std::string> assumptions(Evidence weakest, const Population& population, Time as_of);

struct CertifiedService {
    std::string domain, name;
    std::size_t paths = 0;
    std::vector<std::string> except; // domains that it is not proved to be isolated from
};

struct Certificate {
    std::string text; // canonical: members in order, no white space, ASCII, a newline at the end
    Attacker against = Attacker::insider;
    Time as_of = 0;
    std::optional<Time> expires; // the end of the trust edge that ends first
    std::size_t domains = 0;
    std::vector<CertifiedService> services;
};

// All that is proved against that attacker. `inputs` are all files that the estate was made from.
// Faults: invalid (nothing is proved), limit (too many pairs of domains share a key), internal (the prover's findings
// say something else: a defect, and no certificate).
Result<Certificate> certify(const Estate& estate, const Findings& findings, Attacker against,
                            std::vector<Input> inputs);

constexpr std::size_t kMostCertificate = 256u << 20; // octets

// Reads what certify() wrote. Nothing is believed yet. Faults: invalid (no certificate, of a version that is not known,
// not canonical), limit.
Result<Certificate> read_certificate(std::string_view text, const std::string& file);

// Works it out again from an estate that was made as of the certificate's time, and says every difference, at most
// `most`; also that it has ended by `now`. Without an answer it is valid. Faults: limit.
Result<std::vector<std::string>> refusals(const Certificate& certificate, const Estate& estate,
                                          std::vector<Input> inputs, Time now, std::size_t most = 20);

} // namespace jwtdomain::audit
