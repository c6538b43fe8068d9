#include "cli/scan/issues.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/scan/words.h"
#include "jwtdomain/base/escape.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/jwt/token.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kScanPage = "scan"; // of explain
constexpr std::string_view kScanSource = "RFC 8725 3; CWE-798; CWE-532";

// One of each severity, in their order: viewers know how bad a result is by its rule alone.
constexpr std::array kScanKinds{
    IssueKind{"LEAKED-LIVE", "live-token", "A token with a good signature, which something accepts, can be read here",
              "Revoke it or wait for its end, take it out of here, and out of the history", kScanSource,
              Severity::critical, kScanPage},
    IssueKind{"LEAKED-UNEXPIRED", "unexpired-token", "A token that is not known to be refused can be read here",
              "Find out who accepts it (jwtdomain triage, with a policy), and stop it there", kScanSource,
              Severity::high, kScanPage},
    IssueKind{"LEAKED-REFUSED", "refused-token", "A token that all refuse of whom it is known can be read here",
              "Find out who issued it, and whether somebody else accepts it", kScanSource, Severity::medium, kScanPage},
    IssueKind{"LEAKED-PART", "part-of-token", "A token without its signature, or a part of one, can be read here",
              "Look for where the rest of it went: what is cut off in one log may be whole in another", kScanSource,
              Severity::low, kScanPage},
    IssueKind{"LEAKED-DEAD", "dead-token", "A token that has expired, was revoked, or is an example can be read here",
              "Nothing has to be stopped; see how it got here, since the next one will come in the same way",
              kScanSource, Severity::info, kScanPage},
};

const IssueKind& kind_of(const FoundToken& token) { return kScanKinds.at(static_cast<std::size_t>(token.severity)); }

std::string message_of(const FoundToken& token, const Occurrence& place, bool policy_read) {
    std::string out = fmt::format("{}: ", state_text(token, policy_read));
    out += token.triage.token ? describe(token.form, *token.triage.token) : std::string(name_of(token.form));
    if (!token.triage.domain.empty()) out += " of " + token.triage.domain;
    if (token.condition != scan::Condition::whole) out += fmt::format(", {}", name_of(token.condition));
    if (const std::string how = how_found(place); !how.empty()) out += " (" + how + ")";
    out += ", fingerprint " + token.fingerprint.substr(0, 16);
    if (!token.triage.accepts.empty()) {
        std::vector<std::string> services;
        for (const auto& row : token.triage.accepts) services.push_back(row.service);
        out += ", accepted by " + join(services, ", ");
    }
    return escape_text(out);
}

} // namespace

std::vector<IssueKind> scan_issue_kinds() { return {kScanKinds.begin(), kScanKinds.end()}; }

std::vector<Issue> issues_of(const ScanReport& report) {
    std::vector<Issue> out;
    for (const FoundToken& token : report.tokens) {
        const IssueKind& kind = kind_of(token);
        const std::string* before = nullptr;
        for (const Occurrence& place : token.occurrences) {
            if (before && *before == place.path) continue;
            before = &place.path;
            constexpr std::uint64_t kMostLine = 2'000'000'000;
            const auto& actions = token.triage.actions;
            out.push_back({.rule = kind.id,
                           .severity = token.severity,
                           .fails = fails(token, report.fail_on),
                           .message = message_of(token, place, report.policy_read),
                           .fix = escape_text(actions.empty() ? kind.fix : std::string_view(actions.front())),
                           .where = {place.path, static_cast<unsigned>(std::min(place.line, kMostLine)), 0},
                           .accepted = token.known ? escape_text(text_of(*token.known)) : "",
                           .fingerprint = jwtdomain::fingerprint(token.fingerprint + "\n" + place.path)});
        }
    }
    std::stable_sort(out.begin(), out.end(), [](const Issue& a, const Issue& b) { return a.severity < b.severity; });
    return out;
}

} // namespace jwtdomain::cli
