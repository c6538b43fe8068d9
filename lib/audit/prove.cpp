#include "jwtdomain/audit/prove.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "jwtdomain/audit/completeness.h"
#include "jwtdomain/audit/crossing_classes.h"
#include "jwtdomain/audit/entered_exchanges.h"
#include "jwtdomain/audit/key_holders.h"
#include "jwtdomain/audit/source_index.h"
#include "jwtdomain/base/join.h"
#include "jwtdomain/base/vectors.h"

namespace jwtdomain::audit {
namespace {

using detail::CrossingClasses;
using detail::Domains;
using detail::KeyHolders;
using detail::SourceIndex;
using detail::Tokens;

// Up to so many sources of one path are each asked and each have their witness run; of more that share a key, one.
constexpr std::size_t kAskedEach = 64;

std::vector<Tokens> all_tokens(const policy::Policy& policy) {
    std::vector<Tokens> all;
    for (std::size_t d = 0; d < policy.domains.size(); ++d) {
        std::vector<Mintable> replay = closure(policy, d, Attacker::replay);
        std::vector<Mintable> insider = closure(policy, d, Attacker::insider);
        // Both follow the same edges in the same order.
        for (std::size_t i = 0; i < insider.size(); ++i)
            all.push_back({.holder = d, .replay = std::move(replay[i]), .insider = std::move(insider[i])});
    }
    return all;
}

std::string text_of(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& finding : findings) out += (out.empty() ? "" : ", ") + std::string(info(finding.reason).code);
    return out;
}

// Of an outsider every domain is a source, and its own is no example of what crosses.
std::size_t example_of(const Domains& sources, std::size_t home) {
    const auto other = std::find_if(sources.begin(), sources.end(), [&](std::size_t each) { return each != home; });
    return other == sources.end() ? sources.front() : *other;
}

class Prover {
public:
    Prover(const Estate& estate, EphemeralKeys& keys)
        : estate_(estate), ephemeral_(keys), tokens_(all_tokens(*estate.policy)), entered_(*estate.entered),
          index_(estate, tokens_), holders_(estate) {
        for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
            everybody_.push_back(d);
            by_name_.emplace(estate.name(d), d);
            const std::string issuer = plain_place(estate.domain(d).issuer);
            if (!issuer.empty()) by_issuer_[issuer].push_back(d);
            if (!estate.domain(d).keys.value.empty())
                by_location_[plain_place(estate.domain(d).keys.value)].push_back(d);
        }
    }

    Findings run() {
        for (std::size_t s = 0; s < estate_.services.size(); ++s) {
            const Service& service = estate_.services[s];
            if (!is_known(service.state)) continue;
            for (const accept::Path& path : service.entry->paths) judge(s, path);
        }
        return conclude();
    }

private:
    using Status = Crossing::Status;
    enum class Run : std::uint8_t { now, later }; // the witness

    // nullopt: separated.
    std::optional<Crossing> ask(const Mintable& tokens, const accept::Path& path, std::size_t service,
                                Run run = Run::now) {
        Check answer = check(estate_, tokens, path, trust_edges(estate_, tokens.holder, service));
        if (answer.declared) declared_.push_back({.service = service, .source = tokens.holder});
        if (answer.separated()) return std::nullopt;
        Crossing found;
        found.attacker = tokens.attacker;
        found.source = tokens.holder;
        found.service = service;
        found.path = &path;
        found.route = tokens.route;
        found.check = std::move(answer);
        if (!found.check.doubts.empty()) {
            doubt(found, found.check.doubts.front().why);
        } else {
            expect(found);
            if (run == Run::now) settle(found);
        }
        return found;
    }

    static void doubt(Crossing& crossing, std::string why) {
        crossing.status = Status::unknown;
        crossing.why = std::move(why);
    }

    // What the model says, unless the engine refuses the witness.
    static void expect(Crossing& crossing) {
        crossing.status = Status::candidate;
        if (!crossing.path->exact())
            crossing.why = "left out of the model: " + join(crossing.path->dropped, "; ");
        else if (!crossing.check.assumed.empty())
            crossing.why = "taken for granted: " + join(crossing.check.assumed, "; ");
        else
            crossing.status = Status::confirmed;
    }

    void settle(Crossing& crossing) {
        auto witness = witness_of(*crossing.path, crossing.check.token);
        if (!witness)
            doubt(crossing, describe(witness.error()));
        else if (!witness->accepted)
            doubt(crossing, "the engine did not take the witness: " + text_of(witness->findings));
        else
            crossing.witness = std::move(*witness);
    }

    // Sources that share a key often come down to one token, which is run once.
    Result<Witness> witness_of(const accept::Path& path, const TokenShape& token) {
        if (std::exchange(run_path_, &path) != &path) run_.clear();
        for (const auto& [shape, witness] : run_) {
            if (shape == token) return witness;
        }
        run_.emplace_back(token, make_witness(estate_, path, token, ephemeral_));
        return run_.back().second;
    }

