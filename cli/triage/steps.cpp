#include "cli/triage/steps.h"

#include <algorithm>

#include <fmt/format.h>

#include "cli/triage/claimed_domain.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

std::string key_subject(const TriageReport::Row& row) { return row.key + "\n" + row.key_of; }

// What somebody else wrote is named in a command only if a shell and a parser take it for one word, whatever it is.
bool can_be_typed(std::string_view word) {
    constexpr std::string_view kPlain = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-.:";
    return !word.empty() && word.front() != '-' && word.find_first_not_of(kPlain) == std::string_view::npos;
}

Step session_step(const TriageReport& report) {
    const std::string issuer = claim_text(report.token->claims.json, "iss");
    return {.stop = Stop::session,
            .subject = issuer + "\n" + report.issuer_kind,
            .item = {},
            .text = fmt::format("at its issuer, {}: {}; nothing here can revoke what it mints", issuer,
                                end_at_issuer(report.issuer_kind))};
}

} // namespace

// That of the first row whose key is known to be somebody's, else of the first that has one.
const TriageReport::Row* key_row(const TriageReport& report) {
    const TriageReport::Row* out = nullptr;
    for (const TriageReport::Row& row : report.accepts) {
        if (row.key.empty()) continue;
        if (!out || (out->key_of.empty() && !row.key_of.empty())) out = &row;
    }
    return out;
}

std::string_view name_of(Stop stop) {
    switch (stop) {
    case Stop::session: return "session";
    case Stop::revoke: return "revoke";
    case Stop::close: return "close";
    case Stop::rotate: return "rotate";
    case Stop::wait: return "wait";
    }
    return {};
}

std::string revoke_text(const std::string& domain, bool foreign, const std::vector<std::string>& ids,
                        std::uint64_t more) {
    std::string list = join(ids, ", ");
    if (more > 0) list += fmt::format(" and {} more", more);
    const bool one_domain = !domain.empty() && domain.find(' ') == std::string::npos;
    std::string command = "jwtdomain revoke";
    if (one_domain) command += " --domain " + domain;
    if (ids.size() + more > 1)
        command += " --jti JTI, for each";
    else
        command += can_be_typed(ids.front()) ? " --jti " + ids.front() : " @FILE, with the token in it";
    if (foreign) command += ", if the policy names keys for its list (revocations: keys)";
    return fmt::format("revoke jti {}{}: {}; jwtdomain verify hears of it, a gateway does not", list,
                       domain.empty() ? "" : " of " + domain, command);
}

std::string rotate_text(const TriageReport::Row& row, bool last_resort, std::string_view hanging) {
    constexpr std::string_view kEnds = "that ends every token that it has signed, once caches have let go of it";
    const std::string on = hanging.empty() ? "" : fmt::format(", {}", hanging);
    const std::string_view first = last_resort ? "as a last resort " : "";
    if (row.key_foreign)
        return fmt::format("{}close to tokens of {} what takes them{}: its key {} is its issuer's to take back", first,
                           row.key_of, on, row.key);
    const bool one_domain = !row.key_of.empty() && row.key_of.find(' ') == std::string::npos;
    if (!one_domain)
        return fmt::format("{}take the key {} out of the key set{}{}: {}", first, row.key,
                           row.key_of.empty() ? "" : "s of " + row.key_of, on, kEnds);
    return fmt::format("{0}rotate the key {1} of {2}{3}: jwtdomain rotate --domain {2} --emergency; {4}", first,
                       row.key, row.key_of, on, kEnds);
}

std::string key_that_verified(const TriageReport& report) {
    const TriageReport::Row* const row = key_row(report);
    return row && row->verified ? key_subject(*row) : "";
}

std::vector<Step> steps_of(const TriageReport& report, std::uint64_t others) {
    std::vector<Step> out;
    if (report.accepts.empty() || !report.token) return out;
    const std::string jti = claim_text(report.token->claims.json, "jti");
    if (report.foreign) out.push_back(session_step(report));
    if (!jti.empty() && !report.revoked)
        out.push_back({Stop::revoke, report.domain, jti, revoke_text(report.domain, report.foreign, {jti}, 0)});
    for (const TriageReport::Row& row : report.accepts) {
        const auto& home = report.home;
        if (home.empty() || std::find(home.begin(), home.end(), row.domain) != home.end()) continue;
        std::string text = fmt::format("close {} of {}, which takes tokens of {}: jwtdomain audit shows the smallest "
                                       "fix",
                                       row.service, row.domain, report.domain);
        out.push_back({Stop::close, text, {}, text});
    }
    if (const TriageReport::Row* const row = key_row(report)) {
        const std::string hanging = others == 0 ? ""
                                                : fmt::format("on which {} other live token{} of this scan hang{}",
                                                              others, others == 1 ? "" : "s", others == 1 ? "s" : "");
        out.push_back({Stop::rotate, key_subject(*row), {}, rotate_text(*row, !out.empty(), hanging)});
    }
    if (report.until)
        out.push_back({Stop::wait, {}, {}, "otherwise wait: time ends it at " + format_time(*report.until)});
    else
        out.push_back({Stop::wait, {}, {}, "time does not end it: some path does not ask for an expiry"});
    return out;
}

} // namespace jwtdomain::cli
