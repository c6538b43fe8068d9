// Where a probe is written down, if that is asked for: --resume and --transcript.
#pragma once

#include <memory>
#include <vector>

#include "cli/app/policy.h"
#include "cli/probe/journal.h"
#include "cli/probe/options.h"
#include "cli/probe/report.h"
#include "cli/probe/transcript.h"

namespace jwtdomain::cli {

class ProbeRecords {
public:
    // `read`: all that the policy, its keys and the configurations were read from; with the options and plans it is
    // what an earlier run's answers must belong to. Faults: those of Journal and Transcript.
    static Result<ProbeRecords> open(Session& session, const ProbeOptions& options, const ReadLog& read,
                                     const std::vector<probe::Plan>& plans);

    // Has the plans use them. The report is as of the first run. Must outlive the plans.
    void attach(std::vector<probe::Plan>& plans, ProbeReport& report) const;

    // Whether all could be written.
    Status written() const;

private:
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<Transcript> transcript_;
};

} // namespace jwtdomain::cli