    void judge(std::size_t service, const accept::Path& path) {
        const std::size_t home = estate_.services[service].domain;
        const Mintable nobody = mintable(estate_.domain(home), home, Attacker::outsider);
        if (auto found = ask(nobody, path, service)) {
            const bool certain = found->status == Status::confirmed;
            found->source = example_of(everybody_, home);
            found_.add(std::move(*found), everybody_);
            if (certain) return; // what anybody can do, every other can
        }
        if (judge_outsiders(service, path, home)) return;
        held_.clear();
        for (const std::size_t number : index_.candidates(path)) {
            const Tokens& tokens = tokens_[number];
            if (tokens.holder != home) ask_in_order(service, path, tokens);
        }
        judge_entered(service, path, home);
        judge_thieves(service, path, home);
        judge_hosts(service, path, home);
    }

    std::optional<Crossing> ask_entered(const Entered& each, const accept::Path& path, std::size_t service) {
        auto found = ask(each.tokens, path, service);
        const std::size_t edge = each.tokens.route.front();
        if (found && found->status == Status::confirmed && !each.certain)
            doubt(*found, "whether it gets into the exchange of " + estate_.policy->exchange[edge].from +
                              " in that name is not sure");
        return found;
    }

    // What everybody gets by exchanges. Does such a token cross for certain?
    bool judge_outsiders(std::size_t service, const accept::Path& path, std::size_t home) {
        if (!entered_.complete) {
            Crossing unknown;
            unknown.attacker = Attacker::outsider;
            unknown.source = example_of(everybody_, home);
            unknown.service = service;
            unknown.path = &path;
            doubt(unknown, "there are too many ways into exchanges");
            found_.add(std::move(unknown), everybody_);
        }
        for (const Entered& each : entered_.by_anybody) {
            auto found = ask_entered(each, path, service);
            if (!found) continue;
            const bool certain = found->status == Status::confirmed;
            if (found->source == home) found->source = example_of(everybody_, home);
            found_.add(std::move(*found), everybody_);
            if (certain) return true;
        }
        return false;
    }

    void judge_entered(std::size_t service, const accept::Path& path, std::size_t home) {
        for (const Entered& each : entered_.by_domains) {
            const std::size_t holder = each.tokens.holder;
            if (holder == home) continue;
            const auto known = held_.find(holder);
            if (known != held_.end() && known->second <= each.tokens.attacker) continue;
            auto found = ask_entered(each, path, service);
            if (!found) continue;
            if (found->status == Status::confirmed) held_[holder] = each.tokens.attacker;
            found_.add(std::move(*found));
        }
    }

    // The weakest for certain, and before it the weakest of whom it is not known.
    void ask_in_order(std::size_t service, const accept::Path& path, const Tokens& tokens) {
        bool doubted = false;
        for (const Mintable* each : {&tokens.replay, &tokens.insider}) {
            auto found = ask(*each, path, service);
            if (!found) continue;
            const bool certain = found->status == Status::confirmed;
            if (certain) held_[tokens.holder] = found->attacker;
            if (certain || !doubted) found_.add(std::move(*found));
            if (certain) return;
            doubted = true;
        }
    }

    void judge_thieves(std::size_t service, const accept::Path& path, std::size_t home) {
        if (path.signing.source == accept::KeySource::none) return; // an outsider's matter
        const KeyHolders::Classes& holding = holders_.classes(estate_.path_keys.at(&path).readings());
        for (const Domains& alike : holding.alike) ask_class(service, path, home, alike, Attacker::stolen_key);
        const bool unresolved = path.signing.source == accept::KeySource::unresolved;
        ask_class(service, path, home, *rest(unresolved ? everybody_ : holders_.unresolved(), holding),
                  Attacker::stolen_key);
    }

    // What is known of those that hold a key says nothing of the others.
    const Domains* rest(const Domains& of, const KeyHolders::Classes& holding) {
        if (holding.all.empty()) return &of;
        const auto [known, fresh] = rests_.try_emplace({&of, &holding}, nullptr);
        if (fresh) known->second = without(of, holding.all);
        return known->second;
    }

    // Whoever controls() finds, by the ways in which it does.
    void judge_hosts(std::size_t service, const accept::Path& path, std::size_t home) {
        for (const accept::KeyOrigin& origin : path.signing.origins) {
            const Domains* hosts = hosts_of(origin);
            const auto owner = by_name_.find(origin.owner);
            if (owner != by_name_.end() && !std::binary_search(hosts->begin(), hosts->end(), owner->second)) {
                Domains both = *hosts;
                both.push_back(owner->second);
                sort_once(both);
                hosts = intern(std::move(both));
            }
            ask_class(service, path, home, *hosts, Attacker::hostile_issuer);
        }
    }

