#include "jwtdomain/gateway/envoy_gateway_attach.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "jwtdomain/gateway/envoy_gateway_entries.h"
#include "jwtdomain/gateway/kubernetes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::envoy_gateway {
namespace {

using kubernetes::may_be_in;

constexpr std::size_t kMostLooks = 10'000'000;
constexpr std::size_t kMostMerges = 1'000;

bool is_selected(const Route& route, const Selection& selection) {
    if (!may_be_in(route.object.name_space, selection.name_space)) return false;
    return route.hosts.empty() || std::any_of(route.hosts.begin(), route.hosts.end(), [&](const std::string& host) {
               return kubernetes::serves(host, selection.host);
           });
}

// Where it is not sure that the sections differ, they do not.
bool may_be_section(const std::string& one, const std::string& other) {
    return one.empty() || other.empty() || one == other || is_unresolved(one) || is_unresolved(other);
}

class Reader {
public:
    Reader(const Objects& objects, const Selection& selection, Verifiers& out)
        : objects_(objects), selection_(selection), out_(out), entries_(objects.config_maps, out) {}

    void read() {
        for (const Policy& policy : objects_.policies) securities_.push_back(read_security(policy.spec));
        for (const Route& route : objects_.routes) {
            if (is_selected(route, selection_)) routes_.push_back(&route);
        }
        for (const Gateway& gateway : objects_.gateways) gateways_[gateway.object.name].push_back(&gateway);
        for (const Policy& policy : objects_.policies) {
            for (const Target& target : policy.targets) {
                const bool named = target.selector == nullptr && !target.object.name.empty();
                (named ? by_name_[target.object.name] : loose_).push_back({&policy, &target});
            }
        }
        if (looks() > kMostLooks) return too_many("there are more policies and routes than are looked at here");
        look();
        for (const Route* route : routes_) read_route(*route);
        for (const Policy& policy : objects_.policies) read_policy(policy);
    }

private:
    const Security& security_of(const Policy& policy) const {
        return securities_[static_cast<std::size_t>(&policy - objects_.policies.data())];
    }

    struct Attachment {
        const Policy* policy;
        const Target* target;
    };

    // Those that may be attached to an object of this name.
    template <class Do> void for_targets(const std::string& name, Do act) const {
        for (const auto& [of, all] : by_name_) {
            if (!name.empty()) break;
            for (const Attachment& each : all) act(*each.policy, *each.target);
        }
        if (const auto found = by_name_.find(name); found != by_name_.end()) {
            for (const Attachment& each : found->second) act(*each.policy, *each.target);
        }
        for (const Attachment& each : loose_) act(*each.policy, *each.target);
    }

    // How often a target and something that it may be attached to are held together.
    std::size_t looks() const {
        std::size_t all = loose_.size(), out = 0;
        for (const auto& [name, attachments] : by_name_) all += attachments.size();
        const auto add = [&](const std::string& name) {
            const auto found = by_name_.find(name);
            const std::size_t named = found == by_name_.end() ? 0 : found->second.size();
            out += name.empty() ? all : named + loose_.size();
        };
        for (const Gateway& gateway : objects_.gateways) add(gateway.object.name);
        for (const Route& route : objects_.routes) {
            add(route.object.name);
            for (const Parent& parent : route.parents) add(parent.object.name);
        }
        return out;
    }

    void too_many(const char* why) {
        if (told_too_many_) return;
        told_too_many_ = true;
        out_.push_back(opaque("SecurityPolicy", why, objects_.policies.front().mark));
    }

    void look() {
        for (const auto& [name, all] : by_name_) {
            for (const Attachment& each : all) {
                if (each.target->object.kind == "Gateway") ours_.insert({name, each.target->object.name_space});
            }
        }
        for (const Gateway& gateway : objects_.gateways) {
            for_targets(gateway.object.name, [&](const Policy& policy, const Target& target) {
                if (attached(policy, target, gateway.object, gateway.labels) == Attached::yes)
                    ours_.insert({gateway.object.name, gateway.object.name_space});
            });
        }
        for (const Route& route : objects_.routes) look_at(route);
        for (const Route* route : routes_) {
            if (own_.count(route) == 0) look_at_parents(*route);
        }
    }

