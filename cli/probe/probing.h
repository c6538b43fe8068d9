// What is asked of each target of a probe, and what with.
#pragma once

#include <mutex>
#include <string>
#include <vector>

#include "cli/probe/controls.h"
#include "cli/probe/listening.h"
#include "cli/probe/model.h"
#include "cli/probe/options.h"
#include "cli/probe/pace.h"
#include "cli/probe/targets.h"
#include "jwtdomain/policy/verifier_set.h"
#include "jwtdomain/probe/run.h"

namespace jwtdomain::cli {

class Probing {
public:
    // All must outlive it. `keys` is asked by one thread at a time.
    Probing(Session& session, const policy::Policy& policy, const ProbeOptions& options, Controls& controls,
            const std::vector<ProbeTarget>& targets, const policy::KeyReader& keys, const ProbeModel& model,
            const Pace& pace, Listening& listener)
        : session_(session), policy_(policy), options_(options), controls_(controls), targets_(targets), model_(model),
          pace_(pace), listener_(listener), set_(policy, keys) {}

    // One for each target, which refer to this. They may be asked by several threads.
    std::vector<probe::Plan> plans();

private:
    probe::Plan plan_of(const ProbeTarget& target);
    Result<probe::Mutants> mutants_of(std::size_t domain, const policy::Resource* resource, const std::string& method,
                                      const std::string& place = {});
    void add_foreign(std::size_t domain, const ProbeTarget& target, probe::Plan& plan);
    probe::Permitted permitted(const std::string& token, std::size_t target, bool only_by_edge);

    Session& session_;
    const policy::Policy& policy_;
    const ProbeOptions& options_;
    Controls& controls_;
    const std::vector<ProbeTarget>& targets_;
    const ProbeModel& model_;
    const Pace& pace_;
    Listening& listener_;
    policy::VerifierSet set_;
    std::mutex strange_;
    EphemeralKeys strangers_;
};

} // namespace jwtdomain::cli
