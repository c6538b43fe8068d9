#include "cli/scan/report.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <unordered_map>

#include "cli/scan/json_rows.h"

namespace jwtdomain::cli {

// What is not known to be dead counts as alive. A token without its signature cannot be used as it was found.
Severity severity_of(const FoundToken& token) {
    using State = TriageReport::State;
    if (!token.example.empty()) return Severity::info;
    const bool whole = token.condition == scan::Condition::whole;
    switch (token.triage.state) {
    case State::live: {
        const auto& accepts = token.triage.accepts;
        const bool verified = std::any_of(accepts.begin(), accepts.end(), [](const auto& row) { return row.verified; });
        return !whole ? Severity::low : verified ? Severity::critical : Severity::high;
    }
    case State::later:
    case State::unknown: return whole ? Severity::high : Severity::low;
    case State::refused: return whole ? Severity::medium : Severity::low; // by whom we know; others may take it
    case State::revoked:
    case State::expired: return Severity::info;
    }
    return Severity::high;
}

Rank rank_of(const FoundToken& token) { return {token.severity, token.condition, token.form}; }

bool fails(const FoundToken& token, Severity fail_on) { return token.severity <= fail_on && !token.known; }

bool comes_before(const Occurrence& a, const Occurrence& b) {
    if (const int paths = a.path.compare(b.path); paths != 0) return paths < 0;
    if (a.offset != b.offset) return a.offset < b.offset;
    const auto rest = [](const Occurrence& of) {
        std::string text;
        append_occurrence(text, of);
        return text;
    };
    return rest(a) < rest(b);
}

bool comes_before(const CoverageGap& a, const CoverageGap& b) {
    return std::tie(a.path, a.gap, a.detail) < std::tie(b.path, b.gap, b.detail);
}

namespace {

template <class T> void keep_first(std::vector<T>& all, T&& one, std::size_t most) {
    const auto before = [](const T& a, const T& b) { return comes_before(a, b); };
    if (all.size() == most && !before(one, all.back())) return;
    all.insert(std::upper_bound(all.begin(), all.end(), one, before), std::move(one));
    if (all.size() > most) all.pop_back();
}

// What does not depend on which of them came first.
bool is_worse(const FoundToken& a, const FoundToken& b) {
    if (const Rank of_a = rank_of(a), of_b = rank_of(b); !(of_a == of_b)) return of_a < of_b;
    const auto text = [](const FoundToken& of) {
        nlohmann::ordered_json out = token_json(of);
        out.erase("life_left"); // it is of the time of a report
        return json_text(out, -1);
    };
    return text(a) < text(b);
}

} // namespace

void add_occurrence(FoundToken& token, Occurrence occurrence) {
    ++token.count;
    keep_first(token.occurrences, std::move(occurrence), kShownOccurrences);
}

void add_gap(Coverage& coverage, CoverageGap gap) {
    ++coverage.gap_count;
    keep_first(coverage.gaps, std::move(gap), kShownGaps);
}

bool combine(FoundToken& kept, FoundToken&& other) {
    const bool worse = is_worse(other, kept);
    if (!other.known || !kept.known) kept.known = other.known = std::nullopt;
    if (worse) std::swap(kept, other);
    kept.count += other.count;
    for (Occurrence& each : other.occurrences) keep_first(kept.occurrences, std::move(each), kShownOccurrences);
    return worse;
}

void finish_report(ScanReport& report) {
    report.found = report.tokens.size();
    report.failing = 0;
    for (const FoundToken& token : report.tokens) report.failing += fails(token, report.fail_on);
    // Domains come in the order of the worst that was found of each.
    std::unordered_map<std::string, Severity> worst;
    for (const FoundToken& token : report.tokens) {
        const auto [at, is_new] = worst.try_emplace(token.triage.domain, token.severity);
        at->second = std::min(at->second, token.severity);
    }
    std::stable_sort(report.tokens.begin(), report.tokens.end(), [&](const FoundToken& a, const FoundToken& b) {
        const Severity of_a = worst.at(a.triage.domain), of_b = worst.at(b.triage.domain);
        return std::tie(of_a, a.triage.domain, a.severity, a.fingerprint) <
               std::tie(of_b, b.triage.domain, b.severity, b.fingerprint);
    });
    report.plan = plan_of(report.tokens);
}

Exit exit_of(const ScanReport& report) {
    if (report.coverage.interrupted != 0) return static_cast<Exit>(128 + report.coverage.interrupted);
    if (report.failing > 0 || report.failing_across > 0) return Exit::no;
    if (!report.coverage.complete()) return Exit::undecided;
    const Coverage& read = report.coverage;
    return read.files == 0 && read.excluded == 0 && !read.may_be_empty ? Exit::no_input : Exit::yes;
}

std::vector<Rendering> scan_renderings(const ScanReport& report, bool color) {
    return {{"text", [&report, color] { return to_text(report, color); }},
            {"json", [&report] { return to_json(report); }},
            {"csv", [&report] { return to_csv(report); }},
            {"sarif", [&report] { return to_sarif(report); }},
            {"html", [&report] { return to_html(report); }}};
}

} // namespace jwtdomain::cli
