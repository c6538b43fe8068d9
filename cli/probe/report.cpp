#include "cli/probe/report.h"

#include <algorithm>
#include <map>

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
    // Of each other domain a token must have been tried.
    std::map<std::string, bool> tried;
    for (const probe::Sent& sent : findings.sent) {
        if (sent.kind == nullptr) tried[sent.domain] |= sent.declared || sent.conclusion != Conclusion::skipped;
    }
    const bool all = std::all_of(tried.begin(), tried.end(), [](const auto& domain) { return domain.second; });
    return all ? out : std::max(out, ProbeVerdict::inconclusive);
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

void ProbeReport::add(probe::Findings findings) {
    requests += findings.requests;
    const ProbeVerdict one = verdict_of(findings);
    verdict = std::max(verdict, one);
    rows.push_back({std::move(findings), one});
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

} // namespace jwtdomain::cli
