// Internal: what the parts of the ledger share: the database, its keys, and reading and writing of records.
#pragma once

#include "jwtdomain/refresh/ledger.h"
#include "jwtdomain/store/database.h"

namespace jwtdomain::refresh {

// The secret that lies beside the database: made with it, and of no other. Faults: those of Database and of
// private files; invalid (it is missing, or another one's).
Result<SecretBytes> ledger_secret(store::Database& database, const std::string& path);

LogEntry log_entry(Event event, const Family& family);

// All derived from that secret.
struct LedgerKeys {
    explicit LedgerKeys(const SecretBytes& secret);
    SecretBytes hashes, tags, records, chain;
};

struct LedgerStore {
    store::Database database;
    LedgerKeys keys;
    AuditLog log;

    LedgerStore(store::Database opened, const SecretBytes& secret)
        : database(std::move(opened)), keys(secret), log(database, keys.chain) {}
    LedgerStore(const LedgerStore&) = delete;
    LedgerStore& operator=(const LedgerStore&) = delete;

    // A token of that generation, of random octets and a tag of our own.
    RefreshToken make_token(const Family& family, std::int64_t generation) const;
    std::string hash_of(const RefreshToken& token) const;
    Presented recognise(const Family& family, const RefreshToken& token) const;

    // Faults: those of Database; invalid if somebody changed the record.
    Result<std::optional<Family>> read(std::string_view id);
    Status insert(const Family& family);
    Status update(const Family& family);

    // All that fit, in the order of their beginning. Stops when `take` gives false. `altered`: its MAC is wrong.
    Status each(const Selection& selection, const std::function<bool(Family family, bool altered)>& take);

    // The answer to the predecessor, kept for a retry.
    Status seal(const Family& family, const RefreshToken& predecessor, const SecretBytes& response);
    Result<SecretBytes> unseal(const Family& family, const RefreshToken& predecessor);
    Status drop_sealed(Family& family);
    Status sweep(Time now);  // answers and proofs that are over
    Status forget(Time now); // families that ended long ago

    // False if it was used before.
    Result<bool> use_proof(const std::string& id, Time until);

    Result<Time> clock(Time now); // no earlier than anything recorded
};

} // namespace jwtdomain::refresh
