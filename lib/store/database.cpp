#include "jwtdomain/store/database.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "jwtdomain/store/files.h"
#include "jwtdomain/store/posix.h"
#include "jwtdomain/store/sqlite.h"

namespace jwtdomain::store {
namespace {

constexpr int kStorePatience = 10'000; // milliseconds that we wait for another process

// Of a connection. That there is a write-ahead log is said in the file itself, once it is known to be ours.
constexpr const char* kSettings = "PRAGMA synchronous=FULL;"
                                  "PRAGMA secure_delete=ON;"
                                  "PRAGMA temp_store=MEMORY;"
                                  "PRAGMA cell_size_check=ON;"
                                  "PRAGMA trusted_schema=OFF;";

tl::unexpected<Error> database_error(const Sqlite& sqlite, sqlite3* connection, int code, const std::string& path) {
    const std::string why = connection ? sqlite.errmsg(connection) : "no memory";
    const auto error = [&](Fault fault, std::string message, std::string hint = {}) {
        return posix::file_error(fault, path, std::move(message), std::move(hint));
    };
    switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return error(Fault::retry, "another process holds the store", "try again in a moment");
    case SQLITE_FULL: return error(Fault::unreadable, "the disk is full; nothing was changed", "make room on it");
    case SQLITE_READONLY:
        return error(Fault::unreadable, "the store cannot be written: " + why,
                     "its file and directory must be writable for this user");
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH: return error(Fault::unreadable, "cannot open the store: " + why);
    case SQLITE_IOERR: return error(Fault::unreadable, "the store cannot be read or written: " + why);
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return error(Fault::invalid, "the store is damaged: " + why,
                     "look at it with jwtdomain refresh --store-check; put a backup in its place");
    default: return error(Fault::internal, "the store failed: " + why);
    }
}

// SQLite makes its files with the rights that this one has.
Status make_private_file(const std::string& path) {
    if (const std::string tree = git_work_tree_of(path); !tree.empty()) {
        return posix::file_error(Fault::conflict, path, "the store would be inside the git work tree " + tree,
                                 "set XDG_STATE_HOME to a directory outside of it");
    }
    if (const Status made = make_private_directory(posix::parent_of(path)); !made) return made;
    posix::Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file && errno != EEXIST) return posix::system_error(path, errno, "cannot make the store");
    return {};
}

Status check_private_file(const std::string& path) {
    struct stat info {};
    if (lstat(path.c_str(), &info) != 0) return posix::system_error(path, errno, "cannot open the store");
    if (!S_ISREG(info.st_mode)) return posix::file_error(Fault::invalid, path, "the store is no regular file");
    if ((info.st_mode & 077) != 0) {
        return posix::file_error(Fault::invalid, path, "others may read or write the store",
                                 "chmod 600 " + posix::shell_word(path));
    }
    if (info.st_uid != geteuid() && info.st_uid != 0)
        return posix::file_error(Fault::invalid, path, "the store belongs to another user");
    return {};
}

} // namespace

// --- Statement ---

Statement::~Statement() { functions_.finalize(statement_); }

Statement& Statement::bind(int parameter, std::int64_t number) {
    functions_.bind_int64(statement_, parameter, number);
    return *this;
}
Statement& Statement::bind_text(int parameter, std::string_view text) {
    functions_.bind_text64(statement_, parameter, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}
Statement& Statement::bind_blob(int parameter, std::string_view octets) {
    functions_.bind_blob64(statement_, parameter, octets.data(), octets.size(), SQLITE_TRANSIENT);
    return *this;
}
Statement& Statement::bind_null(int parameter) {
    functions_.bind_null(statement_, parameter);
    return *this;
}

Result<bool> Statement::step() {
    const int code = functions_.step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    auto error = database_error(functions_, connection_, code, path_);
    reset();
    return error;
}

Status Statement::run() {
    for (;;) {
        const auto more = step();
        if (!more) return tl::unexpected(more.error());
        if (!*more) break;
    }
    reset();
    return {};
}

void Statement::reset() {
    functions_.reset(statement_);
    functions_.clear_bindings(statement_);
}

std::int64_t Statement::integer(int column) const { return functions_.column_int64(statement_, column); }

std::string Statement::text(int column) const {
    const auto* begin = reinterpret_cast<const char*>(functions_.column_text(statement_, column));
    if (begin == nullptr) return {};
    return {begin, static_cast<std::size_t>(functions_.column_bytes(statement_, column))};
}

std::string Statement::blob(int column) const {
    const auto* begin = static_cast<const char*>(functions_.column_blob(statement_, column));
    if (begin == nullptr) return {};
    return {begin, static_cast<std::size_t>(functions_.column_bytes(statement_, column))};
}

bool Statement::is_null(int column) const { return functions_.column_type(statement_, column) == SQLITE_NULL; }

// --- Database ---

struct Database::Connection {
    const Sqlite& functions;
    std::string path;
    sqlite3* handle = nullptr;
    std::map<const char*, std::unique_ptr<Statement>> statements = {};

    Connection(const Sqlite& sqlite, std::string file) : functions(sqlite), path(std::move(file)) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        statements.clear();
        functions.close_v2(handle);
    }

    tl::unexpected<Error> failed(int code) const { return database_error(functions, handle, code, path); }
    Status connect();
};

Status Database::Connection::connect() {
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
    if (const int code = functions.open_v2(path.c_str(), &handle, flags, nullptr); code != SQLITE_OK)
        return failed(code);
    functions.extended_result_codes(handle, 1);
    functions.busy_timeout(handle, kStorePatience);
    if (functions.db_readonly(handle, "main") == 1) return failed(SQLITE_READONLY);
    return {};
}

