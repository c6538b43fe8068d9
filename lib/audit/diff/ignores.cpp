// What is accepted of what an audit finds: an entry more lets something pass that failed before.
#include <utility>

#include "jwtdomain/audit/diff/parts.h"

namespace jwtdomain::audit::detail {
namespace {

std::string text_of(const Ignore& ignore) { return "until " + format_time(ignore.expires) + ", by " + ignore.owner; }

void diff_ignore(const Recorder& to, const Ignore& before, const Ignore& after) {
    to.text("end", format_time(before.expires), format_time(after.expires),
            after.expires > before.expires ? Direction::weaker : Direction::stronger);
    to.text("owner", before.owner, after.owner, Direction::neutral);
    to.text("reason", before.reason, after.reason, Direction::neutral);
}

} // namespace

void diff_ignores(Changes& out, std::span<const Ignore> before, std::span<const Ignore> after) {
    std::map<std::pair<std::string, std::string>, std::pair<const Ignore*, const Ignore*>> entries; // each there once
    for (const Ignore& ignore : before) entries[{ignore.rule, ignore.where}].first = &ignore;
    for (const Ignore& ignore : after) entries[{ignore.rule, ignore.where}].second = &ignore;
    for (const auto& [key, both] : entries) {
        const Recorder to(out, Change::Kind::ignore, key.second);
        const auto [old_one, new_one] = both;
        if (old_one && new_one)
            diff_ignore(to.of(Change::Kind::ignore, "ignore of " + key.first), *old_one, *new_one);
        else if (new_one)
            to.came("ignore of " + key.first, text_of(*new_one), Direction::weaker);
        else
            to.went("ignore of " + key.first, text_of(*old_one), Direction::stronger);
    }
}

} // namespace jwtdomain::audit::detail
