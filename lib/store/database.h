// A database in one private file, for what must be there as a whole or not at all: after a commit it survives a crash
// of the machine (SQLite, write-ahead log, full synchronisation).
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "jwtdomain/base/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace jwtdomain::store {

struct Sqlite;

// One prepared statement. Parameters count from 1, columns from 0. What a column gives is valid until the next step.
class Statement {
public:
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    Statement& bind(int parameter, std::int64_t number);
    Statement& bind_text(int parameter, std::string_view text); // copied
    Statement& bind_blob(int parameter, std::string_view octets);
    Statement& bind_null(int parameter);

    // Whether there is a further row. Faults: those of Database.
    Result<bool> step();
    // For a statement that gives no rows; or whose rows are of no interest.
    Status run();
    void reset();

    std::int64_t integer(int column) const;
    std::string text(int column) const;
    std::string blob(int column) const;
    bool is_null(int column) const;

private:
    friend class Database;
    Statement(const Sqlite& functions, sqlite3* connection, sqlite3_stmt* statement, const std::string& path)
        : functions_(functions), connection_(connection), statement_(statement), path_(path) {}
    const Sqlite& functions_;
    sqlite3* connection_;
    sqlite3_stmt* statement_;
    const std::string& path_;
};

// What a database is of, and how it came to be: the statements that lead from each version to the next.
struct Schema {
    std::int32_t application; // a number of this kind of database, in the file's head
    std::span<const char* const> steps;
};

// Belongs to one thread. Several processes may have it open. Faults of all that follows: retry (another process held it
// for too long), unreadable (a full disk, no right to write, a fault of the device), invalid (it is damaged, or is
// something else), internal.
class Database {
public:
    // Makes it, 0600 in a directory of 0700, or opens one that nobody else may read; brings an older one up to date.
    // Faults also: conflict (inside a git work tree), unsupported (no SQLite; a newer program made it).
    static Result<Database> open(const std::string& path, const Schema& schema);
    // As it is, for reading; not_found if there is none.
    static Result<Database> open_existing(const std::string& path, const Schema& schema);
    Database(Database&&) noexcept;
    Database& operator=(Database&&) noexcept;
    ~Database();

    const std::string& path() const;

    // Prepared once, and handed out again fresh. `sql` must be a literal: it is known by its address.
    Result<Statement*> statement(const char* sql);
    Status execute(const char* sql);
    // One statement with at most those parameters, that gives one number; 0 if it gives none.
    Result<std::int64_t> number(const char* sql);

    // Looks through the whole file. What is wrong, a line each; empty if nothing is.
    Result<std::string> damage();

private:
    friend class Transaction;
    struct Connection;
    explicit Database(std::unique_ptr<Connection> connection);
    static Result<Database> connect(const std::string& path);
    Result<std::int64_t> known_version(const Schema& schema, bool may_be_new);
    Status bring_up_to_date(const Schema& schema);
    Result<std::int64_t> version(const Schema& schema, bool may_be_new);
    std::unique_ptr<Connection> connection_;
};

// Holds the one right to write from its beginning to its end; undone unless committed.
class Transaction {
public:
    static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept : database_(other.database_) { other.database_ = nullptr; }
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();

    // On the disk when it returns. After an error nothing of it is there.
    Status commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

} // namespace jwtdomain::store
