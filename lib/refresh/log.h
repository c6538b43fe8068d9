// The audit log: a line for everything that was issued, refused or revoked, each chained to the one before it by a
// keyed hash, and written in the same transaction as what it records. No secret is in it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "jwtdomain/base/secret.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/refresh/machine.h"
#include "jwtdomain/store/database.h"

namespace jwtdomain::refresh {

enum class Event : std::uint8_t { issue, refresh, retry, refuse, reuse, end, revoke, rotate };
std::string_view name_of(Event event);

// What happened. Empty members are not written.
struct LogEntry {
    Event event;
    std::string domain = {};
    std::string family = {}; // base64url
    std::string key = {};    // its RFC 7638 thumbprint
    std::optional<std::int64_t> generation = {};
    std::string client = {}, subject = {};
    Cause cause = Cause::none;
    std::string detail = {}; // a sentence
    std::string jti = {};    // of the access token
    std::optional<Time> until = {};
};

class AuditLog {
public:
    // `key` is that of the chain. Both must outlive it.
    AuditLog(store::Database& database, const SecretBytes& key) : database_(database), key_(key) {}

    // Of the last line; 0 if there is none. No clock has been later when something was recorded.
    Result<Time> last_time();

    // Inside the transaction of what it records. Faults: those of Database.
    Status append(const LogEntry& entry, Time now);

    struct Row {
        std::int64_t number;
        std::string line;  // JSON
        bool chained;      // to the line before it
        std::string chain; // its value here, in hexadecimal: kept elsewhere, it shows later that nothing was taken away
    };
    // All lines in their order; stops when `take` gives false.
    Status read(const std::function<bool(const Row&)>& take);

private:
    store::Database& database_;
    const SecretBytes& key_;
};

} // namespace jwtdomain::refresh
