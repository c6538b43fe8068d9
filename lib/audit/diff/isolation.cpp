// What is proved of each source and service, before and after.
#include <algorithm>
#include <map>
#include <tuple>

#include "jwtdomain/audit/depth.h"
#include "jwtdomain/audit/diff/parts.h"

namespace jwtdomain::audit::detail {
namespace {

// Of one source and one service. What is not there lets nobody in.
struct Standing : Cell {
    bool open = false, there = false;

    // The weakest that certainly, and that perhaps gets through: higher is stronger.
    int certain() const {
        if (open) return 0;
        return leak ? static_cast<int>(*leak) : declared ? kDeclared : kNobody;
    }
    int perhaps() const { return unknown ? std::min(certain(), static_cast<int>(*unknown)) : certain(); }
    std::optional<Attacker> weakest() const {
        return perhaps() < kDeclared ? std::optional(static_cast<Attacker>(perhaps())) : std::nullopt;
    }
    bool operator==(const Standing& other) const {
        return certain() == other.certain() && perhaps() == other.perhaps();
    }

private:
    static constexpr int kDeclared = static_cast<int>(kAttackers.size()), kNobody = kDeclared + 1;
};

Direction direction_of(const Standing& before, const Standing& after) {
    const bool weaker = after.certain() < before.certain() || after.perhaps() < before.perhaps();
    const bool stronger = after.certain() > before.certain() || after.perhaps() > before.perhaps();
    if (weaker && stronger) return Direction::different;
    return weaker ? Direction::weaker : Direction::stronger;
}

std::string text_of(const Standing& standing, bool policy_only) {
    if (!standing.there) return "not there";
    if (standing.open) return "OPEN";
    const auto with = [](const char* verdict, Attacker attacker) {
        return std::string(verdict) + " (" + std::string(name_of(attacker)) + ")";
    };
    std::string out = standing.leak ? with("LEAKS", *standing.leak) : "";
    if (standing.unknown && (!standing.leak || *standing.unknown < *standing.leak))
        out += (out.empty() ? "" : ", ") + with("NOT PROVEN", *standing.unknown);
    if (!out.empty()) return out;
    if (standing.declared) return "DECLARED";
    return std::string(name_of(policy_only ? Verdict::consistent : Verdict::isolated));
}

// The standings of one estate, a service at a time.
class Side {
public:
    explicit Side(const Proved& proved)
        : estate(proved.estate), crossings_(estate.services.size()), declared_(estate.services.size()) {
        for (const Crossing& crossing : proved.findings.crossings) {
            for (const std::size_t service : crossing.services) crossings_[service].push_back(&crossing);
        }
        for (const DeclaredTrust& trust : proved.findings.declared) declared_[trust.service].push_back(trust.source);
        for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) domains.emplace(estate.name(d), d);
    }

    std::vector<Standing> standings(std::size_t service) const {
        const Service& target = estate.services[service];
        Standing common;
        common.there = true;
        common.open = target.state == Service::State::open;
        if (!is_known(target.state)) common.unknown = Attacker::outsider;
        std::vector<Standing> out(estate.policy->domains.size(), common);
        for (const Crossing* crossing : crossings_[service]) {
            for (const std::size_t source : crossing->sources) out[source].let_in(crossing->status, crossing->attacker);
        }
        for (const std::size_t source : declared_[service]) out[source].declared = true;
        out[target.domain] = {}; // its own tokens cross nothing
        return out;
    }

    const Estate& estate;
    std::map<std::string_view, std::size_t> domains;

private:
    std::vector<std::vector<const Crossing*>> crossings_;
    std::vector<std::vector<std::size_t>> declared_;
};

bool methods_meet(const accept::Entry& a, const accept::Entry& b) {
    return a.methods.empty() || b.methods.empty() ||
           std::any_of(a.methods.begin(), a.methods.end(), [&](const std::string& method) {
               return std::find(b.methods.begin(), b.methods.end(), method) != b.methods.end();
           });
}

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
using ServicePairs = std::vector<std::pair<std::size_t, std::size_t>>;

// Which service of the one estate is which of the other. Those without a counterpart are paired with all that guard the
// same place, and with kNone if none does.
class ServiceMatch {
public:
    ServiceMatch(const Estate& before, const Estate& after, const SameEntries& same)
        : before_(before), after_(after), matched_before_(before.services.size()),
          matched_after_(after.services.size()) {
        std::map<const accept::Entry*, std::size_t> entries;
        std::map<std::pair<std::string, std::string>, std::size_t> names;
        for (std::size_t s = 0; s < after.services.size(); ++s) {
            const Service& service = after.services[s];
            if (service.entry) entries.emplace(service.entry, s);
            names.emplace(std::pair(after.name(service.domain), service.name), s);
        }
        for (std::size_t s = 0; s < before.services.size(); ++s) {
            const Service& service = before.services[s];
            const auto twin = same.find(service.entry);
            if (twin != same.end()) {
                match(s, entries.at(twin->second));
                continue;
            }
            const auto named = names.find({before.name(service.domain), service.name});
            if (named != names.end() && (!service.entry || !after.services[named->second].entry))
                match(s, named->second);
        }
        match_places();
    }

    ServicePairs take() {
        for (std::size_t s = 0; s < matched_before_.size(); ++s) {
            if (!matched_before_[s]) pairs_.emplace_back(s, kNone);
        }
        for (std::size_t s = 0; s < matched_after_.size(); ++s) {
            if (!matched_after_[s]) pairs_.emplace_back(kNone, s);
        }
        return std::move(pairs_);
    }

private:
    void match(std::size_t before, std::size_t after) {
        pairs_.emplace_back(before, after);
        matched_before_[before] = matched_after_[after] = true;
    }

