#include "jwtdomain/audit/entered_exchanges.h"

#include <algorithm>
#include <map>
#include <utility>

#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit {
namespace {

constexpr std::size_t kMostWork = 10'000'000; // tokens that are held against paths

// Of a domain: into which others it gets, by whom at the weakest.
struct Way {
    std::size_t into;
    Attacker attacker;
    bool certain;
};

SameKey have_a_key_in_common(const DomainKeys& a, const DomainKeys& b) {
    SameKey out = a.known() && b.known() ? SameKey::no : SameKey::perhaps;
    for (const KeyIdentity& one : a.identities) {
        for (const KeyIdentity& other : b.identities) out = std::max(out, same_key(one, other));
    }
    if (out != SameKey::no) return out;
    const std::vector<std::string> here = a.readings(), there = b.readings();
    std::vector<std::string> both;
    std::set_intersection(here.begin(), here.end(), there.begin(), there.end(), std::back_inserter(both));
    return both.empty() ? SameKey::no : SameKey::perhaps;
}

class Finder {
public:
    explicit Finder(const Estate& estate)
        : estate_(estate), paths_(std::max<std::size_t>(1, estate.path_keys.size())) {}

    EnteredExchanges run() {
        const policy::Policy& policy = *estate_.policy;
        for (std::size_t d = 0; d < policy.domains.size(); ++d) {
            std::vector<Mintable> got = closure(policy, d, Attacker::insider);
            got.erase(got.begin()); // its own
            if (!got.empty()) out_of_[d] = std::move(got);
        }
        for (const auto& [door, got] : out_of_) {
            const SameKey known = is_public(estate_, estate_.keys[door]);
            if (known != SameKey::no) add(door, {door, Attacker::outsider, known == SameKey::yes});
        }
        for (const auto& [door, got] : out_of_) find_ways(door);
        for (std::size_t d = 0; d < policy.domains.size() && out_.complete; ++d) follow(d);
        if (!out_.complete) out_.all.clear();
        std::stable_sort(out_.all.begin(), out_.all.end(), [](const Entered& a, const Entered& b) {
            return (a.tokens.attacker == Attacker::outsider) > (b.tokens.attacker == Attacker::outsider);
        });
        return std::move(out_);
    }

private:
    void find_ways(std::size_t door) {
        accept::Path path = own_path(estate_, door);
        path.signing.passed_over = estate_.keys[door].skipped; // the exchange may take them
        for (std::size_t d = 0; d < estate_.keys.size(); ++d) {
            if (d == door) continue;
            for (const Attacker attacker : {Attacker::replay, Attacker::insider}) {
                const Check answer = check(estate_, mintable(estate_.domain(d), d, attacker), path);
                if (answer.separated()) continue;
                ways_[d].push_back({door, attacker, answer.overlaps() && answer.assumed.empty()});
                if (ways_[d].back().certain) break;
            }
            const SameKey same = have_a_key_in_common(estate_.keys[d], estate_.keys[door]);
            if (same != SameKey::no) ways_[d].push_back({door, Attacker::stolen_key, same == SameKey::yes});
            const auto& origins = path.signing.origins;
            const auto is_host = [&](const accept::KeyOrigin& origin) { return controls(estate_.domain(d), origin); };
            if (std::any_of(origins.begin(), origins.end(), is_host))
                ways_[d].push_back({door, Attacker::hostile_issuer, true});
        }
        if (ways_.size() * out_of_.at(door).size() * paths_ > kMostWork) out_.complete = false;
    }

    // Who gets into one domain is an insider of it, and of those whose tokens its exchanges give: what these get into
    // is entered, too, but that it can be done one after the other is not sure.
    void follow(std::size_t domain) {
        const auto first = ways_.find(domain);
        if (first == ways_.end()) return;
        std::vector<Way> all = first->second;
        for (std::size_t next = 0; next < all.size() && out_.complete; ++next) {
            const Way way = all[next];
            add(domain, way);
            std::vector<std::size_t> been{way.into};
            for (const Mintable& got : out_of_.at(way.into)) been.push_back(got.issuer);
            for (const std::size_t name : been) {
                const auto further = ways_.find(name);
                if (further == ways_.end()) continue;
                for (const Way& each : further->second) {
                    if (each.attacker > Attacker::insider || each.into == domain) continue;
                    const auto same = [&](const Way& other) {
                        return other.into == each.into && other.attacker <= way.attacker;
                    };
                    if (std::none_of(all.begin(), all.end(), same)) all.push_back({each.into, way.attacker, false});
                }
            }
        }
    }

    void add(std::size_t holder, const Way& way) {
        for (Mintable tokens : out_of_.at(way.into)) {
            tokens.holder = holder;
            tokens.attacker = way.attacker;
            out_.all.push_back({std::move(tokens), way.certain});
        }
        if (out_.all.size() * paths_ > kMostWork) out_.complete = false;
    }

    const Estate& estate_;
    std::size_t paths_;                                   // that each of them is held against
    std::map<std::size_t, std::vector<Mintable>> out_of_; // what exchanges give to each domain that has one
    std::map<std::size_t, std::vector<Way>> ways_;        // of each domain
    EnteredExchanges out_;
};

} // namespace

EnteredExchanges entered_exchanges(const Estate& estate) {
    return estate.policy->exchange.empty() ? EnteredExchanges{} : Finder(estate).run();
}

std::vector<Mintable> everything_of(const Estate& estate, std::size_t domain, Attacker attacker) {
    std::vector<Mintable> out = closure(*estate.policy, domain, attacker);
    for (const Entered& each : estate.entered->all) {
        const Attacker by = each.tokens.attacker;
        if (each.tokens.holder == domain && by != Attacker::outsider && by <= attacker) out.push_back(each.tokens);
    }
    return out;
}

accept::Path own_path(const Estate& estate, std::size_t domain) {
    const policy::KeyReader reader = [&](const policy::KeyLocation& location) -> Result<JwkSet> {
        if (location.value != estate.domain(domain).keys.value) return fail(Fault::not_found, "not asked for");
        if (!estate.keys[domain].unresolved.empty()) return fail(Fault::not_found, estate.keys[domain].unresolved);
        return JwkSet{.keys = estate.keys[domain].keys, .skipped = {}};
    };
    accept::Verifier verifier = policy::lower(*estate.policy, estate.domain(domain), reader);
    return std::move(verifier.entries.front().paths.front());
}

} // namespace jwtdomain::audit
