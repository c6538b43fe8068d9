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
    struct Found {
        Status status = Status::unknown;
        Attacker attacker = Attacker::outsider;
        std::string why = {};
        Check check = {};
        Route route = {};
        std::optional<Witness> witness = {};
    };

    std::span<const policy::TrustEdge* const> edges(std::size_t source, std::size_t service) const {
        const auto found = trust_.find({estate_.name(source), estate_.name(estate_.services[service].domain)});
        if (found == trust_.end()) return {};
        return found->second;
    }

    // nullopt: separated.
    std::optional<Found> ask(const Mintable& tokens, const accept::Path& path, std::size_t service) {
        Check answer = check(estate_, tokens, path, edges(tokens.holder, service));
        if (answer.declared) declared_.push_back({tokens.holder, service});
        if (answer.separated()) return std::nullopt;
        Found found{.status = Status::unknown, .attacker = tokens.attacker, .route = tokens.route};
        if (answer.doubts.empty()) {
            settle(path, answer, found);
        } else {
            found.why = answer.doubts.front().why;
        }
        found.check = std::move(answer);
        return found;
    }

    void settle(const accept::Path& path, const Check& answer, Found& found) {
        auto witness = make_witness(estate_, path, answer.token, ephemeral_);
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

    void judge(std::size_t service, const accept::Path& path) {
        const std::size_t home = estate_.services[service].domain;
        const Mintable nobody = mintable(estate_.domain(home), home, Attacker::outsider);
        if (auto found = ask(nobody, path, service)) {
            record(service, path, everybody_, std::move(*found));
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
            if (certain || !doubted) record(service, path, {tokens.holder}, std::move(*found));
            if (certain) return;
            doubted = true;
        }
    }

    void judge_thieves(std::size_t service, const accept::Path& path, std::size_t home) {
        if (path.signing.source == accept::KeySource::none) return; // an outsider's matter
        std::map<std::vector<std::size_t>, bool> asked;             // sets of holders; the same for several readings
        for (const KeyIdentity& key : estate_.path_keys.at(&path)) {
            for (const auto* ids : {&key.own, &key.others}) {
                for (const std::string& id : *ids) {
                    const auto* holders = index_.holders(id);
                    if (holders && asked.emplace(*holders, true).second) steal(service, path, home, *holders);
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
            std::set<std::size_t> hosts;
            for (const auto* index : {&by_name_, &by_location_}) {
                const auto found = index->find(index == &by_name_ ? origin.owner : origin.location);
                if (found != index->end()) hosts.insert(found->second.begin(), found->second.end());
            }
            for (std::size_t end = 0; end <= origin.location.size(); ++end) { // every issuer that the place lies below
                if (end < origin.location.size() && origin.location[end] != '/') continue;
                const auto found = by_issuer_.find(origin.location.substr(0, end));
                if (found != by_issuer_.end()) hosts.insert(found->second.begin(), found->second.end());
            }
            ask_class(service, path, home, {hosts.begin(), hosts.end()}, Attacker::hostile_issuer);
        }
    }

    // Of many that the path cannot tell apart for this attacker, one speaks for all, but for those with trust edges.
    void ask_class(std::size_t service, const accept::Path& path, std::size_t home,
                   const std::vector<std::size_t>& holders, Attacker attacker) {
        std::vector<std::size_t> alike;
        for (const std::size_t holder : holders) {
            if (holder == home) continue;
            const bool apart = holders.size() <= kAskedEach || !edges(holder, service).empty();
            if (!apart) {
                alike.push_back(holder);
                continue;
            }
            if (auto found = ask(mintable(estate_.domain(holder), holder, attacker), path, service))
                record(service, path, {holder}, std::move(*found));
        }
        if (alike.empty()) return;
        const std::size_t first = alike.front();
        if (auto found = ask(mintable(estate_.domain(first), first, attacker), path, service))
            record(service, path, alike, std::move(*found));
    }

    void record(std::size_t service, const accept::Path& path, const std::vector<std::size_t>& sources, Found found) {
        last_status_ = found.status;
        const Key key{service, &path, found.status, found.attacker, found.why};
        const auto [it, fresh] = found_.try_emplace(key);
        Crossing& crossing = it->second;
        if (fresh) {
            crossing.status = found.status;
            crossing.attacker = found.attacker;
            crossing.services = {service};
            crossing.service = service;
            crossing.why = std::move(found.why);
            crossing.source = example_of(sources, estate_.services[service].domain);
            crossing.path = &path;
            crossing.route = std::move(found.route);
            crossing.check = std::move(found.check);
            crossing.witness = std::move(found.witness);
        }
        crossing.sources.insert(crossing.sources.end(), sources.begin(), sources.end());
    }

    Findings conclude() {
        Findings out;
        using Class = std::tuple<Status, Attacker, std::string, std::vector<std::size_t>>;
        std::map<Class, Crossing> classes;
        for (auto& [key, crossing] : found_) {
            auto& sources = crossing.sources;
            std::sort(sources.begin(), sources.end());
            sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
            Class same{crossing.status, crossing.attacker, crossing.why, sources};
            const std::size_t service = crossing.service;
            const auto [it, fresh] = classes.try_emplace(std::move(same), std::move(crossing));
            auto& services = it->second.services;
            if (!fresh && services.back() != service) services.push_back(service);
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
    std::map<Key, Crossing> found_;
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

Findings prove(const Estate& estate, EphemeralKeys& keys) {
    Findings findings = Prover(estate, keys).run();
    for (const Service& service : estate.services) findings.own.push_back(own_tokens(estate, service, keys));
    return findings;
}

} // namespace jwtdomain::audit