Result<std::int64_t> Database::known_version(const Schema& schema, bool may_be_new) {
    const auto version = this->version(schema, may_be_new);
    if (!version) return version;
    const auto newest = static_cast<std::int64_t>(schema.steps.size());
    if (*version > newest) {
        return posix::file_error(Fault::unsupported, path(),
                                 "a newer jwtdomain made this store (its version is " + std::to_string(*version) +
                                     ", this program knows " + std::to_string(newest) + ")",
                                 "use that program; nothing was changed");
    }
    if (*version < newest && !may_be_new)
        return posix::file_error(Fault::retry, path(), "the store is of an older version, or is being made");
    return version;
}

// The write-ahead log comes first, so that whatever has the newest version has one.
Status Database::bring_up_to_date(const Schema& schema) {
    if (const Status done = execute("PRAGMA journal_mode=WAL"); !done) return done;
    auto transaction = Transaction::begin(*this);
    if (!transaction) return tl::unexpected(transaction.error());
    const auto begun = known_version(schema, true); // another may have been first
    if (!begun) return tl::unexpected(begun.error());
    const auto newest = static_cast<std::int64_t>(schema.steps.size());
    if (*begun == newest) return {};
    for (auto i = *begun; i < newest; ++i) {
        if (const Status done = execute(schema.steps[static_cast<std::size_t>(i)]); !done) return done;
    }
    const std::string marks = "PRAGMA application_id=" + std::to_string(schema.application) +
                              "; PRAGMA user_version=" + std::to_string(newest);
    if (const Status done = execute(marks.c_str()); !done) return done;
    return transaction->commit();
}

// 0 for a file in which nothing is yet, if that may be.
Result<std::int64_t> Database::version(const Schema& schema, bool may_be_new) {
    const auto application = number("PRAGMA application_id");
    if (!application) return application;
    const auto version = number("PRAGMA user_version");
    if (!version) return version;
    const bool is_new = *application == 0 && *version == 0 && may_be_new;
    if (!is_new && *application != schema.application)
        return posix::file_error(Fault::invalid, path(), "this is a database of something else");
    return version;
}

Database::Database(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

const std::string& Database::path() const { return connection_->path; }

Result<Database> Database::open(const std::string& path, const Schema& schema) {
    if (const auto functions = sqlite(); !functions) return tl::unexpected(functions.error());
    if (const Status made = make_private_file(path); !made) return tl::unexpected(made.error());
    auto out = connect(path);
    if (!out) return out;
    const auto version = out->known_version(schema, true);
    if (!version) return tl::unexpected(version.error());
    if (*version == static_cast<std::int64_t>(schema.steps.size())) return out;
    if (const Status made = out->bring_up_to_date(schema); !made) return tl::unexpected(made.error());
    return out;
}

Result<Database> Database::open_existing(const std::string& path, const Schema& schema) {
    auto out = connect(path);
    if (!out) return out;
    if (const auto version = out->known_version(schema, false); !version) return tl::unexpected(version.error());
    return out;
}

Result<Database> Database::connect(const std::string& path) {
    const auto functions = sqlite();
    if (!functions) return tl::unexpected(functions.error());
    if (const Status good = check_private_file(path); !good) return tl::unexpected(good.error());
    auto connection = std::make_unique<Connection>(**functions, path);
    if (const Status connected = connection->connect(); !connected) return tl::unexpected(connected.error());
    Database out(std::move(connection));
    if (const Status set = out.execute(kSettings); !set) return tl::unexpected(set.error());
    return out;
}

Result<Statement*> Database::statement(const char* sql) {
    auto& slot = connection_->statements[sql];
    if (slot) {
        slot->reset();
        return slot.get();
    }
    const Sqlite& functions = connection_->functions;
    sqlite3_stmt* prepared = nullptr;
    const int code = functions.prepare_v3(connection_->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
    if (code != SQLITE_OK) return connection_->failed(code);
    slot.reset(new Statement(functions, connection_->handle, prepared, connection_->path));
    return slot.get();
}

Status Database::execute(const char* sql) {
    const int code = connection_->functions.exec(connection_->handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return connection_->failed(code);
    return {};
}

Result<std::int64_t> Database::number(const char* sql) {
    const auto statement = this->statement(sql);
    if (!statement) return tl::unexpected(statement.error());
    const auto row = (*statement)->step();
    if (!row) return tl::unexpected(row.error());
    const std::int64_t out = *row ? (*statement)->integer(0) : 0;
    (*statement)->reset();
    return out;
}

Result<std::string> Database::damage() {
    const auto statement = this->statement("PRAGMA integrity_check(20)");
    if (!statement) return tl::unexpected(statement.error());
    std::string out;
    for (;;) {
        const auto row = (*statement)->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        const std::string line = (*statement)->text(0);
        if (line != "ok") out += line + "\n";
    }
    (*statement)->reset();
    return out;
}

// --- Transaction ---

Result<Transaction> Transaction::begin(Database& database) {
    if (const Status begun = database.execute("BEGIN IMMEDIATE"); !begun) return tl::unexpected(begun.error());
    return Transaction(database);
}

Status Transaction::commit() {
    Database& database = *database_;
    const Status done = database.execute("COMMIT");
    if (done) database_ = nullptr;
    return done;
}

Transaction::~Transaction() {
    if (database_ == nullptr) return;
    const Database::Connection& connection = *database_->connection_;
    if (connection.functions.get_autocommit(connection.handle) == 0) (void)database_->execute("ROLLBACK");
}

} // namespace jwtdomain::store
