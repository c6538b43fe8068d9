#include "cli/scan/words.h"

#include <algorithm>

#include <fmt/format.h>

namespace jwtdomain::cli {

namespace {

inspect::Form inspected(scan::Form form) {
    switch (form) {
    case scan::Form::jws: return inspect::Form::jws;
    case scan::Form::detached: return inspect::Form::jws_detached;
    case scan::Form::sd_jwt: return inspect::Form::sd_jwt;
    case scan::Form::jwe: return inspect::Form::jwe;
    }
    return inspect::Form::jws;
}

} // namespace

std::string_view name_of(scan::Form form) { return name_of(inspected(form)); }

std::string describe(scan::Form form, const inspect::Token& token) {
    return token.kind.empty() ? std::string(inspect::describe(inspected(form))) : token.kind;
}

std::string size_text(std::uint64_t octets) {
    constexpr std::uint64_t kKib = 1024;
    if (octets < kKib) return fmt::format("{} octet{}", octets, octets == 1 ? "" : "s");
    double size = static_cast<double>(octets);
    std::string_view unit;
    for (const std::string_view each : {"KiB", "MiB", "GiB", "TiB"}) {
        size /= 1024;
        unit = each;
        if (size < 1024) break;
    }
    return fmt::format("{:.1f} {}", size, unit);
}

std::string how_found(const Occurrence& occurrence) {
    std::string out;
    const auto add = [&](std::string_view word) { out += (out.empty() ? "" : ", ") + std::string(word); };
    if (!occurrence.part.empty()) add(occurrence.part);
    for (const scan::Layer layer : occurrence.layers) add(name_of(layer));
    for (const scan::Repair repair : occurrence.repairs.list()) add(name_of(repair));
    if (!occurrence.git) return out;
    const scan::GitPlace& git = *occurrence.git;
    if (git.kind != scan::GitKind::blob) add(name_of(git.kind));
    if (git.in_index) add("staged");
    if (!git.reachable) add("unreachable");
    return out;
}

std::string_view state_text(const FoundToken& token, bool policy_read) {
    if (!token.example.empty()) return "EXAMPLE";
    if (!policy_read && token.triage.state == TriageReport::State::unknown && token.form != scan::Form::jwe)
        return "UNEXPIRED";
    return name_of(token.triage.state);
}

std::string counted(std::uint64_t count, std::string_view noun) {
    return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string text_of(const KnownToken& known) {
    std::string out = "known";
    if (known.since) out += " since " + format_time(*known.since);
    if (!known.owner.empty()) out += ", " + known.owner + " answers for it";
    return out;
}

std::string life_of(const FoundToken& token, Time now) {
    const TriageReport& triage = token.triage;
    if (!triage.token) return {};
    const auto when = [&](Time time) { return fmt::format("{} ({})", format_time(time), format_relative(time, now)); };
    if (!triage.accepts.empty()) return triage.until ? "until " + when(*triage.until) : "without end";
    if (triage.token->expires)
        return (*triage.token->expires <= now ? "since " : "until ") + when(*triage.token->expires);
    return token.form == scan::Form::jwe || !triage.token->claims.whole ? "" : "without end";
}

std::optional<Seconds> life_left(const FoundToken& token, Time now) {
    const TriageReport& triage = token.triage;
    const std::optional<Time> end = !triage.accepts.empty() ? triage.until
                                    : triage.token          ? triage.token->expires
                                                            : std::nullopt;
    if (!end || *end <= now) return std::nullopt;
    return *end - now;
}

std::string signer_text(const FoundToken& token) {
    if (!token.signature_checked) return {};
    if (!token.signed_by) return "none of the keys that are known";
    const SignedBy& by = *token.signed_by;
    return by.key.empty() ? "a key of " + by.owner : fmt::format("key {} of {}", by.key, by.owner);
}

std::string accepted_text(const TriageReport::Row& row) {
    std::string out = fmt::format("{} of {} [{}]", row.service, row.domain, audit::name_of(row.evidence));
    if (!row.scopes.empty()) out += fmt::format(", scope {}", fmt::join(row.scopes, " "));
    if (!row.key.empty()) out += fmt::format(", key {}", row.key);
    if (!row.verified) out += ", if its signature is good";
    return out;
}

ScanVerdict verdict_of(const ScanReport& report) {
    const Coverage& coverage = report.coverage;
    const auto known = static_cast<std::size_t>(
        std::count_if(report.tokens.begin(), report.tokens.end(), [](const FoundToken& each) { return each.known; }));
    std::string read = counted(coverage.files, "file") + ", ";
    if (coverage.objects > 0) read += counted(coverage.objects, "git object") + ", ";
    read += size_text(coverage.octets) + " read";
    if (coverage.interrupted != 0)
        read += "; it was interrupted";
    else if (!coverage.complete())
        read += "; not everything could be read";
    const std::string of_them = known > 0 ? fmt::format(", {} known", known) : "";
    const bool complete = coverage.complete();
    if (report.failing > 0)
        return {"LEAKED", true, !complete,
                fmt::format("{} of {} found{} ({})", counted(report.failing, "token"), report.tokens.size(), of_them,
                            read)};
    if (report.failing_across > 0)
        return {
            "LEAKED", true, false,
            fmt::format("{}, by what they show beside each other ({})", counted(report.tokens.size(), "token"), read)};
    if (report.tokens.empty() && complete) return {"CLEAN", false, false, fmt::format("no token ({})", read)};
    return {complete ? "CLEAN" : "INCOMPLETE", false, !complete,
            fmt::format("{}{}, none {} at {} or above ({})", counted(report.tokens.size(), "token"), of_them,
                        known > 0 ? "of the others" : "of them", name_of(report.fail_on), read)};
}

} // namespace jwtdomain::cli
