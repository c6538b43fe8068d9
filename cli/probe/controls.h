// Good tokens: minted for a domain of the policy whose key is here, or handed in.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/issue/signing_key.h"
#include "cli/probe/options.h"
#include "jwtdomain/policy/model.h"
#include "jwtdomain/probe/kinds.h"

namespace jwtdomain::cli {

// Where a token or a key is handed in from.
struct HandedIn {
    std::size_t domain = 0; // in the policy
    std::string source;     // "env:NAME", "@FILE", "cmd:PROGRAM"
};
// Of DOMAIN=SOURCE. Faults: usage (no source of a token or key), and those of require_domain.
Result<HandedIn> token_source(const std::string& given, const policy::Policy& policy);
Result<HandedIn> key_source(const std::string& given, const policy::Policy& policy);

class Controls {
public:
    // Reads what was handed in. Faults: usage (of no domain; a source that is none), invalid (what is there is none),
    // and those of reading.
    static Result<Controls> open(Session& session, const ProbeOptions& options, const policy::Policy& policy);

    // A token of the domain for that resource (nullptr: none in particular), which lives a minute, with the subject
    // jwtdomain-probe and the scopes that the resource asks for and no more. May be asked by several threads. Faults:
    // why there is none.
    Result<probe::Control> of(std::size_t domain, const policy::Resource* resource, const std::string& method);

    // Whether it is handed in, and so the same each time.
    bool is_handed_in(std::size_t domain) const { return handed_.count(domain) != 0; }

private:
    struct Key {
        SigningChoice choice;
        PrivateKey half;
    };
    Controls(Session& session, const policy::Policy& policy)
        : session_(&session), policy_(&policy), reading_(std::make_unique<std::mutex>()) {}
    Status take_token(const std::string& given);
    Status take_key(const std::string& given);
    Result<Key> open_key(std::size_t domain);
    const Result<Key>& key_of(std::size_t domain);
    const std::vector<std::string>& kids_of(std::size_t domain);
    Result<probe::Control> mint(std::size_t domain, const std::vector<std::string>& audiences,
                                const std::vector<std::string>& scopes);
    void put_foreign(std::size_t domain, probe::Control& control);

    Session* session_;
    const policy::Policy* policy_;
    std::map<std::size_t, std::string> handed_;
    std::map<std::size_t, PrivateKey> handed_keys_;
    // read once, by one thread at a time
    std::unique_ptr<std::mutex> reading_;
    std::map<std::size_t, Result<Key>> keys_;
    std::map<std::size_t, std::vector<std::string>> kids_;
};

} // namespace jwtdomain::cli
