#include "cli/probe/records.h"

#include "jwtdomain/base/version.h"

namespace jwtdomain::cli {
namespace {

void add_to(std::vector<std::string>& parts, const std::optional<std::string>& option) {
    parts.push_back(option ? "+" + *option : "-");
}

void add_to(std::vector<std::string>& parts, const std::vector<std::string>& list) {
    parts.push_back(std::to_string(list.size()));
    parts.insert(parts.end(), list.begin(), list.end());
}

// Not what says how fast it is asked, nor the tokens that are handed in: these are made anew for every run.
std::string plan_of(const ProbeOptions& options, const ReadLog& read, const std::vector<probe::Plan>& plans) {
    std::vector<std::string> parts{"probe", std::string(version())};
    for (const auto& [path, content] : read) parts.insert(parts.end(), {path, content});
    for (const auto* option : {&options.type, &options.against, &options.method, &options.carrier, &options.accepted,
                               &options.refused, &options.body, &options.network.ca_file})
        add_to(parts, *option);
    add_to(parts, options.words);
    add_to(parts, options.network.resolve);
    parts.emplace_back(options.dangerous ? "dangerous" : "");
    for (const probe::Kind& kind : probe::kinds()) parts.emplace_back(kind.name);
    for (const probe::Plan& plan : plans) {
        parts.insert(parts.end(), {plan.domain, plan.target, std::to_string(plan.foreign.size())});
        for (const probe::Foreign& each : plan.foreign)
            parts.insert(parts.end(), {each.domain, each.label, each.home != nullptr ? "home" : "",
                                       each.handed_in ? "handed in" : ""});
    }
    return digest_of(parts);
}

} // namespace

Result<ProbeRecords> ProbeRecords::open(Session& session, const ProbeOptions& options, const ReadLog& read,
                                        const std::vector<probe::Plan>& plans) {
    ProbeRecords out;
    if (options.resume) {
        auto journal = Journal::open(*options.resume, plan_of(options, read, plans), plans.size(), session.now());
        if (!journal) return tl::unexpected(journal.error());
        out.journal_ = std::move(*journal);
    }
    if (options.transcript) {
        auto transcript = Transcript::open(*options.transcript, session.world());
        if (!transcript) return tl::unexpected(transcript.error());
        out.transcript_ = std::move(*transcript);
    }
    return out;
}

void ProbeRecords::attach(std::vector<probe::Plan>& plans, ProbeReport& report) const {
    if (journal_) report.now = journal_->begun();
    for (std::size_t i = 0; i < plans.size(); ++i) {
        probe::Plan& plan = plans[i];
        if (Journal* const journal = journal_.get()) {
            plan.known = [journal, i](const std::string& row) { return journal->known(i, row); };
            plan.keep = [journal, i](const std::string& row, const std::vector<probe::Answer>& answers) {
                journal->keep(i, row, answers);
            };
        }
        if (Transcript* const transcript = transcript_.get())
            plan.told = [transcript, domain = plan.domain, target = plan.target](const probe::Asked& asked) {
                transcript->add(domain, target, asked);
            };
    }
}

Status ProbeRecords::written() const {
    const Status kept = journal_ ? journal_->written() : Status{};
    return kept && transcript_ ? transcript_->written() : kept;
}

} // namespace jwtdomain::cli
