// The verifiers of all domains of a policy, and who judges by them: the answer to "which domain accepts this token?".
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "jwtdomain/accept/judge.h"
#include "jwtdomain/policy/lower.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

// Lowers each domain when it is first asked for. May be shared by threads. The policy must outlive it; `keys` is called
// by one thread at a time.
class VerifierSet {
public:
    VerifierSet(const Policy& policy, KeyReader keys);

    const Policy& policy() const { return policy_; }
    // By index in Policy::domains. The reference stays valid.
    const accept::Verifier& verifier(std::size_t domain);

    // Lowers the domain again, with keys from there, and has verifier() give that from now on; what it gave before
    // stays valid. False: not all keys could be read, and nothing has changed.
    bool renew(std::size_t domain, const KeyReader& keys);
    // Another number after each renewal.
    unsigned generation() const { return generation_; }

    // The domains with a path that may accept tokens of that issuer (nullopt: tokens without one). No others can accept
    // them.
    std::vector<std::size_t> candidates(std::optional<std::string_view> issuer) const;

private:
    const Policy& policy_;
    KeyReader keys_;
    std::mutex mutex_;
    std::vector<std::unique_ptr<const accept::Verifier>> lowered_, retired_;
    std::atomic<unsigned> generation_ = 0;
    std::unordered_map<std::string, std::vector<std::size_t>> by_issuer_;
    std::vector<std::size_t> without_issuer_; // domains that take tokens without iss
};

// Judges one token after the other, for one thread. Whatever is asked about a token, it is parsed once, and each domain
// checks it once: the decisions are kept until the next token.
class DomainJudge {
public:
    explicit DomainJudge(VerifierSet& set);

    // The token that everything below is about. Its text, and the revocations of `context`, must outlive the answers.
    void reset(std::string_view token, const accept::Context& context);

    // Was a verifier renewed since? Then the token is to be reset and asked about again.
    bool outdated() const { return generation_ != set_.generation(); }

    // The decision of one domain. Valid until the next call with a request, and the next token.
    const accept::Decision& decide(std::size_t domain);
    const accept::Decision& decide(std::size_t domain, const accept::Request& request);

    // The domains that accept the token at all, whatever the resource. In the order of the policy.
    std::vector<std::size_t> accepting();

    // The domain whose token it claims to be: by issuer, then by audience. nullopt if there is none.
    std::optional<std::size_t> claimed();

private:
    accept::Judge& judge(std::size_t domain);

    struct Decided {
        std::size_t domain;
        accept::Decision decision; // for no particular resource
    };
    VerifierSet& set_;
    unsigned generation_;
    std::vector<std::unique_ptr<accept::Judge>> judges_;
    accept::TokenReadings readings_;
    accept::Context context_;
    std::deque<Decided> decided_; // a deque, since what it hands out must stay where it is
    accept::Decision requested_;
};

// The domain whose resource covers the URI; of nested ones the innermost.
std::optional<std::size_t> domain_of_resource(const Policy& policy, std::string_view uri);

} // namespace jwtdomain::policy
