// What a probe found: a verdict for each target, from what was accepted and from what was refused beside good controls.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/app/exit_status.h"
#include "jwtdomain/base/time.h"
#include "jwtdomain/probe/run.h"

namespace jwtdomain::cli {

enum class ProbeVerdict { holds, inconclusive, weak, leaks };
std::string_view name_of(ProbeVerdict verdict); // "LEAKS"
std::string_view code_of(ProbeVerdict verdict); // "leaks"

// Where a target stands in what is committed, relative to the working directory if it is below it.
struct ProbePlaces {
    Location declared; // the resource, else the domain
    Location guard;    // the configuration that its answers are held against; without a file: none
};

struct ProbeReport {
    struct Row {
        probe::Findings findings;
        ProbeVerdict verdict = ProbeVerdict::inconclusive;
        ProbePlaces places;
    };
    std::vector<Row> rows;
    ProbeVerdict verdict = ProbeVerdict::holds; // the worst
    Time now = 0;
    std::size_t requests = 0;

    void add(probe::Findings findings, ProbePlaces places);
};

Exit exit_of(const ProbeReport& report);

// Of one target: each check, in the order of the table, with the kinds that say what of it is enforced.
struct ProbedCheck {
    std::string_view name;
    std::vector<const probe::Sent*> refused, taken, unknown; // `taken`: of what must be refused
    bool enforced() const { return taken.empty() && unknown.empty() && !refused.empty(); }
};
std::vector<ProbedCheck> checks_of(const probe::Findings& findings);

// What all tokens of a domain together say of a target: the worst of them.
enum class ProbeCell { not_sent, declared, refused, unknown, accepted, home };
ProbeCell cell_of(const probe::Findings& findings, const std::string& domain);
std::vector<std::string> domains_of(const ProbeReport& report); // of targets and of tokens, each once, in their order

// Domains of which no token could be tried, with the first reason.
std::map<std::string, std::string> untried(const probe::Findings& findings);

// Why kinds were not sent, and how many each.
std::map<std::string, std::size_t> unsent(const probe::Findings& findings);

std::string to_text(const ProbeReport& report, bool color);
std::string to_json(const ProbeReport& report);
std::string to_jsonl(const ProbeReport& report);
std::string to_sarif(const ProbeReport& report);
std::string to_junit(const ProbeReport& report);
std::string to_github(const ProbeReport& report);
std::string to_gitlab_codequality(const ProbeReport& report);
std::string to_gitlab_sast(const ProbeReport& report);
std::string to_markdown(const ProbeReport& report);
std::string to_html(const ProbeReport& report);

} // namespace jwtdomain::cli
