#include "jwtdomain/gateway/istio_workload.h"

#include <algorithm>
#include <set>

#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::istio {
namespace {

constexpr std::size_t kMostWorkloads = 128; // of a namespace: labels multiply

bool includes(const Facts& all, const Facts& some) {
    return std::all_of(some.begin(), some.end(), [&](const auto& fact) {
        const auto found = all.find(fact.first);
        return found != all.end() && found->second == fact.second;
    });
}

bool agree(const Facts& a, const Facts& b) {
    return std::all_of(a.begin(), a.end(), [&](const auto& fact) {
        const auto found = b.find(fact.first);
        return found == b.end() || found->second == fact.second;
    });
}

class Namespace {
public:
    // `own`: the name that its documents have; `name`: what it is called.
    Namespace(const std::vector<Policy>& policies, std::string own, std::string name, std::string root,
              const Selection& selection)
        : own_(std::move(own)), name_(std::move(name)), root_(std::move(root)) {
        for (const Policy& policy : policies) {
            const bool some = std::any_of(policy.attached.begin(), policy.attached.end(),
                                          [&](const Facts& facts) { return can_be_here(policy, facts); });
            if (some) policies_.push_back(&policy);
        }
        for (const auto& [label, value] : selection.labels) known_[std::string(kLabel) + label] = value;
        all_ = !selection.name_space.empty();
    }

    void find(std::vector<Workload>& out) const {
        for (const bool by_target : {false, true}) {
            bool too_many = false;
            const std::set<Facts> sets = closed_sets(by_target, too_many);
            if (too_many) {
                out.push_back({.name = name_, .mark = first_mark(), .too_many = true});
                continue;
            }
            for (const Facts& facts : sets) add(facts, by_target, out);
        }
    }

private:
    bool is_own(const Policy& policy) const { return policy.name_space == own_; }
    bool is_root(const Policy& policy) const { return policy.name_space == root_; }
    // Perhaps it is of this namespace.
    bool is_nowhere(const Policy& policy) const { return policy.name_space.empty(); }

    Mark first_mark() const {
        const auto found =
            std::find_if(policies_.begin(), policies_.end(), [&](const Policy* policy) { return is_own(*policy); });
        return found == policies_.end() ? Mark{} : (*found)->mark;
    }

    // A gateway of another namespace may be the waypoint of a service of this one.
    Facts here(const Policy& policy, Facts facts) const {
        const auto gateway = facts.find("Gateway");
        if (gateway != facts.end() && !is_own(policy) && !is_nowhere(policy))
            gateway->second = policy.name_space + "/" + gateway->second;
        return facts;
    }

    bool can_be_here(const Policy& policy, const Facts& facts) const {
        if (is_own(policy) || is_nowhere(policy)) return true;
        if (facts.count("Gateway") != 0) return true;
        return is_root(policy) && facts.count("Service") == 0;
    }

    // Every union of what policies ask for that a workload can be at once.
    std::set<Facts> closed_sets(bool by_target, bool& too_many) const {
        std::set<Facts> alternatives, out;
        for (const Policy* policy : policies_) {
            for (const Facts& facts : policy->attached) {
                if (policy->by_target == by_target && can_be_here(*policy, facts))
                    alternatives.insert(here(*policy, facts));
            }
        }
        out.insert(known_);
        for (const Facts& facts : alternatives) {
            std::vector<Facts> more;
            for (const Facts& each : out) {
                if (!agree(each, facts)) continue;
                more.push_back(each);
                more.back().insert(facts.begin(), facts.end());
            }
            out.insert(more.begin(), more.end());
            if (out.size() > kMostWorkloads) {
                too_many = true;
                return {};
            }
        }
        return out;
    }

    enum class Attached : std::uint8_t { no, perhaps, yes };

    Attached attached(const Policy& policy, const Facts& workload, bool by_target) const {
        Attached out = Attached::no;
        for (const Facts& facts : policy.attached) {
            if (!can_be_here(policy, facts)) continue;
            if (policy.by_target) {
                if (by_target && includes(workload, here(policy, facts))) out = Attached::yes;
            } else if (!by_target) {
                if (includes(workload, facts)) out = Attached::yes;
            } else if (workload.count("Service") == 0 && agree(workload, facts)) {
                out = Attached::perhaps; // by a feature of the control plane, and labels that are not known
            }
        }
        const bool elsewhere = is_nowhere(policy) && !is_own(policy);
        return out == Attached::yes && (policy.uncertain || elsewhere) ? Attached::perhaps : out;
    }

    void add(const Facts& facts, bool by_target, std::vector<Workload>& out) const {
        const auto gateway = facts.find("Gateway");
        const bool target = gateway != facts.end() || facts.count("Service") != 0 || facts.count("GatewayClass") != 0;
        if (by_target != target) return;
        const bool foreign = gateway != facts.end() && gateway->second.find('/') != std::string::npos;
        if (foreign && facts.count("Service") == 0) return;
        Workload workload{.name = described(facts)};
        bool own = false, some = false;
        for (const Policy* policy : policies_) {
            const Attached how = attached(*policy, facts, by_target);
            if (how == Attached::no) continue;
            const bool counts = !policy->extension;
            if (!some || (!own && counts && is_own(*policy))) workload.mark = policy->mark;
            own = own || (counts && is_own(*policy));
            some = some || counts;
            workload.policies.push_back({policy, how == Attached::yes});
        }
        // What holds by the root's policies alone is told once, with the root.
        if (own || (all_ && some)) out.push_back(std::move(workload));
    }

    std::string described(const Facts& facts) const {
        std::string out = name_;
        for (const auto& [fact, value] : facts) {
            const bool label = fact.starts_with(kLabel);
            out += ", " + (label ? fact.substr(kLabel.size()) + "=" : fact + " ") + value;
        }
        return plain_name(out);
    }

    std::vector<const Policy*> policies_; // that can matter here
    std::string own_, name_, root_;
    Facts known_;
    bool all_ = false; // its workloads are asked for, whatever their policies
};

} // namespace

std::vector<Workload> workloads(const std::vector<Policy>& policies, const std::string& root,
                                const Selection& selection) {
    std::vector<Workload> out;
    const auto is_there = [&](const std::string& name) {
        return std::any_of(policies.begin(), policies.end(),
                           [&](const Policy& policy) { return policy.name_space == name; });
    };
    if (const std::string& wanted = selection.name_space; !wanted.empty()) {
        // Where nothing is said to be in it, what is not said to be anywhere is.
        const bool written = is_there(wanted) || !is_there("");
        Namespace(policies, written ? wanted : "", wanted, root, selection).find(out);
        return out;
    }
    std::vector<std::string> seen;
    for (const Policy& policy : policies) {
        const std::string& name = policy.name_space;
        if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
        seen.push_back(name);
        Namespace(policies, name,
                  name.empty()   ? "a namespace"
                  : name == root ? "every namespace"
                                 : name,
                  root, selection)
            .find(out);
    }
    return out;
}

} // namespace jwtdomain::gateway::istio