    void match_places() {
        std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> places;
        for (std::size_t s = 0; s < after_.services.size(); ++s) {
            const Service& service = after_.services[s];
            if (!matched_after_[s] && service.entry)
                places[{after_.name(service.domain), service.entry->resource}].push_back(s);
        }
        for (std::size_t s = 0; s < before_.services.size(); ++s) {
            const Service& service = before_.services[s];
            if (matched_before_[s] || !service.entry) continue;
            for (const std::size_t other : places[{before_.name(service.domain), service.entry->resource}]) {
                if (methods_meet(*service.entry, *after_.services[other].entry)) match(s, other);
            }
        }
    }

    const Estate& before_;
    const Estate& after_;
    std::vector<bool> matched_before_, matched_after_;
    ServicePairs pairs_;
};

class IsolationDiff {
public:
    IsolationDiff(PolicyDiff& out, const Proved& before, const Proved& after)
        : out_(out), before_(before), after_(after), before_depths_(before.estate), after_depths_(after.estate),
          countable_(countable(before.estate) && countable(after.estate)) {
        out_.depth_compared = countable_;
        std::map<std::string_view, Source> sources;
        for (const auto& [name, d] : before_.domains) sources[name].before = d;
        for (const auto& [name, d] : after_.domains) sources[name].after = d;
        for (auto& [name, source] : sources) {
            source.name = name;
            sources_.push_back(source);
        }
    }

    void run(const SameEntries& same) {
        for (const auto& [b, a] : ServiceMatch(before_.estate, after_.estate, same).take()) service(b, a);
        for (auto& [key, pairs] : alike_) tell(pairs);
    }

private:
    struct Alike {
        Change change;
        std::vector<std::string> subjects; // the first kListedAlike
        std::size_t count = 0;
    };
    using Key = std::tuple<Change::Kind, std::string, std::string>;

    // A domain of either policy, by its indices.
    struct Source {
        std::string_view name;
        std::size_t before = kNone, after = kNone;
    };

    void service(std::size_t b, std::size_t a) {
        const auto old_ones = b == kNone ? std::vector<Standing>() : before_.standings(b);
        const auto new_ones = a == kNone ? std::vector<Standing>() : after_.standings(a);
        const Service& named = a == kNone ? before_.estate.services[b] : after_.estate.services[a];
        const std::string& home = (a == kNone ? before_ : after_).estate.name(named.domain);
        const auto at = [](const std::vector<Standing>& list, std::size_t d) {
            return list.empty() || d == kNone ? Standing() : list[d];
        };
        for (const Source& source : sources_) {
            if (source.name == home) continue;
            const Standing old_one = at(old_ones, source.before), new_one = at(new_ones, source.after);
            if (!(old_one == new_one))
                verdict(source, named.name, old_one, new_one);
            else if (old_one.there && new_one.there && countable_)
                depth(source, named.name, b, a);
        }
    }

    void verdict(const Source& source, const std::string& service, const Standing& old_one, const Standing& new_one) {
        const Direction direction = direction_of(old_one, new_one);
        Change change{.kind = Change::Kind::isolation,
                      .direction = direction,
                      .subject = {},
                      .what = {},
                      .before = text_of(old_one, before_.estate.policy_only),
                      .after = text_of(new_one, after_.estate.policy_only)};
        change.attacker = (direction == Direction::stronger ? old_one : new_one).weakest();
        add(source, service, std::move(change));
    }

    void depth(const Source& source, const std::string& service, std::size_t b, std::size_t a) {
        const Depth old_one = before_depths_.between(source.before, b);
        const Depth new_one = after_depths_.between(source.after, a);
        if (!old_one.edits || !new_one.edits) return; // closed, or of the verdict
        const unsigned was = std::min(*old_one.edits, Depth::kDeep), is = std::min(*new_one.edits, Depth::kDeep);
        if (was == is) return;
        add(source, service,
            {.kind = Change::Kind::depth,
             .direction = is < was ? Direction::weaker : Direction::stronger,
             .subject = {},
             .what = "depth",
             .before = audit::text_of(old_one),
             .after = audit::text_of(new_one)});
    }

    void add(const Source& source, const std::string& service, Change change) {
        Alike& alike = alike_[{change.kind, change.before, change.after}];
        if (alike.count++ == 0) alike.change = std::move(change);
        if (alike.subjects.size() < kListedAlike) alike.subjects.push_back(std::string(source.name) + " -> " + service);
    }

    void tell(Alike& alike) {
        if (alike.count > kListedAlike) alike.subjects.resize(1);
        for (std::string& subject : alike.subjects) {
            Change& change = out_.changes.emplace_back(alike.change);
            change.subject = std::move(subject);
            if (alike.count > kListedAlike) change.count = alike.count;
        }
    }

    PolicyDiff& out_;
    Side before_, after_;
    PairDepths before_depths_, after_depths_;
    bool countable_;
    std::vector<Source> sources_; // by name
    std::map<Key, Alike> alike_;
};

} // namespace

void diff_isolation(PolicyDiff& out, const Proved& before, const Proved& after, const SameEntries& same) {
    IsolationDiff(out, before, after).run(same);
}

} // namespace jwtdomain::audit::detail