    const Domains* hosts_of(const accept::KeyOrigin& origin) {
        const auto [it, fresh] = hosts_.try_emplace({origin.location, origin.metadata_issuer.value_or("")}, nullptr);
        if (!fresh) return it->second;
        Domains hosts;
        const auto add = [&](const auto& index, const std::string& name) {
            if (const auto found = index.find(name); found != index.end())
                hosts.insert(hosts.end(), found->second.begin(), found->second.end());
        };
        add(by_location_, plain_place(origin.location));
        for (const std::string& issuer : issuers_of(origin)) add(by_issuer_, issuer);
        sort_once(hosts);
        return it->second = intern(std::move(hosts));
    }

    // Few are each asked. Of many that the path cannot tell apart for this attacker, one speaks for all, but for those
    // with trust edges. `holders` stays where it is; the path's own domain may be among them, and is no source.
    void ask_class(std::size_t service, const accept::Path& path, std::size_t home, const Domains& holders,
                   Attacker attacker) {
        const bool many = holders.size() > kAskedEach;
        const Domains apart = many ? with_edges(home, holders) : holders;
        for (const std::size_t holder : apart) {
            if (holder == home) continue;
            if (auto found = ask(mintable(estate_.domain(holder), holder, attacker), path, service))
                found_.add(std::move(*found));
        }
        if (!many) return;
        const Domains* const alike = apart.empty() ? &holders : without(holders, apart);
        const std::size_t one = alike->empty() ? home : example_of(*alike, home);
        if (one == home) return;
        const Run run = alike->size() > kAskedEach ? Run::later : Run::now;
        if (auto found = ask(mintable(estate_.domain(one), one, attacker), path, service, run))
            found_.add(std::move(*found), *alike);
    }

    // Those of the domains from which a trust edge leads to that one.
    Domains with_edges(std::size_t target, const Domains& domains) const {
        Domains out;
        for (const auto& [source, edges] : estate_.trust[target]) {
            if (std::binary_search(domains.begin(), domains.end(), source)) out.push_back(source);
        }
        return out;
    }

    const Domains* without(const Domains& all, const Domains& some) {
        Domains rest;
        std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::back_inserter(rest));
        return intern(std::move(rest));
    }

    const Domains* intern(Domains set) { return &*interned_.insert(std::move(set)).first; }

    Findings conclude() {
        Findings out;
        out.crossings = found_.take([&](Crossing& crossing) { settle(crossing); });
        std::stable_sort(out.crossings.begin(), out.crossings.end(), [](const Crossing& a, const Crossing& b) {
            return std::tie(a.status, a.attacker, a.service, a.source, a.path) < // the paths are of one service
                   std::tie(b.status, b.attacker, b.service, b.source, b.path);
        });
        for (std::size_t s = 0; s < estate_.services.size(); ++s) {
            if (refuses_own(estate_, estate_.services[s])) out.broken.push_back(s);
        }
        sort_once(declared_);
        out.declared = std::move(declared_);
        return out;
    }

    const Estate& estate_;
    EphemeralKeys& ephemeral_;
    std::vector<Tokens> tokens_;
    const EnteredExchanges& entered_;
    std::map<std::size_t, Attacker> held_; // of the path that is asked: domains that get in, by whom
    SourceIndex index_;
    KeyHolders holders_;
    Domains everybody_;
    std::unordered_map<std::string, std::size_t> by_name_;
    std::unordered_map<std::string, Domains> by_location_, by_issuer_;
    std::set<Domains> interned_;
    std::map<std::pair<std::string, std::string>, const Domains*> hosts_; // of places of keys, and whose metadata
    CrossingClasses found_;
    std::map<std::pair<const Domains*, const KeyHolders::Classes*>, const Domains*> rests_;
    const accept::Path* run_path_ = nullptr;
    std::vector<std::pair<TokenShape, Result<Witness>>> run_; // of that path
    std::vector<DeclaredTrust> declared_;
};

} // namespace

bool Crossing::has(std::size_t source_domain, std::size_t service_index) const {
    return std::binary_search(services.begin(), services.end(), service_index) &&
           std::binary_search(sources.begin(), sources.end(), source_domain);
}

void Cell::let_in(Crossing::Status status, Attacker attacker) {
    std::optional<Attacker>& weakest = status == Crossing::Status::confirmed ? leak : unknown;
    if (!weakest || attacker < *weakest) weakest = attacker;
}

Cell Findings::cell(const Estate& estate, std::size_t source, std::size_t service) const {
    Cell out;
    const Service& target = estate.services[service];
    if (target.domain == source) return out;
    if (!is_decidable(target)) out.unknown = Attacker::outsider;
    for (const Crossing& crossing : crossings) {
        if (!crossing.has(source, service)) continue;
        out.let_in(crossing.status, crossing.attacker);
    }
    out.declared = std::any_of(declared.begin(), declared.end(), [&](const DeclaredTrust& trust) {
        return trust.source == source && trust.service == service;
    });
    return out;
}

Findings prove(const Estate& estate, EphemeralKeys& keys) { return Prover(estate, keys).run(); }

} // namespace jwtdomain::audit
