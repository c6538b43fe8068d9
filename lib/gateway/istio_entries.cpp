// The filters of a proxy in order: an external service (CUSTOM), jwt_authn with the rules of all RequestAuthentication
// together, DENY, ALLOW. A token that is there must be valid; one that is missing passes, until a policy asks for what
// only a token has. Each operation of the ALLOW policies is told by itself, and within it each that a DENY or CUSTOM
// policy is limited to; where operations overlap, a request is in more than one.
#include "jwtdomain/gateway/istio_entries.h"

#include <algorithm>

#include "jwtdomain/gateway/istio_narrow.h"
#include "jwtdomain/gateway/istio_operation.h"
#include "jwtdomain/gateway/nodes.h"
#include "jwtdomain/gateway/values.h"

namespace jwtdomain::gateway::istio {
namespace {

using Kind = Policy::Kind;

constexpr std::size_t kMostPaths = 10'000;    // operations, alternatives and JWT rules multiply
constexpr std::size_t kMostEntries = 1'000;   // of a workload: operations of ALLOW and DENY multiply
constexpr std::size_t kMostNarrowed = 10'000; // drafts of one alternative

// What a DENY policy refuses, and what it therefore asks for.
struct Denial {
    Operation operation = {};
    bool everything = false;             // nothing passes
    bool asks_for_token = false;         // a request without one is refused
    const Condition* required = nullptr; // of the token: one of its notValues
    std::string dropped = {};            // what it asks for besides, or instead
    Mark mark = {};
};

// What an ALLOW policy lets pass.
struct Permit {
    Operation operation = {};
    std::vector<const Alternative*> alternatives = {};
    Mark mark = {};
};

// Can a request without a token meet them?
bool without_token(const Alternative& alternative) {
    return std::all_of(alternative.conditions.begin(), alternative.conditions.end(),
                       [](const Condition& condition) { return condition.values == nullptr; });
}

Denial denial_of(const Policy& policy, const Alternative& alternative) {
    Denial out{.mark = alternative.mark};
    const std::string name = "the DENY policy " + policy.name + ": ";
    if (!alternative.others.empty()) {
        out.dropped = name + "a rule with " + alternative.others.front().text;
    } else if (alternative.conditions.empty()) {
        out.everything = true;
    } else if (!without_token(alternative)) {
        out.dropped = name + "values that are refused of " + alternative.conditions.front().name;
    } else {
        out.asks_for_token = true;
        if (alternative.conditions.size() == 1)
            out.required = &alternative.conditions.front();
        else
            out.dropped = name + "a rule with several conditions";
    }
    return out;
}

class Reader {
public:
    Reader(const Workload& workload, const std::string& host, std::size_t& made, Verifiers& out)
        : workload_(workload), host_(host), made_(made), out_(out) {}

    void read() {
        if (workload_.too_many) return opaque("", "its selectors tell more workloads apart than are looked at here");
        for (const Applied& each : workload_.policies) {
            const Kind kind = each.policy->kind;
            const bool matters =
                kind != Kind::deny && kind != Kind::audit && !(kind == Kind::allow && each.policy->dry_run);
            if (matters && !each.policy->not_known.empty())
                return opaque("",
                              each.policy->name + " has something that is not known here: " + each.policy->not_known);
        }
        for (const Applied& each : workload_.policies) collect(each);
        if (!only_certain_allow_) allow_everything();
        const std::size_t before = out_.size();
        for (const Permit& permit : permits_) entries_of(permit);
        if (out_.size() == before) out_.push_back(nothing_accepted(named("nothing is accepted"), workload_.mark));
    }

private:
    void opaque(const std::string& of, std::string why) {
        out_.push_back(gateway::opaque(named(of), std::move(why), workload_.mark));
    }

    std::string named(const std::string& of) const { return workload_.name + (of.empty() ? "" : ": " + of); }

    void collect(const Applied& applied) {
        const Policy& policy = *applied.policy;
        if (policy.kind == Kind::authentication) {
            for (const Node* rule : policy.jwt_rules) add_draft(*rule, applied);
        } else if (policy.dry_run && policy.kind != Kind::custom) {
            return; // only recorded; a CUSTOM one asks the service nevertheless
        } else if (policy.kind == Kind::allow) {
            if (applied.certain) only_certain_allow_ = true;
            for (const Rule& rule : policy.rules) permit(rule);
        } else if (policy.kind == Kind::deny) {
            if (applied.certain && policy.not_known.empty()) deny(policy);
        } else if (policy.kind == Kind::custom) {
            for (const Rule& rule : policy.rules)
                customs_.insert(customs_.end(), rule.operations.begin(), rule.operations.end());
        }
    }

    void add_draft(const Node& rule, const Applied& applied) {
        Draft draft{.rule = &rule, .mark = rule.mark};
        if (!applied.certain)
            draft.dropped.push_back(text(applied.policy->name + " may not be attached to it", applied.policy->mark));
        drafts_.push_back(std::move(draft));
    }

    bool is_asked_for(const Operation& operation) const { return host_.empty() || can_reach(operation, host_); }

    void permit(const Rule& rule) {
        for (const Operation& operation : rule.operations) {
            if (!is_asked_for(operation)) continue;
            auto found = std::find_if(permits_.begin(), permits_.end(),
                                      [&](const Permit& each) { return is_same(each.operation, operation); });
            if (found == permits_.end()) found = permits_.insert(found, {.operation = operation, .mark = rule.mark});
            for (const Alternative& each : rule.alternatives) found->alternatives.push_back(&each);
        }
    }