    void look_at(const Route& route) {
        const bool serves = is_selected(route, {.name_space = {}, .host = selection_.host, .labels = {}});
        bool some = false;
        for_targets(route.object.name, [&](const Policy& policy, const Target& target) {
            const Attached how = attached(policy, target, route.object, route.labels);
            if (how != Attached::no && serves) serving_.insert(&target);
            if (how != Attached::yes) return;
            some = true;
            here_.insert(&target);
            if (target.section.empty()) own_.insert(&route);
        });
        for (const Parent& parent : route.parents) {
            if (some) ours_.insert({parent.object.name, parent.object.name_space});
        }
    }

    // The gateway of a set of listeners is not looked for: it may be any.
    void look_at_parents(const Route& route) {
        for (const Parent& parent : route.parents) {
            all_used_ = all_used_ || parent.object.kind != "Gateway";
            for_targets(parent.object.name, [&](const Policy& policy, const Target& target) {
                if (of_parent(policy, target, parent) != Attached::no) used_.insert(&target);
            });
        }
    }

    static Scope scope_of(const Policy& policy, std::string name) {
        return {.name = std::move(name), .name_space = policy.object.name_space, .mark = policy.mark};
    }

    // --- A route that is here ------------------------------------------------------------------------------------

    void read_route(const Route& route) {
        for_targets(route.object.name, [&](const Policy& policy, const Target& target) {
            if (attached(policy, target, route.object, route.labels) != Attached::no) read_own(policy, target, route);
        });
        if (own_.count(&route) == 0 && route.forwards) read_parents(route);
    }

    void read_own(const Policy& policy, const Target& target, const Route& route) {
        const std::string name = route.words() + (target.section.empty() ? "" : ", rule " + target.section);
        if (!policy.fault.empty()) return unreadable(policy, name);
        if (!policy.merges) return entries_.add(scope_of(policy, name), security_of(policy));
        bool told = false; // that it may stand by itself
        if (route.parents.empty()) alone(policy, name, false, told);
        for (const Parent& parent : route.parents) merge(policy, name, parent, told);
    }

    void unreadable(const Policy& policy, const std::string& name) {
        out_.push_back(
            opaque(plain_name(name), policy.object.words() + " cannot be read: " + policy.fault, policy.mark));
    }

    void merge(const Policy& policy, const std::string& name, const Parent& parent, bool& told) {
        bool whole = false;
        for_targets(parent.object.name, [&](const Policy& other, const Target& target) {
            const Attached how = of_parent(other, target, parent);
            if (how == Attached::no) return;
            whole = whole || (how == Attached::yes && target.section.empty());
            add_merged(policy, other, name + ", with the policy of " + target.words());
        });
        if (!whole) alone(policy, name, gateway_of(parent) != nullptr, told);
    }

    void add_merged(const Policy& policy, const Policy& parent, const std::string& name) {
        if (!parent.fault.empty()) return unreadable(parent, name);
        if (++merges_ > kMostMerges || !budget_.take(&parent.spec) || !budget_.take(&policy.spec))
            return too_many("policies are merged (mergeType) more often than is looked at here");
        const Node spec = merged(parent.spec, policy.spec);
        Scope scope = scope_of(policy, name);
        if (!kubernetes::is_there(policy.spec.find("jwt"))) scope.name_space = parent.object.name_space;
        entries_.add(scope, read_security(spec));
    }

    // Of a gateway that is here, all policies are.
    void alone(const Policy& policy, const std::string& name, bool known, bool& told) {
        if (told) return;
        told = true;
        if (known)
            entries_.add(scope_of(policy, name), security_of(policy));
        else
            out_.push_back(opaque(plain_name(name),
                                  "it is merged with the policy of a gateway that is not here (mergeType)",
                                  policy.mark));
    }

