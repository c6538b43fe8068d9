#include "cli/scan/known.h"

#include <fmt/format.h>

#include "cli/app/json_text.h"
#include "cli/scan/read_report.h"
#include "cli/scan/words.h"
#include "jwtdomain/audit/baseline.h"
#include "jwtdomain/base/text.h"
#include "jwtdomain/store/files.h"

namespace jwtdomain::cli {
namespace {

constexpr std::string_view kLeakedToken = "LEAKED-TOKEN";

bool is_fingerprint(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace

Result<Baseline> Baseline::read(std::string_view text, const std::string& file) {
    Baseline out;
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first != std::string_view::npos && text[first] == '{') {
        if (!is_scan_report(text)) {
            const std::string_view rules[] = {kLeakedToken};
            const auto known = audit::read_baseline(text, file, rules);
            if (!known) return tl::unexpected(known.error());
            for (const audit::Known& each : *known) out.known_[each.fingerprint] = {each.owner, each.since};
            return out;
        }
        const auto report = read_scan_report(text, file);
        if (!report) return tl::unexpected(report.error());
        for (const FoundToken& each : report->tokens) out.known_[each.fingerprint] = each.known.value_or(KnownToken{});
        return out;
    }
    unsigned number = 0;
    while (!text.empty()) {
        ++number;
        std::string_view line = take_until(text, '\n');
        line = trimmed(line.substr(0, line.find('#')), " \t\r");
        if (line.empty()) continue;
        if (!is_fingerprint(line))
            return fail(Error{.fault = Fault::invalid,
                              .message = "this is no fingerprint, of 64 hexadecimal digits",
                              .where = {file, number, 1},
                              .hint = "make a baseline: jwtdomain scan --write-baseline FILE --owner NAME PATH"});
        out.known_.try_emplace(std::string(line));
    }
    return out;
}

std::optional<KnownToken> Baseline::find(const std::string& fingerprint) const {
    const auto found = known_.find(fingerprint);
    return found == known_.end() ? std::nullopt : std::optional(found->second);
}

Status check_known(const ScanWords& words) {
    if (words.write_baseline.has_value() == words.owner.has_value()) return {};
    return fail(Fault::usage, "--write-baseline and --owner go together",
                "jwtdomain scan --write-baseline FILE --owner NAME PATH");
}

Result<Baseline> load_baseline(const ScanWords& words) {
    if (!words.baseline) return Baseline();
    constexpr std::size_t kMost = 256u << 20;
    const auto text = store::read_file(*words.baseline, kMost);
    if (!text) return tl::unexpected(text.error());
    return Baseline::read(*text, *words.baseline);
}

Status mark_known(const ScanWords& words, ScanReport& report) {
    const auto baseline = load_baseline(words);
    if (!baseline) return fail(baseline.error());
    for (FoundToken& token : report.tokens) {
        if (auto known = baseline->find(token.fingerprint)) token.known = std::move(known);
    }
    return {};
}

Exit write_known(Session& session, const ScanWords& words, const ScanReport& report, Exit status) {
    if (!words.write_baseline) return status;
    const Status written =
        store::write_file(*words.write_baseline, baseline_of(report, *words.owner), store::Existing::replace);
    return written ? status : worse(status, session.report(written.error()));
}

std::string baseline_of(const ScanReport& report, const std::string& owner) {
    nlohmann::ordered_json out;
    out["version"] = 1;
    out["known"] = nlohmann::ordered_json::array();
    for (const FoundToken& token : report.tokens) {
        if (token.severity > report.fail_on) continue;
        nlohmann::ordered_json each;
        each["rule"] = kLeakedToken;
        each["fingerprint"] = token.fingerprint;
        std::string what(token.triage.token ? describe(token.form, *token.triage.token) : name_of(token.form));
        if (!token.triage.domain.empty()) what += " of " + token.triage.domain;
        if (!token.occurrences.empty())
            what += fmt::format(", {}:{}", token.occurrences.front().path, token.occurrences.front().line);
        each["what"] = what;
        const bool before = token.known && !token.known->owner.empty();
        each["owner"] = before ? token.known->owner : owner;
        each["since"] = format_time(before && token.known->since ? *token.known->since : report.now);
        out["known"].push_back(std::move(each));
    }
    return json_text(out);
}

} // namespace jwtdomain::cli
