#include "jwtdomain/accept/revocation.h"

#include <array>
#include <limits>

#include "jwtdomain/base/json_write.h"

namespace jwtdomain::accept {
namespace {

constexpr std::size_t kMaxEntries = 1000000;

std::string index_key(Revoked kind, std::string_view value) {
    std::string key(1, static_cast<char>('0' + static_cast<int>(kind)));
    key += value;
    return key;
}

Result<std::optional<Time>> time_member(json::Value value, const std::string& name) {
    if (const auto seconds = value.integer()) return std::optional<Time>(*seconds);
    return fail(Fault::invalid, "\"" + name + "\" is not a whole number of seconds");
}

Result<Revocation> read_entry(json::Value value) {
    if (!value.is(json::Kind::object)) return fail(Fault::invalid, "an entry of \"revoked\" is not an object");
    Revocation entry{.kind = Revoked::domain, .value = {}, .domain = {}, .before = {}, .until = {}, .reason = {}};
    int kinds = 0;
    for (const json::Member& member : value) {
        const std::string name(member.name);
        if (name == "before" || name == "until") {
            auto time = time_member(member.value, name);
            if (!time) return tl::unexpected(time.error());
            (name == "before" ? entry.before : entry.until) = *time;
            continue;
        }
        if (!member.value.is(json::Kind::string) || member.value.text().empty()) {
            return fail(Fault::invalid, "\"" + name + "\" of a revocation is not a string with text");
        }
        const std::string text(member.value.text());
        if (name == "domain") {
            entry.domain = text;
        } else if (name == "reason") {
            entry.reason = text;
        } else {
            constexpr std::array kKinds{Revoked::jti, Revoked::family, Revoked::subject, Revoked::key};
            bool known = false;
            for (const Revoked kind : kKinds) {
                if (name != name_of(kind)) continue;
                entry.kind = kind;
                entry.value = text;
                known = true;
                ++kinds;
            }
            if (!known) return fail(Fault::invalid, "a revocation has an unknown member \"" + name + "\"");
        }
    }
    if (kinds > 1) return fail(Fault::invalid, "a revocation names more than one of jti, family, subject and key");
    if (kinds == 0) {
        if (entry.domain.empty())
            return fail(Fault::invalid, "a revocation names nothing: give jti, family, subject, key or domain");
        entry.value = entry.domain;
    }
    return entry;
}

} // namespace

std::string_view name_of(Revoked kind) {
    switch (kind) {
    case Revoked::jti: return "jti";
    case Revoked::family: return "family";
    case Revoked::subject: return "subject";
    case Revoked::key: return "key";
    case Revoked::domain: return "domain";
    }
    return "";
}

void Revocations::add(Revocation entry) {
    index_.emplace(index_key(entry.kind, entry.value), entries_.size());
    entries_.push_back(std::move(entry));
}

const Revocation* Revocations::find(Revoked kind, std::string_view value, const RevocationSubject& token,
                                    Time now) const {
    if (value.empty()) return nullptr;
    const auto [first, last] = index_.equal_range(index_key(kind, value));
    for (auto it = first; it != last; ++it) {
        const Revocation& entry = entries_[it->second];
        if (!entry.domain.empty() && entry.domain != token.domain) continue;
        if (entry.until && now >= *entry.until) continue;
        if (entry.before && token.issued_at && *token.issued_at >= *entry.before) continue;
        return &entry;
    }
    return nullptr;
}

const Revocation* Revocations::find(const RevocationSubject& token, Time now) const {
    if (entries_.empty()) return nullptr;
    if (const auto* hit = find(Revoked::jti, token.jti, token, now)) return hit;
    if (const auto* hit = find(Revoked::family, token.family, token, now)) return hit;
    if (const auto* hit = find(Revoked::subject, token.subject, token, now)) return hit;
    if (const auto* hit = find(Revoked::key, token.thumbprint, token, now)) return hit;
    if (const auto* hit = find(Revoked::key, token.kid, token, now)) return hit;
    return find(Revoked::domain, token.domain, token, now);
}

Result<Revocations> parse_revocations(std::string_view payload, const std::string& file) {
    const auto invalid = [&](std::string message) {
        return fail(Error{.fault = Fault::invalid, .message = std::move(message), .where = {file, 0, 0}});
    };
    json::Document document;
    if (const auto problem = document.parse(payload, {.depth = 8, .values = 8 * kMaxEntries})) {
        return invalid("the list of revocations is not strict JSON at octet " + std::to_string(problem.offset));
    }
    const json::Value root = document.root();
    const auto version = root.find("version");
    if (!version || version->integer() != 1) return invalid("the list of revocations is not of version 1");
    const auto list = root.find("revoked");
    if (!list || !list->is(json::Kind::array)) return invalid("the list of revocations has no array \"revoked\"");
    Revocations result;
    for (const json::Member& element : *list) {
        if (result.size() >= kMaxEntries) return invalid("the list of revocations has more than 1,000,000 entries");
        auto entry = read_entry(element.value);
        if (!entry) return invalid(entry.error().message);
        result.add(std::move(*entry));
    }
    return result;
}

std::string write_revocations(const Revocations& revocations, Time issued_at) {
    std::string list = "[";
    for (const Revocation& entry : revocations.entries()) {
        if (list.size() > 1) list += ',';
        json::ObjectWriter writer(list);
        if (entry.kind != Revoked::domain) writer.text(name_of(entry.kind), entry.value);
        const std::string& domain = entry.kind == Revoked::domain ? entry.value : entry.domain;
        if (!domain.empty()) writer.text("domain", domain);
        if (entry.before) writer.number("before", *entry.before);
        if (entry.until) writer.number("until", *entry.until);
        if (!entry.reason.empty()) writer.text("reason", entry.reason);
        writer.close();
    }
    std::string out;
    json::ObjectWriter(out).number("version", 1).number("iat", issued_at).raw("revoked", list + "]").close();
    return out;
}

bool includes(const Revocation& a, const Revocation& b, Time now) {
    const auto ends = [&](const std::optional<Time>& until) {
        return until.value_or(std::numeric_limits<Time>::max());
    };
    if (ends(b.until) <= now) return true;
    return a.kind == b.kind && a.value == b.value && (a.domain.empty() || a.domain == b.domain) &&
           ends(a.until) >= ends(b.until) && ends(a.before) >= ends(b.before);
}

} // namespace jwtdomain::accept
