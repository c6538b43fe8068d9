// Who issues: a domain of the policy with its signing key, or whoever the user says.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "cli/app/session.h"
#include "cli/issue/options.h"
#include "cli/issue/signing_key.h"
#include "jwtdomain/jwt/reason.h"
#include "jwtdomain/policy/issuance.h"

namespace jwtdomain::cli {

// Signs those claims (JSON), and appends the token. Belongs to one thread.
using Mint = std::function<Status(std::string_view claims, std::string& out)>;

// What can be minted again and again.
class Issuer {
public:
    virtual ~Issuer() = default;
    virtual Result<Mint> minter() const = 0;             // a new one for each thread
    virtual bool one_at_a_time() const { return false; } // minters must not work at once

    std::string domain; // empty outside of the policy
    std::string header; // JSON
    std::string algorithm_name;
    std::optional<std::string> kid;
};

// Says of tokens of one domain what `verify --domain` would. Belongs to one thread.
class Acceptance {
public:
    // All must outlive it.
    Acceptance(Session& session, const policy::Policy& policy, const policy::Domain& domain);
    ~Acceptance();
    Acceptance(const Acceptance&) = delete;
    Acceptance& operator=(const Acceptance&) = delete;

    // The reasons for which it would be rejected; none: it is accepted. By the revocation list as it is now. Faults:
    // those of reading the list.
    Result<std::vector<Finding>> objections(std::string_view token, Time when);

private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

std::string codes_of(const std::vector<Finding>& findings); // "revoked, expired"

class DomainIssuer final : public Issuer {
public:
    // Reads the policy and chooses the key. For a request, which is signed elsewhere, no private half is needed.
    // Faults: those of the policy, of choose_signing_key, and of the options.
    static Result<std::unique_ptr<DomainIssuer>> open(Session& session, const IssueOptions& options);

    const policy::Domain& of() const { return *domain_; }
    const policy::Policy& policy() const { return *policy_; }
    Result<Mint> minter() const override;
    bool one_at_a_time() const override { return !program_.empty(); }

    // A compact JWS of that type, by the domain's key. Faults: as those of a Mint.
    Result<std::string> sign(std::string_view type, std::string_view payload) const;

    // Judges a token as `verify --domain` would, at a time when it is valid already. Faults: invalid, with the reasons.
    Status check_accepted(Session& session, std::string_view token, std::optional<Time> not_before) const;

    // The token of a signing input that was signed elsewhere. Faults: invalid if no published key made that signature.
    Result<std::string> attach(std::string_view signing_input, std::string_view signature) const;

private:
    Result<Mint> minter_of(const std::string& header) const;
    DomainIssuer() = default;
    Status choose(Session& session, const IssueOptions& options);
    Status choose_own(Session& session, const IssueOptions& options);
    Status choose_file(Session& session, const IssueOptions& options);

    std::unique_ptr<policy::Policy> policy_;
    const policy::Domain* domain_ = nullptr;
    JwkSet published_;
    std::optional<SigningChoice> choice_;
    std::optional<PrivateKey> private_half_;
    std::vector<std::string> program_; // signs instead; empty: we do
};

// A key or secret that the user names, outside of any policy. Faults: those of reading it; usage for an algorithm that
// does not fit.
Result<std::unique_ptr<Issuer>> open_ad_hoc(Session& session, const IssueOptions& options);

// The claims of tokens outside of any policy: the claim set as it was given, and what options add. Faults: usage.
struct FreeClaims {
    std::string before, after; // of the value of jti; without jti, all is in `before`
    bool has_id = false;
    void append(std::string& out, std::string_view jti) const;
};
Result<FreeClaims> free_claims(const IssueOptions& options, const std::optional<std::string>& claim_set, Time now);

} // namespace jwtdomain::cli
