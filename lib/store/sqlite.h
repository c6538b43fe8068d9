// Internal: SQLite, loaded when a database is first opened. Its header gives types and numbers alone; nothing of it is
// linked.
#pragma once

#include <sqlite3.h>

#include "jwtdomain/base/result.h"

namespace jwtdomain::store {

struct Sqlite {
    decltype(&::sqlite3_libversion_number) libversion_number;
    decltype(&::sqlite3_open_v2) open_v2;
    decltype(&::sqlite3_close_v2) close_v2;
    decltype(&::sqlite3_db_readonly) db_readonly;
    decltype(&::sqlite3_busy_timeout) busy_timeout;
    decltype(&::sqlite3_extended_result_codes) extended_result_codes;
    decltype(&::sqlite3_errmsg) errmsg;
    decltype(&::sqlite3_exec) exec;
    decltype(&::sqlite3_get_autocommit) get_autocommit;
    decltype(&::sqlite3_changes) changes;
    decltype(&::sqlite3_prepare_v3) prepare_v3;
    decltype(&::sqlite3_finalize) finalize;
    decltype(&::sqlite3_reset) reset;
    decltype(&::sqlite3_clear_bindings) clear_bindings;
    decltype(&::sqlite3_step) step;
    decltype(&::sqlite3_bind_int64) bind_int64;
    decltype(&::sqlite3_bind_text64) bind_text64;
    decltype(&::sqlite3_bind_blob64) bind_blob64;
    decltype(&::sqlite3_bind_null) bind_null;
    decltype(&::sqlite3_column_int64) column_int64;
    decltype(&::sqlite3_column_text) column_text;
    decltype(&::sqlite3_column_blob) column_blob;
    decltype(&::sqlite3_column_bytes) column_bytes;
    decltype(&::sqlite3_column_type) column_type;
};

// The same one for the whole run. Faults: unsupported (it is not there, or too old).
Result<const Sqlite*> sqlite();

} // namespace jwtdomain::store
