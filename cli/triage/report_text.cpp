#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/triage/report.h"

namespace jwtdomain::cli {
namespace {

using State = TriageReport::State;

std::string when(std::optional<Time> time, Time now) {
    return time ? fmt::format("until {} ({})", format_time(*time), format_relative(*time, now)) : "without end";
}

std::string headline_of(const TriageReport& report) {
    const std::string whose = report.of_key           ? "a key of " + report.subject
                              : report.domain.empty() ? std::string("a token of no domain of the policy")
                                                      : "a token of " + report.domain;
    switch (report.state) {
    case State::live: {
        const auto services = fmt::format("{} service{}", report.accepts.size(), report.accepts.size() == 1 ? "" : "s");
        if (report.of_key) return fmt::format("{}: opens {}", whose, services);
        return fmt::format("{}: {}, accepted by {}", when(report.until, report.now), whose, services);
    }
    case State::later: return whose + ", accepted once it becomes valid";
    case State::expired:
        return fmt::format(
            "{}{}",
            report.token && report.token->expires ? format_relative(*report.token->expires, report.now) + ": " : "",
            report.policy_read ? whose : "what accepted it is not known without a policy");
    case State::revoked:
    case State::refused: return whose;
    case State::unknown:
        if (report.policy_read) return whose;
        return fmt::format("{}, by whom it is accepted: there is no policy to ask",
                           report.token && report.token->expires ? when(report.token->expires, report.now)
                                                                 : "without end");
    }
    return {};
}

} // namespace

std::string revoked_text(const TriageReport& report) {
    if (!report.revocations_read) return {};
    if (!report.revoked) return "no, by the list of the policy";
    const TriageReport::Revoked& by = *report.revoked;
    std::string out = fmt::format("by its {} {}", by.by, by.value);
    if (!by.reason.empty()) out += ": " + by.reason;
    if (!report.accepts.empty()) out += "; what accepts it does not read the list of the policy";
    return out;
}

std::string to_text(const TriageReport& report, bool color) {
    TextReport out(color);
    const bool open = report.state == State::live || report.state == State::later;
    const Tone tone = open ? Tone::bad : report.state == State::unknown ? Tone::warning : Tone::good;
    out.headline(tone, name_of(report.state), headline_of(report));
    if (report.token) {
        if (!report.token->fingerprint.empty()) out.field("fingerprint", report.token->fingerprint);
        if (!report.token->kind.empty()) out.field("kind", report.token->kind);
        if (!report.token->header.json.empty()) out.field("header", report.token->header.json);
        if (!report.token->claims.json.empty()) out.field("claims", report.token->claims.json);
    }
    if (!report.example.empty()) out.field("example", "everybody can read it: " + report.example);
    if (const std::string revoked = revoked_text(report); !revoked.empty()) out.field("revoked", revoked);
    if (!report.accepts.empty()) {
        out.blank();
        out.heading("Accepted by");
        for (const auto& row : report.accepts) {
            std::string text = fmt::format("{} of {} [{}]", row.service, row.domain, name_of(row.evidence));
            if (!row.scopes.empty()) text += fmt::format(", scope {}", fmt::join(row.scopes, " "));
            if (!report.of_key) text += ", " + when(row.until, report.now);
            if (!row.key.empty()) text += fmt::format(", key {}", row.key);
            if (!row.verified)
                text += report.of_key ? " (perhaps: the same secret, written otherwise)"
                                      : " (if its signature is good: there is none here to check)";
            out.line(text);
        }
    }
    for (const std::string& each : report.undecided) out.entry(Tone::warning, "not known", each);
    if (!report.actions.empty()) {
        out.blank();
        out.heading("What stops it, in this order");
        for (std::size_t i = 0; i < report.actions.size(); ++i)
            out.line(fmt::format("{}. {}", i + 1, report.actions[i]));
    }
    return out.take();
}

} // namespace jwtdomain::cli