    // A gateway that is not here is not known to be one of Envoy Gateway's.
    void read_parents(const Route& route) {
        for (const Parent& parent : route.parents) {
            if (!is_ours(parent)) continue;
            const Attached how = guarded(parent);
            if (how == Attached::yes) continue;
            if (how == Attached::no)
                out_.push_back(
                    open(route.words(), "no SecurityPolicy is attached to it, nor to its gateway", route.mark));
            else
                out_.push_back(opaque(route.words(), "whether a SecurityPolicy of its gateway is for it is not known",
                                      route.mark));
            return;
        }
    }

    // --- Gateways ------------------------------------------------------------------------------------------------

    const Gateway* gateway_of(const Parent& parent) const {
        const auto found = gateways_.find(parent.object.name);
        if (parent.object.kind != "Gateway" || parent.object.name.empty() || found == gateways_.end()) return nullptr;
        for (const Gateway* each : found->second) {
            if (may_be_in(each->object.name_space, parent.object.name_space)) return each;
        }
        return nullptr;
    }

    Attached of_parent(const Policy& policy, const Target& target, const Parent& parent) const {
        const Gateway* const here = gateway_of(parent);
        // What a set of listeners belongs to is not looked at.
        if (parent.object.kind != "Gateway" || target.object.kind != "Gateway")
            return is_route_kind(target.object.kind) || target.object.kind != parent.object.kind ? Attached::no
                                                                                                 : Attached::perhaps;
        if (target.selector != nullptr && here == nullptr) return Attached::perhaps;
        const Attached how = attached(policy, target, parent.object, here == nullptr ? nullptr : here->labels);
        return may_be_section(target.section, parent.section) ? how : Attached::no;
    }

    // Is a policy of the gateway for every request that comes by this parent?
    Attached guarded(const Parent& parent) const {
        if (parent.object.kind != "Gateway") return Attached::perhaps;
        bool some = false, whole = false;
        std::set<std::string> sections;
        for_targets(parent.object.name, [&](const Policy& policy, const Target& target) {
            const Attached how = of_parent(policy, target, parent);
            some = some || how != Attached::no;
            if (how != Attached::yes) return;
            whole = whole || target.section.empty() || target.section == parent.section;
            sections.insert(target.section);
        });
        if (whole) return Attached::yes;
        const Gateway* const here = gateway_of(parent);
        const bool all = here != nullptr && !here->listeners.empty() &&
                         std::all_of(here->listeners.begin(), here->listeners.end(),
                                     [&](const Gateway::Listener& each) { return sections.count(each.name) != 0; });
        return all && parent.section.empty() ? Attached::yes : some ? Attached::perhaps : Attached::no;
    }

    // By its class, or by what is attached to it or to its routes.
    bool is_ours(const Parent& parent) const {
        const Gateway* const here = gateway_of(parent);
        const auto& classes = objects_.classes;
        if (here != nullptr && std::find(classes.begin(), classes.end(), here->class_name) != classes.end())
            return true;
        const auto& [name, name_space] = std::pair{parent.object.name, parent.object.name_space};
        if (!name_space.empty()) return ours_.count({name, name_space}) != 0 || ours_.count({name, ""}) != 0;
        const auto first = ours_.lower_bound({name, ""});
        return first != ours_.end() && first->first == name;
    }

    // --- A policy, where it is attached to something else --------------------------------------------------------

