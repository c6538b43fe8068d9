// The policy as commands get it: found, read from the file system, with its keys.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "cli/app/session.h"
#include "jwtdomain/accept/revocation.h"
#include "jwtdomain/policy/load.h"
#include "jwtdomain/policy/lower.h"

namespace jwtdomain::cli {

// What was read: path -> content.
using ReadLog = std::map<std::string, std::string>;

// The policy's files on disk.
policy::Reader policy_reader(ReadLog* log = nullptr);

// The whole policy. Faults: those of finding and loading it.
Result<policy::Policy> load_policy(Session& session, const policy::Reader& files = policy_reader());

// Files of keys are compared by name, so each gets one: relative to the policy's directory where it lies below it, and
// without links; of several hard links the first. What a claim of the token puts in (in braces) is not known yet.
void name_files_once(policy::Policy& policy);

// The whole policy as an audit needs it: the configurations that its verifiers name are read (what cannot be is
// reported, and opaque), and files of keys have one name. Faults: as load_policy.
Result<policy::Policy> load_guarded_policy(Session& session, const policy::Reader& files = policy_reader());
// The same, of a directory.
Result<policy::Policy> load_guarded_policy(Session& session, const std::string& directory, const policy::Reader& files);

// As much of it as judging tokens of one domain needs; see policy::load_domain.
Result<policy::Policy> load_policy_of(Session& session, const std::string& domain);

// Of each key that does not hold together, why it is not used.
void warn_of_defects(Session& session, const JwkSet& set, const std::string& place);

// Reads the keys that a policy names, those at URLs as fetch_keys does, and warns of keys that are defective. `files`
// is where the policy was read from.
policy::KeyReader key_reader(Session& session, const policy::Policy& policy,
                             const policy::Reader& files = policy_reader());

// Where the policy's revocation list is, or would be.
std::string revocation_path(const policy::Policy& policy);

// The policy's revocation list; empty if it names none. Faults: those of reading and believing it.
Result<accept::Revocations> load_revocations(Session& session, const policy::Policy& policy);
// The same, from where the policy was read: what is in a revision of git is limited as its other files are.
Result<accept::Revocations> load_revocations(Session& session, const policy::Policy& policy,
                                             const policy::Reader& files);

// The same, again and again: it is read anew where it has changed. The session and the policy must outlive it.
class RevocationReader {
public:
    RevocationReader(Session& session, const policy::Policy& policy) : session_(session), policy_(policy) {}
    // Valid until the next call. Faults: as load_revocations.
    Result<const accept::Revocations*> current();

private:
    Session& session_;
    const policy::Policy& policy_;
    std::string content_; // that the list was read from
    accept::Revocations list_;
};

} // namespace jwtdomain::cli
