#include "jwtdomain/audit/prove.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "jwtdomain/audit/source_index.h"

namespace jwtdomain::audit {
namespace {

using detail::SourceIndex;
using detail::Tokens;

// Up to so many sources of one path are each asked and each have their witness run; of more that share a key, one.
constexpr std::size_t kAskedEach = 64;
// Of services that such a class gets into alike, so many have their witness run; the model says the same of the rest.
constexpr std::size_t kRunOfClass = 16;

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

std::string joined(const std::vector<std::string>& texts) {
    std::string out;
    for (const std::string& text : texts) out += (out.empty() ? "" : "; ") + text;
    return out;
}

template <class Value> void sort_once(std::vector<Value>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

// Of an outsider every domain is a source, and its own is no example of what crosses.
std::size_t example_of(const std::vector<std::size_t>& sources, std::size_t home) {
    const auto other = std::find_if(sources.begin(), sources.end(), [&](std::size_t each) { return each != home; });
    return other == sources.end() ? sources.front() : *other;
}

class Prover {
public:
    Prover(const Estate& estate, EphemeralKeys& keys)
        : estate_(estate), ephemeral_(keys), tokens_(all_tokens(*estate.policy)), index_(estate, tokens_) {
        for (const policy::TrustEdge& edge : estate.policy->trust) trust_[{edge.from, edge.to}].push_back(&edge);
        for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
            everybody_.push_back(d);
            by_name_[estate.name(d)].push_back(d);
            std::string issuer = estate.domain(d).issuer;
            if (!issuer.empty() && issuer.back() == '/') issuer.pop_back();
            if (!issuer.empty()) by_issuer_[issuer].push_back(d);
            if (!estate.domain(d).keys.value.empty()) by_location_[estate.domain(d).keys.value].push_back(d);
        }
    }

    Findings run() {
        for (std::size_t s = 0; s < estate_.services.size(); ++s) {
            const Service& service = estate_.services[s];
            if (service.state != Service::State::guarded) continue;
            for (const accept::Path& path : service.entry->paths) judge(s, path);
        }
        return conclude();
    }

private:
    using Status = Crossing::Status;
    enum class When : std::uint8_t { now, later }; // is the witness run
    struct Found {
        Status status = Status::unknown;
        Attacker attacker = Attacker::outsider;
        std::string why = {};
        Check check = {};
        Route route = {};
        std::optional<Witness> witness = {};
        bool later = false; // the status is what is expected of the witness
    };

    static Status expected(const accept::Path& path, const Check& answer) {
        return path.exact() && answer.assumed.empty() ? Status::confirmed : Status::candidate;
    }

    std::span<const policy::TrustEdge* const> edges(std::size_t source, std::size_t service) const {
        const auto found = trust_.find({estate_.name(source), estate_.name(estate_.services[service].domain)});
        if (found == trust_.end()) return {};
        return found->second;
    }

    // nullopt: separated.
    std::optional<Found> ask(const Mintable& tokens, const accept::Path& path, std::size_t service,
                             When when = When::now) {
        Check answer = check(estate_, tokens, path, edges(tokens.holder, service));
        if (answer.declared) declared_.push_back({tokens.holder, service});
        if (answer.separated()) return std::nullopt;
        Found found{.status = Status::unknown, .attacker = tokens.attacker, .route = tokens.route};
        if (answer.doubts.empty()) {
            found.later = when == When::later;
            if (found.later)
                found.status = expected(path, answer);
            else
                settle(path, answer, found);
        } else {
            found.why = answer.doubts.front().why;
        }
        found.check = std::move(answer);
        return found;
    }

    void settle(const accept::Path& path, const Check& answer, Found& found) {
        auto witness = witness_of(path, answer.token);
        if (!witness) {
            found.why = describe(witness.error());
            return;
        }
        if (!witness->accepted) {
            found.why = "the engine did not take the witness: " + text_of(witness->findings);
            return;
        }
        found.status = Status::confirmed;
        if (!path.exact()) {
            found.status = Status::candidate;
            found.why = "left out of the model: " + joined(path.dropped);
        } else if (!answer.assumed.empty()) {
            found.status = Status::candidate;
            found.why = "taken for granted: " + joined(answer.assumed);
        }
        found.witness = std::move(*witness);
    }

    // Sources that share a key often come down to one token, which is run once.
    Result<Witness> witness_of(const accept::Path& path, const TokenShape& token) {
        for (const auto& [shape, witness] : run_) {
            if (shape == token) return witness;
        }
        run_.emplace_back(token, make_witness(estate_, path, token, ephemeral_));
        return run_.back().second;
    }

    void judge(std::size_t service, const accept::Path& path) {
        run_.clear();
        const std::size_t home = estate_.services[service].domain;
        const Mintable nobody = mintable(estate_.domain(home), home, Attacker::outsider);
        if (auto found = ask(nobody, path, service)) {
            record(service, path, everybody_, example_of(everybody_, home), std::move(*found));
            if (last_status_ == Status::confirmed) return; // what anybody can do, every other can
        }
        for (const std::size_t number : index_.candidates(path)) {
            const Tokens& tokens = tokens_[number];
            if (tokens.holder == home) continue;
            ask_in_order(service, path, tokens);
        }
        judge_thieves(service, path, home);
        judge_hosts(service, path, home);
    }

    // The weakest for certain, and before it the weakest of whom it is not known.
    void ask_in_order(std::size_t service, const accept::Path& path, const Tokens& tokens) {
        bool doubted = false;
        for (const Mintable* each : {&tokens.replay, &tokens.insider}) {
            auto found = ask(*each, path, service);
            if (!found) continue;
            const bool certain = found->status == Status::confirmed;
            if (certain || !doubted) record(service, path, tokens.holder, std::move(*found));
            if (certain) return;
            doubted = true;
        }
    }

    void judge_thieves(std::size_t service, const accept::Path& path, std::size_t home) {
        if (path.signing.source == accept::KeySource::none) return; // an outsider's matter
        std::vector<const std::vector<std::size_t>*> asked;         // the same holders for several readings of a key
        for (const KeyIdentity& key : estate_.path_keys.at(&path)) {
            for (const auto* ids : {&key.own, &key.others}) {
                for (const std::string& id : *ids) {
                    const auto* holders = index_.holders(id);
                    const auto same = [&](const auto* other) { return other == holders || *other == *holders; };
                    if (!holders || std::any_of(asked.begin(), asked.end(), same)) continue;
                    asked.push_back(holders);
                    steal(service, path, home, *holders);
                }
            }
        }
        if (path.signing.source == accept::KeySource::unresolved)
            steal(service, path, home, everybody_);
        else if (!index_.unresolved().empty())
            steal(service, path, home, index_.unresolved());
    }

    void steal(std::size_t service, const accept::Path& path, std::size_t home,
               const std::vector<std::size_t>& holders) {
        ask_class(service, path, home, holders, Attacker::stolen_key);
    }

    // Whoever controls() finds, by the three ways in which it does.
    void judge_hosts(std::size_t service, const accept::Path& path, std::size_t home) {
        for (const accept::KeyOrigin& origin : path.signing.origins) {
            const std::vector<std::size_t>* hosts = hosts_of(origin.location);
            if (const auto owners = by_name_.find(origin.owner); owners != by_name_.end()) {
                const auto listed = [&](std::size_t d) { return std::binary_search(hosts->begin(), hosts->end(), d); };
                if (!std::all_of(owners->second.begin(), owners->second.end(), listed)) {
                    std::vector<std::size_t> both = *hosts;
                    both.insert(both.end(), owners->second.begin(), owners->second.end());
                    sort_once(both);
                    hosts = intern(std::move(both));
                }
            }
            ask_class(service, path, home, *hosts, Attacker::hostile_issuer);
        }
    }

    const std::vector<std::size_t>* hosts_of(const std::string& location) {
        const auto [it, fresh] = hosts_.try_emplace(location, nullptr);
        if (!fresh) return it->second;
        std::vector<std::size_t> hosts;
        const auto add = [&](const auto& index, const std::string& name) {
            if (const auto found = index.find(name); found != index.end())
                hosts.insert(hosts.end(), found->second.begin(), found->second.end());
        };
        add(by_location_, location);
        for (std::size_t end = 0; end <= location.size(); ++end) { // every issuer that the place lies below
            if (end == location.size() || location[end] == '/') add(by_issuer_, location.substr(0, end));
        }
        sort_once(hosts);
        return it->second = intern(std::move(hosts));
    }

    // Of many that the path cannot tell apart for this attacker, one speaks for all, but for those with trust edges.
    // `holders` stays where it is; the path's own domain may be among them, and is no source of this service.
    void ask_class(std::size_t service, const accept::Path& path, std::size_t home,
                   const std::vector<std::size_t>& holders, Attacker attacker) {
        const std::vector<std::size_t>* alike = &holders;
        std::vector<std::size_t> rest;
        const bool many = holders.size() > kAskedEach;
        for (const std::size_t holder : many ? with_edges(service, holders) : holders) {
            if (holder == home) continue;
            if (auto found = ask(mintable(estate_.domain(holder), holder, attacker), path, service))
                record(service, path, holder, std::move(*found));
            if (rest.empty()) rest = holders;
            rest.erase(std::find(rest.begin(), rest.end(), holder));
        }
        if (!rest.empty() || !many) alike = intern(std::move(rest));
        const auto other = std::find_if(alike->begin(), alike->end(), [&](std::size_t d) { return d != home; });
        if (other == alike->end()) return;
        const When when = alike->size() > kAskedEach ? When::later : When::now;
        if (auto found = ask(mintable(estate_.domain(*other), *other, attacker), path, service, when))
            record(service, path, *alike, *other, std::move(*found));
    }

    // Those of the domains from which a trust edge leads to the service's.
    std::vector<std::size_t> with_edges(std::size_t service, const std::vector<std::size_t>& domains) const {
        std::vector<std::size_t> out;
        if (trust_.empty()) return out;
        std::copy_if(domains.begin(), domains.end(), std::back_inserter(out),
                     [&](std::size_t domain) { return !edges(domain, service).empty(); });
        return out;
    }

    const std::vector<std::size_t>* intern(std::vector<std::size_t> set) {
        return &*interned_.insert(std::move(set)).first;
    }

    void record(std::size_t service, const accept::Path& path, std::size_t source, Found found) {
        entry(service, path, source, std::move(found)).each.push_back(source);
    }
    void record(std::size_t service, const accept::Path& path, const std::vector<std::size_t>& sources,
                std::size_t example, Found found) {
        entry(service, path, example, std::move(found)).sets.push_back(&sources);
    }

    // Sources of one service, some by their sets, which many services have in common and which may be large.
    struct Entry {
        Crossing crossing;
        std::vector<std::size_t> each;
        std::vector<const std::vector<std::size_t>*> sets;
        bool later = false;
    };

    Entry& entry(std::size_t service, const accept::Path& path, std::size_t example, Found found) {
        last_status_ = found.status;
        const Key key{service, &path, found.status, found.attacker, found.why};
        const auto [it, fresh] = found_.try_emplace(key);
        if (fresh) {
            Crossing& crossing = it->second.crossing;
            crossing.status = found.status;
            crossing.attacker = found.attacker;
            crossing.services = {service};
            crossing.service = service;
            crossing.why = std::move(found.why);
            crossing.source = example;
            crossing.path = &path;
            crossing.route = std::move(found.route);
            crossing.check = std::move(found.check);
            crossing.witness = std::move(found.witness);
            it->second.later = found.later;
        }
        return it->second;
    }

    using Sets = std::vector<const std::vector<std::size_t>*>;
    using Class = std::tuple<Status, Attacker, std::string, std::vector<std::size_t>, Sets>;
    static Class class_of(const Entry& found) {
        const Crossing& crossing = found.crossing;
        return {crossing.status, crossing.attacker, crossing.why, found.each, found.sets};
    }

    void settle_now(Entry& entry) {
        run_.clear();
        Crossing& crossing = entry.crossing;
        Found found{.status = Status::unknown, .attacker = crossing.attacker};
        settle(*crossing.path, crossing.check, found);
        crossing.status = found.status;
        crossing.why = std::move(found.why);
        crossing.witness = std::move(found.witness);
        entry.later = false;
    }

    // Of each class whose witnesses are still to be run, the first few are; if one is not as expected, all are.
    void settle_classes() {
        std::map<Class, std::vector<Entry*>> waiting;
        for (auto& [key, found] : found_) {
            if (found.later) waiting[class_of(found)].push_back(&found);
        }
        for (auto& [same, entries] : waiting) {
            std::size_t most = std::min(entries.size(), kRunOfClass);
            for (std::size_t i = 0; i < most; ++i) {
                settle_now(*entries[i]);
                if (class_of(*entries[i]) == same) continue;
                if (std::get<Status>(same) == Status::confirmed || entries[i]->crossing.status == Status::unknown)
                    most = entries.size();
            }
            const Crossing& first = entries.front()->crossing;
            for (std::size_t i = most; i < entries.size(); ++i) entries[i]->crossing.why = first.why;
        }
    }

    Findings conclude() {
        Findings out;
        for (auto& [key, found] : found_) {
            sort_once(found.each);
            sort_once(found.sets);
        }
        settle_classes();
        std::map<Class, Crossing> classes;
        for (auto& [key, found] : found_) {
            Crossing& crossing = found.crossing;
            Class same = class_of(found);
            const std::size_t service = crossing.service;
            const auto [it, fresh] = classes.try_emplace(std::move(same), std::move(crossing));
            auto& services = it->second.services;
            if (!fresh && services.back() != service) services.push_back(service);
        }
        for (auto& [same, crossing] : classes) {
            crossing.sources = std::get<3>(same);
            for (const auto* set : std::get<4>(same))
                crossing.sources.insert(crossing.sources.end(), set->begin(), set->end());
            sort_once(crossing.sources);
        }
        for (auto& [same, crossing] : classes) out.crossings.push_back(std::move(crossing));
        std::stable_sort(out.crossings.begin(), out.crossings.end(), [](const Crossing& a, const Crossing& b) {
            return std::tie(a.status, a.attacker, a.service, a.source) <
                   std::tie(b.status, b.attacker, b.service, b.source);
        });
        std::sort(declared_.begin(), declared_.end(), [](const DeclaredTrust& a, const DeclaredTrust& b) {
            return std::tie(a.service, a.source) < std::tie(b.service, b.source);
        });
        declared_.erase(std::unique(declared_.begin(), declared_.end(),
                                    [](const DeclaredTrust& a, const DeclaredTrust& b) {
                                        return a.service == b.service && a.source == b.source;
                                    }),
                        declared_.end());
        out.declared = std::move(declared_);
        return out;
    }

    const Estate& estate_;
    EphemeralKeys& ephemeral_;
    std::vector<Tokens> tokens_;
    SourceIndex index_;
    std::map<std::pair<std::string, std::string>, std::vector<const policy::TrustEdge*>> trust_;
    std::vector<std::size_t> everybody_;
    std::unordered_map<std::string, std::vector<std::size_t>> by_name_, by_location_, by_issuer_;
    using Key = std::tuple<std::size_t, const accept::Path*, Status, Attacker, std::string>;
    std::map<Key, Entry> found_;
    std::set<std::vector<std::size_t>> interned_;
    std::unordered_map<std::string, const std::vector<std::size_t>*> hosts_; // of places of keys
    std::vector<std::pair<TokenShape, Result<Witness>>> run_;                // of the path that is judged
    std::vector<DeclaredTrust> declared_;
    Status last_status_ = Status::unknown;
};

} // namespace

bool Crossing::has(std::size_t source_domain, std::size_t service_index) const {
    return std::binary_search(services.begin(), services.end(), service_index) &&
           std::binary_search(sources.begin(), sources.end(), source_domain);
}

Cell Findings::cell(const Estate& estate, std::size_t source, std::size_t service) const {
    Cell out;
    const Service& target = estate.services[service];
    if (target.domain == source) return out;
    if (target.state == Service::State::opaque || target.state == Service::State::unguarded)
        out.unknown = Attacker::outsider;
    for (const Crossing& crossing : crossings) {
        if (!crossing.has(source, service)) continue;
        std::optional<Attacker>& weakest = crossing.status == Crossing::Status::confirmed ? out.leak : out.unknown;
        if (!weakest || crossing.attacker < *weakest) weakest = crossing.attacker;
    }
    out.declared = std::any_of(declared.begin(), declared.end(), [&](const DeclaredTrust& trust) {
        return trust.source == source && trust.service == service;
    });
    return out;
}

Findings prove(const Estate& estate, EphemeralKeys& keys) { return Prover(estate, keys).run(); }

} // namespace jwtdomain::audit
