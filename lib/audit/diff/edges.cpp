// Trust, exchanges and revocations: what the policy says of domains together.
#include "jwtdomain/audit/diff/parts.h"
#include "jwtdomain/base/join.h"

namespace jwtdomain::audit::detail {
namespace {

using policy::ExchangeEdge;
using policy::Policy;
using policy::TrustEdge;

template <class Edge> std::string arrow(const Edge& edge) { return edge.from + " -> " + edge.to; }

// Edges between the same two domains, by these.
template <class Edge> std::map<std::string, std::pair<std::vector<const Edge*>, std::vector<const Edge*>>>
by_domains(const std::vector<Edge>& before, const std::vector<Edge>& after) {
    std::map<std::string, std::pair<std::vector<const Edge*>, std::vector<const Edge*>>> out;
    for (const Edge& edge : before) out[arrow(edge)].first.push_back(&edge);
    for (const Edge& edge : after) out[arrow(edge)].second.push_back(&edge);
    return out;
}

std::string text_of(const TrustEdge& edge) {
    return edge.audience + (edge.scopes.empty() ? ", no scopes" : ", scopes " + join(edge.scopes, ", ")) + ", until " +
           format_time(edge.expires);
}

void diff_trust_edge(const Recorder& to, const TrustEdge& before, const TrustEdge& after) {
    to.set("scopes", before.scopes, after.scopes);
    to.text("end", format_time(before.expires), format_time(after.expires),
            after.expires > before.expires ? Direction::weaker : Direction::stronger);
    to.text("owner", before.owner, after.owner, Direction::neutral);
    to.text("reason", before.reason, after.reason, Direction::neutral);
}

void diff_trust(Changes& out, const Policy& before, const Policy& after) {
    for (const auto& [name, edges] : by_domains(before.trust, after.trust)) {
        const auto& [old_ones, new_ones] = edges;
        const Recorder to(out, Change::Kind::trust, name);
        const Pairing pairing = pair_up(
            old_ones, new_ones,
            [](const TrustEdge& a, const TrustEdge& b) {
                return a.audience == b.audience && a.scopes == b.scopes && a.expires == b.expires;
            },
            [](const TrustEdge& a, const TrustEdge& b) { return a.audience == b.audience; });
        for (const auto& [b, a] : pairing.both)
            diff_trust_edge(to.of(Change::Kind::trust, "trust for " + old_ones[b]->audience), *old_ones[b],
                            *new_ones[a]);
        for (const std::size_t a : pairing.come) to.came("trust edge", text_of(*new_ones[a]), Direction::weaker);
        for (const std::size_t b : pairing.gone) to.went("trust edge", text_of(*old_ones[b]), Direction::stronger);
    }
}

accept::Strings audience_of(const ExchangeEdge& edge) {
    return edge.audience.empty() ? anything() : exactly({edge.audience});
}
accept::Strings scopes_of(const ExchangeEdge& edge) { return edge.scopes.empty() ? anything() : exactly(edge.scopes); }

std::string text_of(const ExchangeEdge& edge) {
    return edge.kind + (edge.audience.empty() ? ", any audience" : ", " + edge.audience) +
           (edge.scopes.empty() ? "" : ", scopes " + join(edge.scopes, ", "));
}

void diff_exchange_edge(const Recorder& to, const ExchangeEdge& before, const ExchangeEdge& after) {
    to.language("audience", audience_of(before), audience_of(after));
    to.language("scopes", scopes_of(before), scopes_of(after));
    to.text("owner", before.owner, after.owner, Direction::neutral);
    to.text("reason", before.reason, after.reason, Direction::neutral);
}

void diff_exchanges(Changes& out, const Policy& before, const Policy& after) {
    for (const auto& [name, edges] : by_domains(before.exchange, after.exchange)) {
        const auto& [old_ones, new_ones] = edges;
        const Recorder to(out, Change::Kind::exchange, name);
        const auto same_kind = [](const ExchangeEdge& a, const ExchangeEdge& b) { return a.kind == b.kind; };
        const Pairing pairing = pair_up(
            old_ones, new_ones,
            [&](const ExchangeEdge& a, const ExchangeEdge& b) {
                return same_kind(a, b) && a.audience == b.audience && a.scopes == b.scopes;
            },
            [&](const ExchangeEdge& a, const ExchangeEdge& b) { return same_kind(a, b) && a.audience == b.audience; },
            same_kind);
        for (const auto& [b, a] : pairing.both)
            diff_exchange_edge(to.of(Change::Kind::exchange, "exchange by " + old_ones[b]->kind), *old_ones[b],
                               *new_ones[a]);
        for (const std::size_t a : pairing.come) to.came("exchange edge", text_of(*new_ones[a]), Direction::weaker);
        for (const std::size_t b : pairing.gone) to.went("exchange edge", text_of(*old_ones[b]), Direction::stronger);
    }
}

void diff_revocations(const Recorder& to, const Policy& before, const Policy& after) {
    const bool old_list = !before.revocations.empty(), new_list = !after.revocations.empty();
    to.flag("revocation list", old_list, new_list, Direction::stronger);
    if (!old_list || !new_list) return;
    to.text("revocation list", before.revocations, after.revocations);
    if (before.revocation_keys.empty() != after.revocation_keys.empty())
        to.text("keys that sign revocations", join(before.revocation_keys, ", "), join(after.revocation_keys, ", "));
    else
        to.set("keys that sign revocations", before.revocation_keys, after.revocation_keys, Direction::different);
}

} // namespace

void diff_edges(Changes& out, const Policy& before, const Policy& after) {
    diff_trust(out, before, after);
    diff_exchanges(out, before, after);
    diff_revocations(Recorder(out, Change::Kind::revocation, "policy"), before, after);
}

} // namespace jwtdomain::audit::detail
