#include "jwtdomain/audit/entered_exchanges.h"

#include <algorithm>
#include <map>
#include <optional>
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

// Does a token of these pass for one that the path takes? nullopt: no; false: perhaps.
std::optional<bool> passes(const Estate& estate, const Mintable& tokens, const accept::Path& path) {
    const Check answer = check(estate, tokens, path);
    if (answer.separated()) return std::nullopt;
    return answer.overlaps() && answer.assumed.empty();
}

class Finder {
public:
    explicit Finder(const Estate& estate)
        : estate_(estate), paths_(std::max<std::size_t>(1, estate.path_keys.size())) {}

    EnteredExchanges run() {
        const policy::Policy& policy = *estate_.policy;
        std::size_t kinds = 0;
        for (std::size_t d = 0; d < policy.domains.size(); ++d) {
            given_.push_back(closure(policy, d, Attacker::replay));
            got_.push_back(closure(policy, d, Attacker::insider));
            kinds += got_.back().size();
            if (got_.back().size() > 1) doors_.push_back(d);
        }
        out_.complete = doors_.size() * kinds <= kMostWork;
        for (std::size_t i = 0; i < doors_.size() && out_.complete; ++i) find_ways(doors_[i]);
        for (std::size_t i = 0; i < doors_.size() && out_.complete; ++i) {
            const SameKey known = is_public(estate_, estate_.keys[doors_[i]]);
            if (known == SameKey::no) continue;
            follow(doors_[i], {{doors_[i], Attacker::outsider, known == SameKey::yes}}, out_.by_anybody);
        }
        for (std::size_t d = 0; d < policy.domains.size() && out_.complete; ++d) follow(d, ways_[d], out_.by_domains);
        if (!out_.complete) return {.by_anybody = {}, .by_domains = {}, .complete = false};
        return std::move(out_);
    }

private:
    void find_ways(std::size_t door) {
        accept::Path path = own_path(estate_, door);
        path.signing.passed_over = estate_.keys[door].skipped; // the exchange may take them
        for (std::size_t d = 0; d < estate_.keys.size(); ++d) {
            if (d == door) continue;
            for (const Mintable& tokens : given_[d]) {
                const auto certain = passes(estate_, tokens, path);
                if (certain) add(ways_[d], {door, Attacker::replay, *certain});
            }
            for (const Mintable& tokens : got_[d]) {
                const auto certain = passes(estate_, tokens, path);
                if (!certain) continue;
                add(ways_[d], {door, Attacker::insider, *certain});
                if (!tokens.route.empty()) add(onward_[d], {door, Attacker::insider, *certain});
            }
            const SameKey same = have_a_key_in_common(estate_.keys[d], estate_.keys[door]);
            if (same != SameKey::no) add(ways_[d], {door, Attacker::stolen_key, same == SameKey::yes});
            const auto& origins = path.signing.origins;
            const auto is_host = [&](const accept::KeyOrigin& origin) { return controls(estate_.domain(d), origin); };
            if (std::any_of(origins.begin(), origins.end(), is_host))
                add(ways_[d], {door, Attacker::hostile_issuer, true});
        }
    }

    // What comes out of one may enter the next.
    void follow(std::size_t holder, std::vector<Way> all, std::vector<Entered>& out) {
        for (std::size_t next = 0; next < all.size() && out_.complete; ++next) {
            const Way way = all[next];
            enter(holder, way, out);
            for (const Way& further : onward_[way.into]) {
                if (further.into != holder) add(all, {further.into, way.attacker, way.certain && further.certain});
            }
        }
    }

    // Unless it is known already, of that attacker or a weaker one.
    static void add(std::vector<Way>& ways, const Way& way) {
        const auto says_it = [&](const Way& other) {
            return other.into == way.into && other.attacker <= way.attacker && other.certain >= way.certain;
        };
        if (std::none_of(ways.begin(), ways.end(), says_it)) ways.push_back(way);
    }

    void enter(std::size_t holder, const Way& way, std::vector<Entered>& out) {
        for (Mintable tokens : got_[way.into]) {
            if (tokens.route.empty()) continue; // its own
            tokens.holder = holder;
            tokens.attacker = way.attacker;
            out.push_back({std::move(tokens), way.certain});
        }
        if ((out_.by_anybody.size() + out_.by_domains.size()) * paths_ > kMostWork) out_.complete = false;
    }

    const Estate& estate_;
    std::size_t paths_;                              // that each of them is held against
    std::vector<std::vector<Mintable>> given_, got_; // of each domain, what replay and insider have by closure()
    std::vector<std::size_t> doors_;                 // domains whose tokens are exchanged
    std::map<std::size_t, std::vector<Way>> ways_;
    std::map<std::size_t, std::vector<Way>> onward_; // of what comes out of the exchanges of a domain
    EnteredExchanges out_;
};

} // namespace

EnteredExchanges entered_exchanges(const Estate& estate) {
    return estate.policy->exchange.empty() ? EnteredExchanges{} : Finder(estate).run();
}

std::vector<Mintable> everything_of(const Estate& estate, std::size_t domain, Attacker attacker) {
    std::vector<Mintable> out = closure(*estate.policy, domain, attacker);
    for (const Entered& each : estate.entered->by_domains) {
        if (each.tokens.holder == domain && each.tokens.attacker <= attacker) out.push_back(each.tokens);
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
