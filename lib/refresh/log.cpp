#include "jwtdomain/refresh/log.h"

#include <algorithm>
#include <array>

#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/crypto/aead.h"

namespace jwtdomain::refresh {
namespace {

constexpr std::array<std::string_view, 8> kEventNames{"issue", "refresh", "retry",  "refuse",
                                                      "reuse", "end",     "revoke", "rotate"};

struct LastLine {
    std::int64_t number = 0;
    Time time = 0;
    std::string chain;
};

Result<LastLine> last_line(store::Database& database) {
    const auto select = database.statement("SELECT number, time, chain FROM log ORDER BY number DESC LIMIT 1");
    if (!select) return tl::unexpected(select.error());
    const auto row = (*select)->step();
    if (!row) return tl::unexpected(row.error());
    LastLine out;
    if (*row) out = {(*select)->integer(0), (*select)->integer(1), (*select)->blob(2)};
    (*select)->reset();
    return out;
}

std::string line_of(const LogEntry& entry, std::int64_t number, Time now) {
    std::string out;
    json::ObjectWriter writer(out);
    const auto text = [&](const char* name, const std::string& value) {
        if (!value.empty()) writer.text(name, value);
    };
    writer.number("number", number).text("time", format_time(now)).text("event", name_of(entry.event));
    text("domain", entry.domain);
    text("family", entry.family);
    text("key", entry.key);
    if (entry.generation) writer.number("generation", *entry.generation);
    text("client", entry.client);
    text("subject", entry.subject);
    if (entry.cause != Cause::none) writer.text("cause", info(entry.cause).code);
    text("detail", entry.detail);
    text("jti", entry.jti);
    if (entry.until) writer.text("until", format_time(*entry.until));
    writer.close();
    return out;
}

} // namespace

std::string_view name_of(Event event) { return kEventNames[static_cast<std::size_t>(event)]; }

Result<Time> AuditLog::last_time() {
    const auto last = last_line(database_);
    if (!last) return tl::unexpected(last.error());
    return last->time;
}

Status AuditLog::append(const LogEntry& entry, Time now) {
    const auto last = last_line(database_);
    if (!last) return tl::unexpected(last.error());
    const std::string line = line_of(entry, last->number + 1, now);
    const auto insert = database_.statement("INSERT INTO log(number, time, line, chain) VALUES(?1, ?2, ?3, ?4)");
    if (!insert) return tl::unexpected(insert.error());
    (*insert)->bind(1, last->number + 1).bind(2, std::max(now, last->time)).bind_text(3, line);
    (*insert)->bind_blob(4, keyed_hash(key_, last->chain + line));
    return (*insert)->run();
}

Status AuditLog::read(const std::function<bool(const Row&)>& take) {
    const auto select = database_.statement("SELECT number, line, chain FROM log ORDER BY number");
    if (!select) return tl::unexpected(select.error());
    std::string chain;
    std::int64_t expected = 1;
    for (;;) {
        const auto more = (*select)->step();
        if (!more) return tl::unexpected(more.error());
        if (!*more) break;
        const std::string stored = (*select)->blob(2);
        Row row{.number = (*select)->integer(0),
                .line = (*select)->text(1),
                .chained = false,
                .chain = hexadecimal(stored)};
        row.chained = row.number == expected && equal_secrets(stored, keyed_hash(key_, chain + row.line));
        chain = stored;
        expected = row.number + 1;
        if (!take(row)) break;
    }
    (*select)->reset();
    return {};
}

} // namespace jwtdomain::refresh