    void read_policy(const Policy& policy) {
        const Security& security = security_of(policy);
        if (policy.lost) return unreadable(policy, policy.object.words()); // it may be anybody's
        if (policy.targets.empty() && may_be_in(policy.object.name_space, selection_.name_space))
            entries_.add(scope_of(policy, policy.object.words()), security);
        for (const Target& target : policy.targets) {
            if (is_route_kind(target.object.kind) ? reaches_route(policy, target) : reaches_gateway(policy, target))
                entries_for(policy, target);
            // Whichever namespace is asked for, its routes may be those that are selected.
            if (security.reselects && serves_host(policy, target))
                entries_.add_reselected(scope_of(policy, target.words()), security);
        }
    }

    void entries_for(const Policy& policy, const Target& target) {
        bool told = false;
        if (!policy.fault.empty())
            unreadable(policy, target.words());
        else if (target.object.kind == "TCPRoute")
            out_.push_back(
                opaque(target.words(), "it passes connections on, in which no token is looked at", target.mark));
        else if (policy.merges)
            alone(policy, target.words(), false, told);
        else
            entries_.add(scope_of(policy, target.words()), security_of(policy));
    }

    // The routes that are here have been told.
    bool reaches_route(const Policy& policy, const Target& target) const {
        return may_be_in(policy.object.name_space, selection_.name_space) && here_.count(&target) == 0;
    }

    // If routes are asked for that are here, what they are attached to decides; else what the gateway takes.
    bool reaches_gateway(const Policy& policy, const Target& target) const {
        if (selection_.empty()) return true;
        if (!routes_.empty()) return all_used_ || used_.count(&target) != 0;
        return serves_host(policy, target) &&
               (may_be_in(policy.object.name_space, selection_.name_space) || takes_others(policy, target));
    }

    // Of the gateways that it may be attached to, one that is not here may be anything.
    template <class Holds> bool of_some_listener(const Policy& policy, const Target& target, Holds holds) const {
        bool here = false, some = false;
        const auto look = [&](const Gateway& gateway) {
            if (attached(policy, target, gateway.object, gateway.labels) == Attached::no) return;
            here = true;
            for (const Gateway::Listener& listener : gateway.listeners)
                some = some || (may_be_section(target.section, listener.name) && holds(listener));
        };
        for (const auto& [name, gateways] : gateways_) {
            if (target.selector == nullptr && !target.object.name.empty() && name != target.object.name) continue;
            for (const Gateway* gateway : gateways) look(*gateway);
        }
        return some || !here;
    }

    bool takes_others(const Policy& policy, const Target& target) const {
        return of_some_listener(policy, target, [](const Gateway::Listener& each) { return each.others; });
    }

    bool serves_host(const Policy& policy, const Target& target) const {
        if (!is_route_kind(target.object.kind)) {
            return of_some_listener(policy, target, [&](const Gateway::Listener& each) {
                return kubernetes::serves(each.host, selection_.host);
            });
        }
        return here_.count(&target) == 0 || serving_.count(&target) != 0;
    }

    const Objects& objects_;
    const Selection& selection_;
    Verifiers& out_;
    Entries entries_;
    std::vector<Security> securities_ = {};
    std::vector<const Route*> routes_ = {}; // that are asked for
    std::map<std::string, std::vector<const Gateway*>> gateways_ = {};
    std::set<std::pair<std::string, std::string>> ours_ = {}; // gateways of Envoy Gateway: name and namespace
    std::set<const Target*> here_ = {};                       // of routes that are here
    std::set<const Route*> own_ = {};                         // that have a policy of their own, as a whole
    std::set<const Target*> serving_ = {};                    // of routes that are here, for the host
    bool all_used_ = false;
    std::set<const Target*> used_ = {}; // of gateways, for routes that are asked for
    std::map<std::string, std::vector<Attachment>> by_name_ = {};
    std::vector<Attachment> loose_ = {}; // by labels, or by a name that is put in later
    bool told_too_many_ = false;
    std::size_t merges_ = 0;
    Budget budget_ = {};
};

} // namespace

void read_attached(const Objects& objects, const Selection& selection, Verifiers& out) {
    Reader(objects, selection, out).read();
}

} // namespace jwtdomain::gateway::envoy_gateway
