#include "cli/probe/report.h"

#include <algorithm>

namespace jwtdomain::cli {
namespace {

using probe::Conclusion;

ProbeVerdict verdict_of(const probe::Findings& findings) {
    ProbeVerdict out = findings.controlled ? ProbeVerdict::holds : ProbeVerdict::inconclusive;
    for (const probe::Sent& sent : findings.sent) {
        if (sent.conclusion == Conclusion::broken)
            out = std::max(out, sent.kind == nullptr ? ProbeVerdict::leaks : ProbeVerdict::weak);
        if (sent.is_wider()) out = std::max(out, ProbeVerdict::weak); // the proof rests on what is not so
        if (sent.conclusion == Conclusion::inconclusive) out = std::max(out, ProbeVerdict::inconclusive);
    }
    return untried(findings).empty() ? out : std::max(out, ProbeVerdict::inconclusive);
}

} // namespace

std::string_view name_of(ProbeVerdict verdict) {
    switch (verdict) {
    case ProbeVerdict::holds: return "HOLDS";
    case ProbeVerdict::inconclusive: return "INCONCLUSIVE";
    case ProbeVerdict::weak: return "WEAK";
    case ProbeVerdict::leaks: return "LEAKS";
    }
    return {};
}

std::string_view code_of(ProbeVerdict verdict) {
    switch (verdict) {
    case ProbeVerdict::holds: return "holds";
    case ProbeVerdict::inconclusive: return "inconclusive";
    case ProbeVerdict::weak: return "weak";
    case ProbeVerdict::leaks: return "leaks";
    }
    return {};
}

void ProbeReport::add(probe::Findings findings, ProbePlaces places) {
    requests += findings.requests;
    const ProbeVerdict one = verdict_of(findings);
    verdict = std::max(verdict, one);
    rows.push_back({std::move(findings), one, std::move(places)});
}

Exit exit_of(const ProbeReport& report) {
    switch (report.verdict) {
    case ProbeVerdict::holds: return Exit::yes;
    case ProbeVerdict::inconclusive: return Exit::undecided;
    case ProbeVerdict::weak:
    case ProbeVerdict::leaks: return Exit::no;
    }
    return Exit::internal;
}

std::vector<ProbedCheck> checks_of(const probe::Findings& findings) {
    std::vector<ProbedCheck> out;
    for (const probe::Sent& sent : findings.sent) {
        if (sent.kind == nullptr || sent.conclusion == Conclusion::skipped) continue;
        if (sent.kind->meaning == probe::Meaning::informs) continue;
        const bool one_way = sent.kind->meaning == probe::Meaning::must_not_be_taken;
        if (one_way && sent.conclusion != Conclusion::broken) continue;      // a refusal shows nothing
        if (sent.accepted && sent.conclusion == Conclusion::holds) continue; // the policy takes it, too
        auto found =
            std::find_if(out.begin(), out.end(), [&](const auto& check) { return check.name == sent.kind->check; });
        if (found == out.end()) found = out.insert(out.end(), {sent.kind->check, {}, {}, {}});
        switch (sent.conclusion) {
        case Conclusion::holds: found->refused.push_back(&sent); break;
        case Conclusion::broken: found->taken.push_back(&sent); break;
        case Conclusion::inconclusive: found->unknown.push_back(&sent); break;
        case Conclusion::skipped: break;
        }
    }
    return out;
}

ProbeCell cell_of(const probe::Findings& findings, const std::string& domain) {
    if (findings.domain == domain) return ProbeCell::home;
    ProbeCell out = ProbeCell::not_sent;
    for (const probe::Sent& sent : findings.sent) {
        if (sent.kind != nullptr || sent.domain != domain) continue;
        switch (sent.conclusion) {
        case Conclusion::broken: out = std::max(out, ProbeCell::accepted); break;
        case Conclusion::inconclusive: out = std::max(out, ProbeCell::unknown); break;
        case Conclusion::holds: out = std::max(out, ProbeCell::refused); break;
        case Conclusion::skipped: out = std::max(out, sent.declared ? ProbeCell::declared : ProbeCell::not_sent); break;
        }
    }
    return out;
}

std::vector<std::string> domains_of(const ProbeReport& report) {
    std::vector<std::string> out;
    const auto add = [&](const std::string& name) {
        if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
    };
    for (const auto& row : report.rows) add(row.findings.domain);
    for (const auto& row : report.rows) {
        for (const probe::Sent& sent : row.findings.sent) {
            if (sent.kind == nullptr) add(sent.domain);
        }
    }
    return out;
}

std::map<std::string, std::string> untried(const probe::Findings& findings) {
    std::map<std::string, std::string> out;
    for (const probe::Sent& sent : findings.sent) {
        if (sent.kind == nullptr && cell_of(findings, sent.domain) == ProbeCell::not_sent)
            out.emplace(sent.domain, sent.detail);
    }
    return out;
}

std::map<std::string, std::size_t> unsent(const probe::Findings& findings) {
    std::map<std::string, std::size_t> out;
    for (const probe::Sent& sent : findings.sent) {
        if (sent.kind != nullptr && sent.conclusion == Conclusion::skipped) ++out[sent.detail];
    }
    return out;
}

} // namespace jwtdomain::cli
