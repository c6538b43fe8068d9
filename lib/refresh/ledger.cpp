#include "jwtdomain/refresh/ledger.h"

#include "jwtdomain/base/base64url.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/crypto/key.h"
#include "jwtdomain/refresh/answer.h"
#include "jwtdomain/refresh/ledger_store.h"

namespace jwtdomain::refresh {
namespace {

constexpr std::int32_t kApplication = 0x6a647231; // "jdr1"

constexpr const char* kFirstVersion = R"(
CREATE TABLE meta(name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE families(
    number INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, domain TEXT NOT NULL, client TEXT, subject TEXT,
    granted TEXT NOT NULL, begun INTEGER NOT NULL, ends INTEGER NOT NULL, used INTEGER NOT NULL,
    rotated INTEGER NOT NULL, rotated_before INTEGER NOT NULL, generation INTEGER NOT NULL, retries INTEGER NOT NULL,
    ended TEXT, ended_at INTEGER, access_until INTEGER NOT NULL, sealed_until INTEGER NOT NULL,
    head BLOB NOT NULL, previous BLOB NOT NULL, mac BLOB NOT NULL) STRICT;
CREATE INDEX family_subjects ON families(subject, domain);
CREATE INDEX family_ends ON families(ends);
CREATE TABLE sealed(until INTEGER NOT NULL, family BLOB NOT NULL, answer BLOB NOT NULL,
                    PRIMARY KEY(until, family)) STRICT, WITHOUT ROWID;
CREATE TABLE proofs(until INTEGER NOT NULL, id BLOB NOT NULL, PRIMARY KEY(until, id)) STRICT, WITHOUT ROWID;
CREATE TABLE log(number INTEGER PRIMARY KEY, time INTEGER NOT NULL, line TEXT NOT NULL, chain BLOB NOT NULL) STRICT;
)";
constexpr const char* kVersions[] = {kFirstVersion};
constexpr store::Schema kSchema{kApplication, kVersions};

std::string directory_of(const std::string& state) { return state + "/refresh"; }
std::string secret_path(const std::string& state) { return directory_of(state) + "/secret"; }

} // namespace

LogEntry log_entry(Event event, const Family& family) {
    return {.event = event,
            .domain = family.domain,
            .family = name_of_family(family.id),
            .generation = family.standing.generation,
            .client = family.grant.client.value_or(""),
            .subject = family.grant.subject.value_or("")};
}

std::string Ledger::path_in(const std::string& state_directory) { return directory_of(state_directory) + "/store.db"; }

Ledger::Ledger(std::unique_ptr<LedgerStore> store) : store_(std::move(store)) {}
Ledger::Ledger(Ledger&&) noexcept = default;
Ledger& Ledger::operator=(Ledger&&) noexcept = default;
Ledger::~Ledger() = default;

Result<Ledger> Ledger::open(const std::string& state_directory) {
    auto database = store::Database::open(path_in(state_directory), kSchema);
    if (!database) return tl::unexpected(database.error());
    const auto secret = ledger_secret(*database, secret_path(state_directory));
    if (!secret) return tl::unexpected(secret.error());
    return Ledger(std::make_unique<LedgerStore>(std::move(*database), *secret));
}

Result<Ledger> Ledger::open_existing(const std::string& state_directory) {
    auto database = store::Database::open_existing(path_in(state_directory), kSchema);
    if (!database && database.error().fault == Fault::not_found) {
        return fail(Error{.fault = Fault::not_found,
                          .message = "no refresh token was ever issued here",
                          .where = {path_in(state_directory)},
                          .hint = "jwtdomain issue --refresh --domain NAME ... issues the first"});
    }
    if (!database) return tl::unexpected(database.error());
    const auto secret = ledger_secret(*database, secret_path(state_directory));
    if (!secret) return tl::unexpected(secret.error());
    return Ledger(std::make_unique<LedgerStore>(std::move(*database), *secret));
}

AuditLog Ledger::log() { return store_->log; }

Status Ledger::record(const LogEntry& entry, Time now) {
    auto transaction = store::Transaction::begin(store_->database);
    if (!transaction) return tl::unexpected(transaction.error());
    if (const Status done = store_->log.append(entry, now); !done) return done;
    return transaction->commit();
}

Result<Answer> Ledger::begin(const Beginning& beginning, Time given, const Mint& mint) {
    LedgerStore& store = *store_;
    auto transaction = store::Transaction::begin(store.database);
    if (!transaction) return tl::unexpected(transaction.error());
    const auto now = store.clock(given);
    if (!now) return tl::unexpected(now.error());
    Family family{.id = random_octets(kFamilySize), .domain = beginning.domain, .grant = beginning.grant};
    family.standing = {.begun = *now, .ends = *now + beginning.rules.absolute, .used = *now};
    family.standing.bound = !family.grant.key_thumbprint.empty();
    const RefreshToken token = store.make_token(family, 0);
    family.head = store.hash_of(token);
    auto minted = mint(family, given);
    if (!minted) return tl::unexpected(minted.error());
    if (minted->cause != Cause::none) return fail(Fault::usage, minted->refused);
    family.grant = minted->grant;
    family.access_until = minted->expires;
    if (const Status done = store.insert(family); !done) return tl::unexpected(done.error());
    LogEntry entry = log_entry(Event::issue, family);
    entry.jti = minted->jti;
    entry.until = minted->expires;
    if (const Status done = store.log.append(entry, given); !done) return tl::unexpected(done.error());
    if (const Status done = store.forget(*now); !done) return tl::unexpected(done.error());
    Answer out{.decision = {Act::rotate, Cause::none}, .family = name_of_family(family.id)};
    out.response = token_response(*minted, &token, family.standing.bound, given);
    out.minted = std::move(*minted);
    if (const Status done = transaction->commit(); !done) return tl::unexpected(done.error());
    return out;
}

Result<std::vector<Family>> Ledger::revoke(const Selection& selection, const std::string& reason, Time given,
                                           const Announce& announce) {
    LedgerStore& store = *store_;
    auto transaction = store::Transaction::begin(store.database);
    if (!transaction) return tl::unexpected(transaction.error());
    std::vector<Family> chosen;
    const Status read = store.each(selection, [&](Family family, bool) {
        if (!family.standing.ended) chosen.push_back(std::move(family));
        return true;
    });
    if (!read) return tl::unexpected(read.error());
    for (Family& family : chosen) {
        family.standing.ended = Cause::revoked;
        family.ended_at = given;
        if (const Status done = store.drop_sealed(family); !done) return tl::unexpected(done.error());
        if (const Status done = store.update(family); !done) return tl::unexpected(done.error());
        LogEntry entry = log_entry(Event::revoke, family);
        entry.detail = reason;
        entry.until = family.access_until;
        if (const Status done = store.log.append(entry, given); !done) return tl::unexpected(done.error());
    }
    if (const Status told = announce(chosen); !told) return tl::unexpected(told.error());
    if (const Status done = transaction->commit(); !done) return tl::unexpected(done.error());
    return chosen;
}

Result<std::vector<Family>> Ledger::list(const Selection& selection, std::size_t most) {
    std::vector<Family> out;
    const Status read = store_->each(selection, [&](Family family, bool) {
        out.push_back(std::move(family));
        return out.size() < most;
    });
    if (!read) return tl::unexpected(read.error());
    return out;
}

Result<std::optional<Family>> Ledger::find(std::string_view name) {
    std::string id;
    if (base64url_decode(name, id) != Base64Defect::none) return std::nullopt;
    return store_->read(id);
}

Result<Ledger::Check> Ledger::check() {
    Check out;
    const auto damage = store_->database.damage();
    if (!damage) return tl::unexpected(damage.error());
    std::string_view lines = *damage;
    while (!lines.empty()) out.problems.push_back("the file is damaged: " + std::string(take_until(lines, '\n')));
    const Status families = store_->each({}, [&](Family family, bool altered) {
        ++out.families;
        if (!altered) return true;
        ++out.altered;
        out.problems.push_back("the record of the family " + name_of_family(family.id) + " was changed from outside");
        return true;
    });
    if (!families) return tl::unexpected(families.error());
    const Status log = store_->log.read([&](const AuditLog::Row& row) {
        ++out.lines;
        if (!row.chained) {
            out.problems.push_back("line " + std::to_string(row.number) +
                                   " of the audit log does not follow from the one before it");
        }
        return true;
    });
    if (!log) return tl::unexpected(log.error());
    return out;
}

} // namespace jwtdomain::refresh
