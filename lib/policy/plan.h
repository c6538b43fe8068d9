// What `init` is about to write: the texts of new files, after checking that nothing in them collides with what is
// there.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/policy/model.h"

namespace jwtdomain::policy {

// A key that a domain has (PublicKey::identity).
struct KeyOwner {
    std::string domain;
    std::string identity;
    std::string kid; // for messages; may be empty
};

struct NewDomain {
    std::string name;
    std::string text;           // of its file, from a preset; empty: a domain that we mint for
    std::vector<KeyOwner> keys; // that it will have, as far as they exist already
    std::string algorithm;      // of a domain that we mint for, if not the policy's default
};

// What the new domains may have in common with others, since somebody said so.
struct Sharing {
    bool issuer = false;   // one issuer; or foreign ones the keys of one provider
    bool audience = false; // foreign ones an audience, if each asks for an issuer and has keys that the other has not
};

struct PlanInput {
    std::vector<NewDomain> domains;
    std::string base_url = "https://example.com"; // of domains that we mint for
    Sharing shared;
    const Policy* existing = nullptr; // the policy that is there, fully loaded
    std::vector<KeyOwner> existing_keys;
};

struct PlannedFile {
    std::string path; // relative to the policy's directory
    std::string text;
};

struct Plan {
    std::vector<PlannedFile> files;    // policy.yaml first, if there is none yet
    std::vector<Domain> domains;       // the new ones, as they will load
    std::vector<std::string> warnings; // what was let pass since Sharing allows it
};

// Faults: usage (not a name, not a URL), invalid (the text of a preset was changed for the worse), conflict with
// Error::rule: ISS-08 one issuer for two domains, ISS-07 issuers that look alike, AUD-03 audiences that are equal or
// look alike, CLM-01 domain names (and with them values of the domain claim) that look alike, KEY-01 a key that another
// domain has; and conflict without a rule for a domain that exists already, or that the policy's `include` would not
// read.
Result<Plan> plan(const PlanInput& input);

// "prod/tenant-a" and https://example.com:8443/x give https://auth.tenant-a.prod.example.com:8443/x. Faults: usage.
Result<std::string> derive_url(std::string_view base_url, std::string_view prefix, std::string_view domain);

} // namespace jwtdomain::policy
