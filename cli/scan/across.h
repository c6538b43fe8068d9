// What tokens show only beside each other: nonces that a key used twice, identifiers, client keys and audiences that
// several share, lives that are longer than the policy has them. A value, printed elsewhere; no private key is in it.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/app/text.h"
#include "cli/triage/basis.h"
#include "jwtdomain/audit/rule_check.h"
#include "jwtdomain/scan/cross.h"
#include "jwtdomain/scan/rsa_samples.h"

namespace jwtdomain::cli {

struct AcrossFinding {
    std::string code; // "repeated-nonce", "repeated-id", or a rule: KEY-08, AUD-04, LIF-01
    Severity severity = Severity::high;
    std::string message;             // a sentence without a full stop; may hold untrusted text
    std::vector<std::string> tokens; // fingerprints
    std::vector<std::string> domains = {};
    std::string r = {}, key = {}; // of a nonce: r in hexadecimal, the thumbprint (RFC 7638) of the public key
    std::vector<std::string> opens = {}, actions = {}; // what that key opens, and what stops it
    std::string jwk = {};                              // a public key that was found (RFC 7517)
};

struct AcrossReport {
    std::vector<AcrossFinding> findings; // worst first
    std::size_t passed_over = 0;         // tokens that were too many to be held beside the others
    std::vector<std::string> notes = {}; // what was not looked for, and how it would be; sentences without a full stop
    // Several runs that were added up: within each of them alone, and of some not at all.
    std::size_t runs = 1, runs_without = 0;
    std::string recovered; // the file with the private keys; empty: none was written
};

// Gathers tokens in bounded memory: the claims of so many, and some hundred octets of each other one.
class Across {
public:
    // A whole JWS, once each. `key_known`: its signature is good by a key that we have.
    void take(std::string_view token, std::string_view signing_input, const std::string& fingerprint, bool key_known);
    // `derive`: also such public keys of RSA as take minutes to find. `stopped` is asked before each of them.
    AcrossReport finish(const TriageBasis& basis, bool derive, const std::function<bool()>& stopped) const;
    // Writes the private keys that repeated nonces give away, if any does, readable by us alone, and notes where.
    // Faults: those of write_private_file.
    Status recover(const std::string& path, AcrossReport& report) const;

private:
    scan::CrossTokens cross_;
    scan::RsaSamples rsa_;
    std::vector<audit::SampleToken> samples_;
    std::size_t room_ = 8u << 20; // octets of samples
    std::size_t left_out_ = 0;
};

std::uint64_t failing(const AcrossReport& report, Severity fail_on); // findings at or above it
// Adds the findings of another run. What tokens of both show together is not known: no report has their signatures.
void add_across(AcrossReport& sum, AcrossReport&& other);

void put_across(TextReport& out, const AcrossReport& report);

} // namespace jwtdomain::cli
