// What a revocation list holds: an entry less lets tokens in that were refused.
#include <tuple>

#include "jwtdomain/audit/diff/parts.h"

namespace jwtdomain::audit::detail {
namespace {

using accept::Revocation;
using Key = std::tuple<accept::Revoked, std::string, std::string>; // each may stand there several times

std::string text_of(const std::optional<Time>& time, const char* none) { return time ? format_time(*time) : none; }

std::string text_of(const Revocation& entry) {
    return "until " + text_of(entry.until, "it is taken off") +
           (entry.before ? ", tokens from before " + format_time(*entry.before) : "");
}

Direction of_end(const std::optional<Time>& before, const std::optional<Time>& after) {
    const bool longer = before && (!after || *after > *before);
    return longer ? Direction::stronger : Direction::weaker;
}

void diff_entry(const Recorder& to, const Revocation& before, const Revocation& after) {
    to.text("end", text_of(before.until, "never"), text_of(after.until, "never"), of_end(before.until, after.until));
    to.text("tokens from before", text_of(before.before, "any time"), text_of(after.before, "any time"),
            of_end(before.before, after.before));
}

} // namespace

void diff_revocations(Changes& out, std::span<const Revocation> before, std::span<const Revocation> after) {
    std::map<Key, std::pair<std::vector<const Revocation*>, std::vector<const Revocation*>>> entries;
    for (const Revocation& entry : before) entries[{entry.kind, entry.value, entry.domain}].first.push_back(&entry);
    for (const Revocation& entry : after) entries[{entry.kind, entry.value, entry.domain}].second.push_back(&entry);
    for (const auto& [key, both] : entries) {
        const auto& [kind, value, domain] = key;
        const Recorder to(out, Change::Kind::revocation, domain.empty() ? "every domain" : domain);
        const std::string what =
            std::string("revocation of ") + std::string(accept::name_of(kind)) + (value.empty() ? "" : " " + value);
        const auto& [old_ones, new_ones] = both;
        const std::size_t shared = std::min(old_ones.size(), new_ones.size());
        for (std::size_t i = 0; i < shared; ++i)
            diff_entry(to.of(Change::Kind::revocation, what), *old_ones[i], *new_ones[i]);
        for (std::size_t i = shared; i < new_ones.size(); ++i)
            to.came(what, text_of(*new_ones[i]), Direction::stronger);
        for (std::size_t i = shared; i < old_ones.size(); ++i) to.went(what, text_of(*old_ones[i]), Direction::weaker);
    }
}

} // namespace jwtdomain::audit::detail
