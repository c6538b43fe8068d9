#include <fmt/format.h>

#include "cli/app/text.h"
#include "cli/crack/report.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::cli {
namespace {

std::string grouped(std::uint64_t number) {
    std::string out = std::to_string(number);
    for (std::size_t at = out.size(); at > 3; at -= 3) out.insert(at - 3, ",");
    return out;
}

void write_token(TextReport& out, const CrackReport::Row& row, bool policy_read) {
    out.blank();
    out.field("token", row.fingerprint);
    out.field("algorithm", row.algorithm);
    if (!row.domain.empty()) out.field("domain", row.domain + ", by what it says");
    if (!row.found) {
        out.field("secret", "not found");
        return;
    }
    if (row.earlier) {
        out.field("secret", "found by an earlier run of this search");
        return;
    }
    out.field("finding",
              fmt::format("{} [{}]: the secret can be guessed: {}", row.rule, name_of(row.severity), row.what));
    if (!row.source.empty()) out.field("written in", row.source);
    if (const auto domains = row.domains(); !domains.empty()) out.field("opens", join(domains, ", "));
    for (const TriageReport::Row& each : row.opens.accepts)
        out.field("", fmt::format("{} of {} [{}]{}{}", each.service, each.domain, audit::name_of(each.evidence),
                                  each.key.empty() ? "" : ", key " + each.key,
                                  each.verified ? "" : " (perhaps: the same secret, written otherwise)"));
    if (row.opens.accepts.empty())
        out.field("opens", policy_read ? "nothing that the policy knows" : "not known without a policy");
    for (const std::string& each : row.opens.undecided) out.entry(Tone::warning, "not known", each);
    if (row.opens.actions.empty()) return;
    out.blank();
    out.heading("What stops it, in this order");
    for (std::size_t i = 0; i < row.opens.actions.size(); ++i)
        out.line(fmt::format("{}. {}", i + 1, row.opens.actions[i]));
}

} // namespace

std::string to_text(const CrackReport& report, bool color) {
    TextReport out(color);
    const std::size_t found = report.found(), all = report.tokens.size();
    if (found > 0)
        out.headline(Tone::bad, "CRACKED",
                     fmt::format("the secret of {} of {} token{}", found, all, all == 1 ? "" : "s"));
    else if (report.complete)
        out.headline(Tone::good, "NOT FOUND",
                     fmt::format("no secret of {} token{} is in what was tried", all, all == 1 ? "" : "s"));
    else
        out.headline(Tone::warning, "STOPPED", "before all was tried; nothing was found so far");
    if (report.tried) out.field("tried", grouped(*report.tried) + " secrets for each token");
    if (report.too_long > 0) out.field("left out", grouped(report.too_long) + " lines above 1 MiB");
    for (const CrackReport::Row& row : report.tokens) write_token(out, row, report.policy_read);
    if (!report.refused.empty()) {
        out.blank();
        out.heading("Not tried");
        for (const RefusedToken& each : report.refused)
            out.line((each.line ? fmt::format("line {}: ", each.line) : "") + each.why +
                     (each.fingerprint.empty() ? "" : " (" + each.fingerprint.substr(0, 16) + ")"));
    }
    if (found > 0) {
        out.blank();
        if (report.secrets_lost)
            out.line("The secret could not be written, and is lost: the same command finds it again.");
        else if (report.out.empty())
            out.line("The secret is not shown: --out FILE writes it into a file that only you can read.");
        else
            out.path("secrets", report.out);
    }
    return out.take();
}

} // namespace jwtdomain::cli
