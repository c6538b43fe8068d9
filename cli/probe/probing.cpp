#include "cli/probe/probing.h"

#include <algorithm>

namespace jwtdomain::cli {

std::vector<probe::Plan> Probing::plans() {
    std::vector<probe::Plan> out;
    for (const ProbeTarget& target : targets_) out.push_back(plan_of(target));
    return out;
}

probe::Plan Probing::plan_of(const ProbeTarget& target) {
    probe::Plan plan;
    plan.domain = policy_.domains[target.domain].name;
    plan.target = target.name;
    plan.door = target.door.get();
    plan.origin = target.origin;
    const std::string place = listener_.new_place();
    plan.control = [this, &target, place] { return mutants_of(target.domain, target.resource, target.method, place); };
    if (!place.empty()) plan.visits = [this, place](std::string_view kind) { return listener_.visits(place, kind); };
    for (std::size_t d = 0; d < policy_.domains.size(); ++d) {
        if (d != target.domain) add_foreign(d, target, plan);
    }
    const auto against = options_.against ? audit::find_attacker(*options_.against) : std::nullopt;
    for (auto& each : model_.crossings_into(target.domain, against.value_or(audit::Attacker::insider)))
        plan.foreign.push_back(std::move(each));
    plan.modelled = [this, domain = target.domain](const std::string& token) {
        return model_.answer(domain, token, session_.world().now());
    };
    plan.permitted = [this, domain = target.domain](const std::string& token) {
        return permitted(token, domain, false);
    };
    plan.declared = [this, domain = target.domain](const std::string& token) { return permitted(token, domain, true); };
    plan.clock = [this] { return session_.world().now(); };
    plan.dangerous = options_.dangerous;
    plan.stopped = [this] { return pace_.stopped(); };
    return plan;
}

Result<probe::Mutants> Probing::mutants_of(std::size_t domain, const policy::Resource* resource,
                                           const std::string& method, const std::string& place) {
    auto control = controls_.of(domain, resource, method);
    if (!control) return tl::unexpected(control.error());
    if (!place.empty()) listener_.name(place, *control);
    const std::lock_guard lock(strange_);
    auto mutants = probe::Mutants::of(std::move(*control), strangers_);
    if (!mutants || place.empty()) return mutants;
    if (const Status served = listener_.serve(place, *mutants); !served) return tl::unexpected(served.error());
    return mutants;
}

void Probing::add_foreign(std::size_t domain, const ProbeTarget& target, probe::Plan& plan) {
    const auto at_home = [&](const ProbeTarget& each) { return each.domain == domain; };
    const auto found = std::find_if(targets_.begin(), targets_.end(), at_home);
    const ProbeTarget* const home = found == targets_.end() ? nullptr : &*found;
    const policy::Resource* const resource = home ? home->resource : nullptr;
    const std::string& method = home ? home->method : target.method;
    const std::string& name = policy_.domains[domain].name;
    plan.foreign.push_back({name, "as its issuer mints it",
                            [this, domain, resource, method]() -> Result<std::string> {
                                auto control = controls_.of(domain, resource, method);
                                if (!control) return tl::unexpected(control.error());
                                return std::move(control->token);
                            },
                            home ? home->door.get() : nullptr, controls_.is_handed_in(domain)});
    const auto& audiences = target.resource && !target.resource->audiences.empty()
                                ? target.resource->audiences
                                : policy_.domains[target.domain].audiences;
    if (audiences.empty()) return;
    plan.foreign.push_back({name, "for the audience of the target",
                            [this, domain, resource, method, &audiences]() -> Result<std::string> {
                                const auto mutants = mutants_of(domain, resource, method);
                                if (!mutants) return tl::unexpected(mutants.error());
                                return mutants->for_audience(audiences.front());
                            },
                            nullptr});
}

// By a path of the domain itself, or by a trust edge.
probe::Permitted Probing::permitted(const std::string& token, std::size_t target, bool only_by_edge) {
    policy::DomainJudge judge(set_);
    judge.reset(token, {.now = session_.world().now()});
    const accept::Decision& decision = judge.decide(target);
    if (decision.verified) {
        const bool by_edge = decision.verified->path().time.path_ends.has_value(); // all edges end, and nothing else
        return by_edge || !only_by_edge ? probe::Permitted::yes : probe::Permitted::no;
    }
    const bool unknown = std::any_of(decision.findings.begin(), decision.findings.end(),
                                     [](const Finding& finding) { return finding.reason == Reason::keys_unavailable; });
    return unknown ? probe::Permitted::unknown : probe::Permitted::no;
}

} // namespace jwtdomain::cli
