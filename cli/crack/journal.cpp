#include "cli/crack/journal.h"

#include "jwtdomain/base/json.h"
#include "jwtdomain/base/json_write.h"
#include "jwtdomain/base/text.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMostJournal = 64u << 20;

std::optional<std::uint64_t> count_of(json::Value object, std::string_view name) {
    const auto value = object.find(name);
    const auto number = value ? value->integer() : std::nullopt;
    return number && *number >= 0 ? std::optional(static_cast<std::uint64_t>(*number)) : std::nullopt;
}

std::string first_line_of(const std::string& plan) {
    std::string line;
    json::ObjectWriter(line).number("version", 1).text("command", "crack").text("plan", plan).close();
    return line;
}

} // namespace

Result<CrackJournal> CrackJournal::open(const std::string& path, const std::string& plan) {
    auto lines = store::PrivateLines::open(path);
    if (!lines) return fail(lines.error());
    CrackJournal out(std::move(*lines));
    const auto content = out.lines_.read(kMostJournal);
    if (!content) return fail(content.error());
    if (content->empty()) {
        if (const Status begun = out.lines_.append(first_line_of(plan)); !begun) return fail(begun.error());
        return out;
    }
    const auto refuse = [&](const std::string& why) {
        return fail({.fault = Fault::conflict,
                     .message = why,
                     .where = {.file = path},
                     .hint = "name a file that is not there yet, or move it away to begin anew"});
    };
    const std::size_t end = content->rfind('\n') + 1;
    std::string_view rest = std::string_view(*content).substr(0, end);
    for (std::size_t number = 1; !rest.empty(); ++number) {
        const std::string_view line = take_until(rest, '\n');
        if (number == 1 ? line != first_line_of(plan) : !out.read_line(line))
            return refuse("this is of no such search: other tokens, lists or options");
    }
    if (end == 0) return refuse("this is of no such search: other tokens, lists or options");
    if (end < content->size()) {
        if (const Status cut = out.lines_.keep(end); !cut) return fail(cut.error());
    }
    out.resumed_ = true;
    return out;
}

bool CrackJournal::read_line(std::string_view line) {
    json::Document document;
    if (document.parse(line) || !document.root().is(json::Kind::object)) return false;
    const json::Value root = document.root();
    if (const auto found = count_of(root, "found")) return found_.insert(static_cast<std::size_t>(*found)).second;
    const auto list = count_of(root, "list"), at = count_of(root, "at"), tried = count_of(root, "tried");
    if (!list || !at || !tried) return false;
    place_ = {static_cast<std::size_t>(*list), *at, *tried};
    return true;
}

Status CrackJournal::keep(const ListPlace& place) const {
    std::string line;
    json::ObjectWriter(line)
        .number("list", static_cast<std::int64_t>(place.list))
        .number("at", static_cast<std::int64_t>(place.at))
        .number("tried", static_cast<std::int64_t>(place.tried))
        .close();
    return lines_.append(line);
}

Status CrackJournal::keep_found(std::size_t token) const {
    std::string line;
    json::ObjectWriter(line).number("found", static_cast<std::int64_t>(token)).close();
    return lines_.append(line);
}

} // namespace jwtdomain::cli