    // Also where an ALLOW policy may not be attached: without it, everything that is not denied passes.
    void allow_everything() {
        everything_.mark = workload_.mark;
        permits_ = {{.operation = {.mark = workload_.mark}, .alternatives = {&everything_}, .mark = workload_.mark}};
    }

    void deny(const Policy& policy) {
        for (const Rule& rule : policy.rules) {
            for (const Operation& operation : rule.operations) {
                if (!is_asked_for(operation)) continue;
                for (const Alternative& each : rule.alternatives) {
                    denials_.push_back(denial_of(policy, each));
                    denials_.back().operation = operation;
                }
            }
        }
    }

    // Everything of the permit that no narrower operation takes out; and each that one does, where it matters: a DENY
    // policy only takes away from what is told of all.
    void entries_of(const Permit& permit) {
        std::vector<Operation> denied, custom;
        const auto add_part = [&](std::vector<Operation>& parts, const Operation& part) {
            const bool known =
                std::any_of(parts.begin(), parts.end(), [&](const Operation& each) { return is_same(each, part); });
            if (!known && !covers(part, permit.operation)) parts.push_back(part);
        };
        for (const Denial& each : denials_) {
            if (each.everything || each.asks_for_token) add_part(denied, each.operation);
        }
        for (const Operation& each : customs_) {
            if (is_asked_for(each)) add_part(custom, each);
        }
        if (out_.size() > kMostEntries) return opaque("", "its policies come to more entries than are looked at here");
        const std::string words = permit.operation.words();
        const bool alone = words.empty() && permits_.size() == 1;
        const bool parts = !denied.empty() || !custom.empty();
        const bool passes = entry(permit, nullptr, !alone ? words : parts ? "every other request" : "");
        const std::string begin = words.empty() ? "" : words + " and ";
        for (const Operation& part : custom) entry(permit, &part, begin + part.words());
        if (!passes) return;
        for (const Operation& part : denied) entry(permit, &part, begin + part.words());
    }

    // `part`: within the permit's operation. Does something pass without a token that is known to be asked for?
    bool entry(const Permit& permit, const Operation* part, const std::string& name) {
        const auto holds = [&](const Operation& operation) {
            return covers(operation, permit.operation) || (part != nullptr && covers(operation, *part));
        };
        for (const Operation& custom : customs_) {
            if (!is_asked_for(custom) || !holds(custom)) continue;
            opaque(name, "an external service decides (CUSTOM), and may put another token in its place");
            return true;
        }
        bool token = false;
        for (const Denial& each : denials_) {
            if (!holds(each.operation)) continue;
            if (each.everything) return false;
            token = token || each.asks_for_token;
        }
        if (!token && is_open(permit, name)) return true;
        paths(permit, name, holds);
        return false;
    }

    bool is_open(const Permit& permit, const std::string& name) {
        const Alternative* guarded = nullptr;
        for (const Alternative* each : permit.alternatives) {
            if (!without_token(*each)) continue;
            guarded = each;
            if (!each->others.empty()) continue;
            out_.push_back(
                open(named(name), "a request without a token passes: no policy asks for its principal", each->mark));
            return true;
        }
        if (guarded == nullptr) return false;
        opaque(name, "a request without a token passes by what is not looked at here: " + guarded->others.front().text);
        return true;
    }

    template <class Holds> void paths(const Permit& permit, const std::string& name, Holds holds) {
        std::vector<Node> accepts;
        for (const Alternative* alternative : permit.alternatives) {
            std::vector<Draft> drafts = drafts_;
            for (const Condition& condition : alternative->conditions) {
                if (condition.values != nullptr) drafts = narrow(std::move(drafts), condition, false);
                if (condition.not_values != nullptr)
                    drop_all(drafts, condition.name + ": values that are not let pass", condition.mark);
                if (drafts.size() > kMostNarrowed) return opaque(name, "its conditions come to more than 10000 paths");
            }
            for (const Node& other : alternative->others) drop_all(drafts, other.text, other.mark);
            for (const Denial& denial : denials_) {
                if (denial.required != nullptr && holds(denial.operation))
                    drafts = narrow(std::move(drafts), *denial.required, true);
                if (drafts.size() > kMostNarrowed) return opaque(name, "its conditions come to more than 10000 paths");
                if (!denial.dropped.empty()) drop_all(drafts, denial.dropped, denial.mark);
            }
            made_ += drafts.size();
            if (made_ > kMostPaths) return opaque(name, "the policies come to more than 10000 paths");
            for (Draft& draft : drafts) accepts.push_back(path_of(std::move(draft), alternative->mark));
        }
        if (!accepts.empty()) out_.push_back(guarded(named(name), std::move(accepts), permit.mark));
    }

    static void drop_all(std::vector<Draft>& drafts, const std::string& what, Mark at) {
        for (Draft& draft : drafts) draft.dropped.push_back(text(what, at));
    }

    const Workload& workload_;
    const std::string& host_;
    std::size_t& made_;
    Verifiers& out_;
    std::vector<Draft> drafts_ = {}; // one for each JWT rule
    std::vector<Permit> permits_ = {};
    std::vector<Denial> denials_ = {};
    std::vector<Operation> customs_ = {};
    Alternative everything_ = {};
    bool only_certain_allow_ = false; // an ALLOW policy is attached for certain
};

} // namespace

void read_workload(const Workload& workload, const std::string& host, std::size_t& made, Verifiers& out) {
    Reader(workload, host, made, out).read();
}

} // namespace jwtdomain::gateway::istio
