#include "cli/scan/report.h"

#include <algorithm>
#include <tuple>

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

bool fails(const FoundToken& token, Severity fail_on) { return token.severity <= fail_on; }

void order(ScanReport& report) {
    // Domains come in the order of the worst that was found of each.
    const auto worst_of = [&](const std::string& domain) {
        Severity worst = Severity::info;
        for (const FoundToken& token : report.tokens) {
            if (token.triage.domain == domain) worst = std::min(worst, token.severity);
        }
        return worst;
    };
    std::vector<std::pair<std::string, Severity>> domains;
    for (const FoundToken& token : report.tokens) {
        const std::string& name = token.triage.domain;
        if (std::none_of(domains.begin(), domains.end(), [&](const auto& each) { return each.first == name; }))
            domains.emplace_back(name, worst_of(name));
    }
    const auto rank = [&](const FoundToken& token) {
        const auto found = std::find_if(domains.begin(), domains.end(),
                                        [&](const auto& each) { return each.first == token.triage.domain; });
        return found->second;
    };
    std::stable_sort(report.tokens.begin(), report.tokens.end(), [&](const FoundToken& a, const FoundToken& b) {
        const Severity of_a = rank(a), of_b = rank(b);
        return std::tie(of_a, a.triage.domain, a.severity, a.fingerprint) <
               std::tie(of_b, b.triage.domain, b.severity, b.fingerprint);
    });
}

Exit exit_of(const ScanReport& report) {
    if (report.coverage.interrupted != 0) return static_cast<Exit>(128 + report.coverage.interrupted);
    if (report.failing > 0) return Exit::no;
    if (!report.coverage.complete()) return Exit::undecided;
    return report.coverage.files == 0 && report.coverage.excluded == 0 ? Exit::no_input : Exit::yes;
}

} // namespace jwtdomain::cli
