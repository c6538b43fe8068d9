#include "jwtdomain/store/sqlite.h"

#include "jwtdomain/base/shared_library.h"

namespace jwtdomain::store {
namespace {

constexpr int kOldestSqlite = 3'037'000; // 3.37: STRICT tables

LoadedLibrary<Sqlite> load_sqlite() {
    LoadedLibrary<Sqlite> out;
    SharedLibrary library({"libsqlite3.so.0"});
    Sqlite& f = out.functions;
    library.find("sqlite3_libversion_number", f.libversion_number);
    library.find("sqlite3_open_v2", f.open_v2);
    library.find("sqlite3_close_v2", f.close_v2);
    library.find("sqlite3_db_readonly", f.db_readonly);
    library.find("sqlite3_busy_timeout", f.busy_timeout);
    library.find("sqlite3_extended_result_codes", f.extended_result_codes);
    library.find("sqlite3_errmsg", f.errmsg);
    library.find("sqlite3_exec", f.exec);
    library.find("sqlite3_get_autocommit", f.get_autocommit);
    library.find("sqlite3_changes", f.changes);
    library.find("sqlite3_prepare_v3", f.prepare_v3);
    library.find("sqlite3_finalize", f.finalize);
    library.find("sqlite3_reset", f.reset);
    library.find("sqlite3_clear_bindings", f.clear_bindings);
    library.find("sqlite3_step", f.step);
    library.find("sqlite3_bind_int64", f.bind_int64);
    library.find("sqlite3_bind_text64", f.bind_text64);
    library.find("sqlite3_bind_blob64", f.bind_blob64);
    library.find("sqlite3_bind_null", f.bind_null);
    library.find("sqlite3_column_int64", f.column_int64);
    library.find("sqlite3_column_text", f.column_text);
    library.find("sqlite3_column_blob", f.column_blob);
    library.find("sqlite3_column_bytes", f.column_bytes);
    library.find("sqlite3_column_type", f.column_type);
    out.usable = library.whole() && f.libversion_number() >= kOldestSqlite;
    return out;
}

} // namespace

Result<const Sqlite*> sqlite() {
    static const LoadedLibrary<Sqlite> loaded = load_sqlite();
    return loaded.get("SQLite, which holds refresh tokens,", "libsqlite3-0");
}

} // namespace jwtdomain::store
