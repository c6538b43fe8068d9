#include <algorithm>
#include <set>

#include "jwtdomain/audit/rules/index.h"
#include "jwtdomain/audit/rules/table.h"

namespace jwtdomain::audit::rules {
namespace {

void report(const RuleInput& input, std::size_t domain, const Location& where, std::string subject, std::string message,
            std::vector<RuleFinding>& out) {
    RuleFinding finding{.rule = "LIF-04", .domains = {domain}, .where = where};
    finding.subject = std::move(subject);
    finding.message = std::move(message);
    finding.severity = weigh(input, {domain}, {}, Severity::high, finding.attacker);
    out.push_back(std::move(finding));
}

// What an issuer of ours can be asked for. A foreign one is as it is, and the prover goes by what is said of it.
void look_at_profiles(const RuleInput& input, const Index& index, std::vector<RuleFinding>& out) {
    const Estate& estate = input.estate;
    std::set<std::pair<std::string_view, std::string_view>> edges; // from, audience
    for (const policy::TrustEdge& edge : estate.policy->trust) edges.emplace(edge.from, edge.audience);
    for (std::size_t d = 0; d < estate.policy->domains.size(); ++d) {
        const policy::Domain& domain = estate.domain(d);
        if (!domain.issue.declared || domain.foreign) continue;
        const policy::Allowed& audiences = domain.issue.audiences;
        if (audiences.kind == policy::Allowed::Kind::any && estate.policy->domains.size() > 1) {
            report(input, d, domain.where, "any", "clients of " + domain.name + " can ask for every audience", out);
            continue;
        }
        Domains others;
        for (const std::string& audience : audiences.values) {
            const auto found = index.audiences.find(audience);
            if (found == index.audiences.end() || edges.count({domain.name, audience}) > 0) continue;
            if (std::binary_search(found->second.begin(), found->second.end(), d)) continue; // AUD-03
            for (const std::size_t other : found->second) insert(others, other);
        }
        if (others.empty()) continue;
        report(input, d, domain.where, "audiences",
               "clients of " + domain.name + " can ask for audiences of " + listed(estate, others) +
                   ", which no trust edge declares",
               out);
    }
}

// A chain of exchanges leads where no edge of its own does.
void look_at_exchanges(const RuleInput& input, const Index& index, std::vector<RuleFinding>& out) {
    struct Ends {
        Domains from, to;
        Location where;
    };
    std::map<std::size_t, Ends> middles;
    std::set<std::pair<std::size_t, std::size_t>> direct;
    for (const policy::ExchangeEdge& edge : input.estate.policy->exchange) {
        const auto from = index.names.find(edge.from), to = index.names.find(edge.to);
        if (from == index.names.end() || to == index.names.end()) continue;
        direct.emplace(from->second, to->second);
        insert(middles[to->second].from, from->second);
        insert(middles[from->second].to, to->second);
        middles[from->second].where = edge.where;
    }
    for (const auto& [middle, ends] : middles) {
        // The first way that nobody declared is enough to say so; a hub with n spokes has n^2 of them.
        const auto undeclared = [&, &from_ends = ends.from,
                                 &to_ends = ends.to]() -> std::optional<std::pair<std::size_t, std::size_t>> {
            for (const std::size_t from : from_ends) {
                for (const std::size_t to : to_ends) {
                    if (from != to && direct.count({from, to}) == 0) return std::pair{from, to};
                }
            }
            return std::nullopt;
        }();
        if (!undeclared) continue;
        const Estate& estate = input.estate;
        report(input, middle, ends.where, "exchange",
               "tokens of " + estate.name(undeclared->first) + " become those of " + estate.name(undeclared->second) +
                   " by two exchanges, over " + estate.name(middle) + ", and no edge declares that",
               out);
    }
}

} // namespace

void lif_04(const RuleInput& input, std::vector<RuleFinding>& out) {
    const Index index(input.estate);
    look_at_profiles(input, index, out);
    look_at_exchanges(input, index, out);
}

} // namespace jwtdomain::audit::rules
