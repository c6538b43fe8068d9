// The families of refresh tokens of this machine: a database in the directory of private state. What it holds reveals
// no token: of each only a keyed hash, and the last answer sealed under what only the holder of the token before it
// knows. A record that was changed from outside is not believed.
//
// Known limits, by construction: within the grace a copy of the predecessor gets the same answer again; whoever can put
// an old copy of the whole store back, with its key, goes back to its state (a token that is newer than the store is
// then told as such).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "jwtdomain/base/result.h"
#include "jwtdomain/base/secret.h"
#include "jwtdomain/refresh/family.h"
#include "jwtdomain/refresh/log.h"
#include "jwtdomain/refresh/token.h"

namespace jwtdomain::refresh {

// An access token for a family.
struct Minted {
    std::string access_token;
    std::string jti;
    Time expires = 0;
    std::vector<std::string> scopes; // that it carries
    Grant grant;                     // what is left of the family's by today's policy
    Cause cause = Cause::none;       // not_allowed or wider, if it is refused
    std::string refused;             // and why
};

// Called while the store is locked. An error undoes everything.
using Mint = std::function<Result<Minted>(const Family& family, Time now)>;

// Told of families that end before their time, before that is committed: whoever denies their access tokens.
using Announce = std::function<Status(const std::vector<Family>& ended)>;

// RFC 6749 section 5.1, as JSON. As secret as the tokens in it.
struct Answer {
    Decision decision = {};
    std::string family = {}; // base64url; empty if it is not known
    std::int64_t generation = 0;
    SecretBytes response = {}; // empty if refused
    Minted minted = {};        // of act rotate and renew
    Status announced = {};     // what came of telling that the family ended
};

struct Beginning {
    std::string domain;
    Grant grant;
    policy::RefreshRules rules;
};

struct Exchange {
    std::string domain; // that is asked
    std::optional<std::string> client;
    policy::RefreshRules rules;
    std::string_view token;    // as it was presented
    Proof proof = Proof::none; // whether the proof that came with it holds, its key aside
    std::string proof_key;     // the thumbprint of that key
    std::string proof_id;      // what makes the proof unique: a proof is good for one use
    Time proof_until = 0;      // when it is too old anyway
};

// What is to end.
struct Selection {
    std::optional<std::string> family, subject, domain, client; // all that are given must fit
    std::optional<Time> before;                                 // begun before then
};

struct LedgerStore;

class Ledger {
public:
    static std::string path_in(const std::string& state_directory); // of the database

    // Faults: those of Database::open; invalid (its key is missing, or of another store).
    static Result<Ledger> open(const std::string& state_directory);
    // not_found if there is none.
    static Result<Ledger> open_existing(const std::string& state_directory);
    Ledger(Ledger&&) noexcept;
    Ledger& operator=(Ledger&&) noexcept;
    ~Ledger();

    // A new family. Its refresh token is in the answer. Faults: those of Database and of `mint`; usage with what it
    // refused.
    Result<Answer> begin(const Beginning& beginning, Time now, const Mint& mint);

    // The answer stands, on the disk, before it is given. Faults: those of Database and of `mint`; invalid (the record
    // was changed from outside).
    Result<Answer> exchange(const Exchange& exchange, Time now, const Mint& mint, const Announce& announce);

    // Ends families for ever; those that have ended already are left alone. Nothing that was refreshed at the same time
    // commits after this has returned. An error of `announce` undoes it all.
    Result<std::vector<Family>> revoke(const Selection& selection, const std::string& reason, Time now,
                                       const Announce& announce);

    // In the order of their beginning. `most` of them at most.
    Result<std::vector<Family>> list(const Selection& selection, std::size_t most);
    Result<std::optional<Family>> find(std::string_view name);

    AuditLog log();
    // Of what is not done here: a transaction of its own.
    Status record(const LogEntry& entry, Time now);

    struct Check {
        std::int64_t families = 0, altered = 0, lines = 0;
        std::vector<std::string> problems; // a sentence each; empty: all is well
    };
    // Reads everything: the file, the MAC of each record, the chain of the log.
    Result<Check> check();

private:
    explicit Ledger(std::unique_ptr<LedgerStore> store);
    std::unique_ptr<LedgerStore> store_;
};

} // namespace jwtdomain::refresh
