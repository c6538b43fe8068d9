#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/app/json_text.h"
#include "cli/app/ledger.h"
#include "cli/app/text.h"
#include "cli/refresh/run.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

constexpr std::size_t kMostListed = 1'000'000;

// What the record says of itself; the policy of the day may end it sooner.
std::string state_of(const refresh::Family& family, Time now) {
    const refresh::Standing& s = family.standing;
    if (s.ended) return std::string(refresh::info(*s.ended).code);
    return now >= s.ends ? "expired" : "live";
}

nlohmann::ordered_json row_of(const refresh::Family& family, Time now) {
    const refresh::Standing& s = family.standing;
    nlohmann::ordered_json out;
    out["family"] = refresh::name_of_family(family.id);
    out["domain"] = family.domain;
    out["state"] = state_of(family, now);
    if (family.grant.client) out["client"] = *family.grant.client;
    if (family.grant.subject) out["subject"] = *family.grant.subject;
    out["audiences"] = family.grant.audiences;
    out["scopes"] = family.grant.scopes;
    if (s.bound) out["jkt"] = family.grant.key_thumbprint;
    out["generation"] = s.generation;
    out["begun"] = format_time(s.begun);
    out["used"] = format_time(s.used);
    out["ends"] = format_time(s.ends);
    if (family.ended_at) out["ended"] = format_time(*family.ended_at);
    out["access_until"] = format_time(family.access_until);
    return out;
}

std::string list_json(const std::vector<refresh::Family>& families, Time now) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["command"] = "refresh list";
    out["families"] = nlohmann::ordered_json::array();
    for (const refresh::Family& family : families) out["families"].push_back(row_of(family, now));
    return json_text(out);
}

std::string who(const refresh::Family& family) {
    std::string out = family.grant.subject.value_or("no subject");
    if (family.grant.client) out += " (" + *family.grant.client + ")";
    return out;
}

std::string list_text(const std::vector<refresh::Family>& families, Time now, bool color) {
    TextReport report(color);
    std::size_t live = 0;
    for (const refresh::Family& family : families) live += state_of(family, now) == "live" ? 1 : 0;
    report.headline(Tone::bold, fmt::format("{} live", live),
                    fmt::format("of {} {}", families.size(), families.size() == 1 ? "family" : "families"));
    for (const refresh::Family& family : families) {
        const std::string state = state_of(family, now);
        report.blank().entry(state == "live" ? Tone::good : Tone::faint, state,
                             fmt::format("{} of {}", who(family), family.domain));
        report.field("family", refresh::name_of_family(family.id));
        report.field("used", format_relative(family.standing.used, now) +
                                 fmt::format(", generation {}", family.standing.generation));
    }
    return report.take();
}

std::string show_text(const refresh::Family& family, Time now, bool color) {
    const refresh::Standing& s = family.standing;
    const std::string state = state_of(family, now);
    TextReport report(color);
    report.headline(state == "live" ? Tone::good : Tone::bad, state,
                    fmt::format("{} of {}", who(family), family.domain));
    const auto time = [&](Time t) { return format_time(t) + " (" + format_relative(t, now) + ")"; };
    report.field("family", refresh::name_of_family(family.id));
    report.field("audience", join(family.grant.audiences, ", "));
    if (!family.grant.scopes.empty()) report.field("scope", join(family.grant.scopes, " "));
    if (s.bound) report.field("key", family.grant.key_thumbprint);
    report.field("begun", time(s.begun));
    report.field("used", time(s.used) + fmt::format(", generation {}", s.generation));
    report.field("ends", time(s.ends));
    if (s.ended) report.field("why", std::string(refresh::info(*s.ended).sentence));
    report.field("access", "its last access token expires " + time(family.access_until));
    return report.take();
}

} // namespace

Exit list_families(Session& session, const RefreshOptions& options) {
    auto ledger = open_existing_ledger(session);
    if (!ledger) return session.report(ledger.error());
    refresh::Selection selection;
    selection.domain = options.domain;
    selection.client = options.client;
    selection.subject = options.subject;
    const auto families = ledger->list(selection, kMostListed);
    if (!families) return session.report(families.error());
    return session.emit(Exit::yes, {{"text", [&] { return list_text(*families, session.now(), session.color()); }},
                                    {"json", [&] { return list_json(*families, session.now()); }}});
}

Exit show_family(Session& session, const std::string& name) {
    auto ledger = open_existing_ledger(session);
    if (!ledger) return session.report(ledger.error());
    const auto family = ledger->find(name);
    if (!family) return session.report(family.error());
    if (!*family)
        return session.report({.fault = Fault::not_found,
                               .message = "no family here has that name",
                               .hint = "jwtdomain refresh list names them"});
    return session.emit(Exit::yes, {{"text", [&] { return show_text(**family, session.now(), session.color()); }},
                                    {"json", [&] {
                                         nlohmann::ordered_json out{{"version", 1}, {"command", "refresh show"}};
                                         out.update(row_of(**family, session.now()));
                                         return json_text(out);
                                     }}});
}

Exit check_store(Session& session) {
    auto ledger = open_existing_ledger(session);
    if (!ledger) return session.report(ledger.error());
    const auto check = ledger->check();
    if (!check) return session.report(check.error());
    const bool good = check->problems.empty();
    const auto text = [&] {
        TextReport report(session.color());
        report.headline(
            good ? Tone::good : Tone::bad, good ? "WHOLE" : "DAMAGED",
            fmt::format("{} families and {} lines of the audit log were read", check->families, check->lines));
        for (const std::string& problem : check->problems) report.line(escape_text(problem));
        if (!good) report.blank().line("Put back a copy of the store from before that, or revoke what is altered.");
        return report.take();
    };
    const auto json = [&] {
        nlohmann::ordered_json out{{"version", 1}, {"command", "refresh --store-check"}, {"whole", good}};
        out["families"] = check->families;
        out["log_lines"] = check->lines;
        out["problems"] = check->problems;
        return json_text(out);
    };
    return session.emit(good ? Exit::yes : Exit::undecided, {{"text", text}, {"json", json}});
}

} // namespace jwtdomain::cli
